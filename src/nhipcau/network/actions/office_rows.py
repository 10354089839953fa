"""Writing the rows of offices and their dated links; asks no rights and leaves no audit record: the actions do.

Everything here runs inside an action's transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from nhipcau.network.actions.office_errors import DayRefused, LinkRefused, OfficeClosed
from nhipcau.network.models.offices import (
    ContactRoute,
    LinkKind,
    Office,
    OfficeKind,
    OfficeLink,
    OfficeSuccession,
    SuccessionKind,
)
from nhipcau.network.officefields import OfficeFields, RouteFields, kept_values
from nhipcau.network.queries.office_tree import holding
from nhipcau.network.spelling import folded


def lock_network() -> Office | None:
    """Let one change of the tree follow another, and give the hub; on SQLite a write transaction is alone anyway."""
    return Office.objects.select_for_update().filter(kind=OfficeKind.HUB, closed_on__isnull=True).first()


def columns_of(office: OfficeFields) -> dict[str, object]:
    """The columns of an office that its fields fill; routes have rows of their own."""
    columns = kept_values(office) | {"opened_on": office.opened_on, "search_text": search_text_of(office)}
    del columns["routes"]
    return columns


def search_text_of(office: OfficeFields, *, former_of: Office | None = None) -> str:
    """What a search looks in: code and names, former ones too where an office is given (one query)."""
    former = OfficeSuccession.objects.filter(before=former_of, kind=SuccessionKind.RENAMED) if former_of else []
    names = [succession.former_name for succession in former]
    return folded(office.code, office.name, office.name_en, *names)[:500]


def put_routes(office: Office, routes: Sequence[RouteFields]) -> None:
    """Let an office be reached by these ways, in this order, and no others."""
    ContactRoute.objects.filter(office=office).delete()
    ContactRoute.objects.bulk_create(
        ContactRoute(office=office, kind=route.kind, value=route.value, order=number)
        for number, route in enumerate(routes)
    )


def check_there(office: Office, *, on: datetime.date) -> None:
    """Refuse an office that is not there on that day."""
    if not office.is_open(on):
        raise OfficeClosed(office=office.code, on=on.isoformat())


def check_parent(office: Office, parent: Office | None, *, on: datetime.date) -> None:
    """Refuse what an office cannot answer to: a closed one, itself, one below it; all but the hub need a parent."""
    if office.kind == OfficeKind.HUB:
        if parent is not None:
            raise LinkRefused(office=office.code, parent=parent.code, problem="hub-has-none")
        return
    if parent is None:
        raise LinkRefused(office=office.code, parent="", problem="parent-missing")
    if parent.kind == OfficeKind.POINT and office.kind != OfficeKind.POINT:
        raise LinkRefused(office=office.code, parent=parent.code, problem="point-above")
    check_there(parent, on=on)
    above: int | None = parent.pk
    passed: set[int] = set()
    while above is not None and above not in passed:
        if above == office.pk:
            raise LinkRefused(office=office.code, parent=parent.code, problem="circle")
        passed.add(above)
        links = OfficeLink.objects.filter(office=above, kind=LinkKind.PARENT).filter(
            Q(until_on__isnull=True) | Q(until_on__gt=on)
        )
        above = links.order_by("-from_on").values_list("parent_id", flat=True).first()


def check_areas(office: Office, areas: Collection[Office], *, on: datetime.date) -> None:
    """Refuse areas that are none, or that are not there."""
    for area in areas:
        if area.kind != OfficeKind.AREA:
            raise LinkRefused(office=office.code, parent=area.code, problem="no-area")
        if office.kind in (OfficeKind.AREA, OfficeKind.HUB):
            raise LinkRefused(office=office.code, parent=area.code, problem="not-coordinated")
        check_there(area, on=on)


def put_parent(office: Office, parent: Office | None, *, on: datetime.date) -> None:
    """From that day on, let an office answer to `parent`."""
    current = holding(OfficeLink.objects.filter(office=office, kind=LinkKind.PARENT), on=on).first()
    if current is not None and parent is not None and (current.parent_id, current.until_on) == (parent.pk, None):
        return
    _end(OfficeLink.objects.filter(office=office, kind=LinkKind.PARENT), office=office, on=on)
    if parent is not None:
        OfficeLink.objects.create(office=office, parent=parent, kind=LinkKind.PARENT, from_on=on)


def put_areas(office: Office, areas: Collection[Office], *, on: datetime.date) -> None:
    """From that day on, let an office be coordinated by these areas and no others."""
    wanted = {area.pk for area in areas}
    links = OfficeLink.objects.filter(office=office, kind=LinkKind.AREA)
    kept = set(holding(links, on=on).filter(until_on__isnull=True).values_list("parent_id", flat=True)) & wanted
    _end(links.exclude(parent__in=kept), office=office, on=on)
    OfficeLink.objects.bulk_create(
        OfficeLink(office=office, parent_id=area, kind=LinkKind.AREA, from_on=on) for area in sorted(wanted - kept)
    )


def end_links(office: Office, *, on: datetime.date) -> None:
    """Let all that an office answers to end on that day."""
    _end(OfficeLink.objects.filter(office=office), office=office, on=on)


def _end(links: QuerySet[OfficeLink], *, office: Office, on: datetime.date) -> None:
    """End the links that hold; one that began on the same day never held and goes."""
    later = links.filter(from_on__gt=on).order_by("-from_on").values_list("from_on", flat=True).first()
    if later is not None:
        raise DayRefused(office=office.code, on=on.isoformat(), since=later.isoformat())
    links.filter(from_on=on).delete()
    holding(links, on=on).update(until_on=on)
