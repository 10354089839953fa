"""What the screens of offices show: lists, one office with its past, groups, the map. Rows come through `access`.

The tree of a day is in `queries/office_tree.py`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Window

from nhipcau.network.models.offices import LinkKind, Office, OfficeKind, OfficeLink, OfficeSuccession
from nhipcau.network.officefields import OfficeFields, RouteFields
from nhipcau.network.queries.calendars import hours_of_hub
from nhipcau.network.queries.office_tree import RANK, holding, kind_words, names_on, standing
from nhipcau.network.spelling import folded
from nhipcau.network.week import week_of
from nhipcau.network.worktime import OFFICE_HOURS, Week

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """An office in a list of a day."""

    office: Office
    name: str
    parent: str
    areas: tuple[str, ...]
    routes: tuple[RouteFields, ...]

    @property
    def kind(self) -> str:
        """The kind of the office in words."""
        word = kind_words().get(self.office.kind, self.office.kind)
        return word[:1].upper() + word[1:]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list of offices, and how many offices all pages have."""

    offices: Sequence[Office]
    number: int
    found: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.found // A_PAGE))


@dataclass(frozen=True, slots=True)
class Past:
    """The links and successions of one office, the latest first."""

    links: list[OfficeLink]
    became: list[OfficeSuccession]
    came_from: list[OfficeSuccession]


def fields_of(office: Office) -> OfficeFields:
    """What is stated of an office now, with its routes (one query where they are not prefetched)."""
    return OfficeFields(
        code=office.code,
        name=office.name,
        kind=office.kind,
        name_en=office.name_en,
        place_code=office.place_code,
        latitude=office.latitude,
        longitude=office.longitude,
        languages=tuple(office.languages),
        working_hours=week_of(office.working_hours) if office.working_hours else None,
        opened_on=office.opened_on,
        routes=tuple(RouteFields(route.kind, route.value) for route in office.routes.all()),
    )


def search(
    offices: QuerySet[Office], *, on: datetime.date, words: str = "", kind: str = "", area: str = ""
) -> QuerySet[Office]:
    """Offices that are there on that day and fit, the hub first, then areas; signs and capitals do not matter."""
    found = standing(offices, on=on)
    for word in folded(words).split():
        found = found.filter(search_text__contains=word)
    if kind:
        found = found.filter(kind=kind)
    if area:
        links = holding(OfficeLink.objects.filter(kind=LinkKind.AREA, parent__code=area), on=on)
        found = found.filter(pk__in=links.values("office"))
    return found.order_by(RANK, "code")


def page_of(offices: QuerySet[Office], *, number: int) -> Page:
    """A page of a list with the number of all; one query."""
    start = (number - 1) * A_PAGE
    rows = list(offices.annotate(found=Window(Count("*")))[start : start + A_PAGE])
    return Page(rows, number, rows[0].found if rows else 0)


def listed(offices: Collection[Office], *, on: datetime.date) -> list[Listed]:
    """The rows of a list: each office with the name, parent and areas of that day; two queries, three for a day that
    has passed, and one for the routes where they are not prefetched.
    """
    names = names_on(offices, on=on)
    parents: dict[int, str] = {}
    areas: dict[int, list[str]] = defaultdict(list)
    links = holding(OfficeLink.objects.filter(office__in=[office.pk for office in offices]), on=on)
    for link in links.select_related("parent").order_by("parent__code"):
        if link.kind == LinkKind.PARENT:
            parents[link.office_id] = link.parent.shown_name
        else:
            areas[link.office_id].append(link.parent.shown_name)
    return [
        Listed(
            office,
            names[office.pk],
            parents.get(office.pk, ""),
            tuple(areas[office.pk]),
            tuple(RouteFields(route.kind, route.value) for route in office.routes.all()),
        )
        for office in offices
    ]


def past_of(office: Office) -> Past:
    """What the office answered to and what became of it; two queries."""
    links = OfficeLink.objects.filter(office=office).select_related("parent").order_by("-from_on", "kind", "pk")
    successions = OfficeSuccession.objects.filter(Q(before=office) | Q(after=office))
    known = list(successions.select_related("before", "after").order_by("-on_date", "pk"))
    became = [one for one in known if one.before_id == office.pk]
    return Past(list(links), became, [one for one in known if one.before_id != office.pk])


def week_of_office(office: Office, past: Past, *, on: datetime.date) -> Week:
    """The hours of an office whose links are read already: its own, else its parent's, else the hub's."""
    parents = [
        link.parent
        for link in past.links
        if link.kind == LinkKind.PARENT and link.from_on <= on and (link.until_on is None or on < link.until_on)
    ]
    for one in (office, *parents):
        if one.working_hours:
            return week_of(one.working_hours)
    is_hub_asked = any(one.kind == OfficeKind.HUB for one in (office, *parents))
    hours = None if is_hub_asked else hours_of_hub()
    return week_of(hours) if hours else OFFICE_HOURS


def below(office: Office, *, on: datetime.date) -> QuerySet[Office]:
    """Those that answer to the office or that it coordinates, on that day."""
    links = holding(OfficeLink.objects.filter(parent=office), on=on)
    return standing(Office.objects.filter(pk__in=links.values("office")), on=on).order_by("kind", "code")


def open_links(office: Office, *, kind: str, on: datetime.date) -> QuerySet[OfficeLink]:
    """The links of one kind that hold on that day."""
    return holding(OfficeLink.objects.filter(Q(office=office), kind=kind), on=on).select_related("parent")
