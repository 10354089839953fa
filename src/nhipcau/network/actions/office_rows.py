"""Writing the rows of offices and their dated links; asks no rights and leaves no audit record: the actions do.

Everything here runs inside an action's transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import Q

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
from nhipcau.network.spelling import folded

BATCH = 400


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


def first_links(
    office: Office, *, parent: Office | None, areas: Iterable[Office], from_on: datetime.date
) -> Iterator[OfficeLink]:
    """The links, not yet written, of an office that has none."""
    if parent:
        yield OfficeLink(office=office, parent=parent, kind=LinkKind.PARENT, from_on=from_on)
    for area in areas:
        yield OfficeLink(office=office, parent=area, kind=LinkKind.AREA, from_on=from_on)


def put_routes(office: Office, routes: Sequence[RouteFields]) -> None:
    """Let an office be reached by these ways, in this order, and no others."""
    ContactRoute.objects.filter(office=office).delete()
    ContactRoute.objects.bulk_create(
        ContactRoute(office=office, kind=route.kind, value=route.value, order=number)
        for number, route in enumerate(routes)
    )


def check_there(office: Office, *, on: datetime.date) -> None:
    """Refuse an office that is not there on that day; it is read anew: another change may have come before the lock."""
    if office.pk is not None:
        office.refresh_from_db(fields=["opened_on", "closed_on"])
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
    put_links({(office.pk, LinkKind.PARENT): [parent.pk] if parent else []}, on=on)


def put_areas(office: Office, areas: Collection[Office], *, on: datetime.date) -> None:
    """From that day on, let an office be coordinated by these areas and no others."""
    put_links({(office.pk, LinkKind.AREA): [area.pk for area in areas]}, on=on)


def end_links(office: Office, *, on: datetime.date) -> None:
    """Let all that an office answers to end on that day."""
    put_links({(office.pk, kind): [] for kind in LinkKind.values}, on=on)


def put_links(wanted: Mapping[tuple[int, str], Collection[int]], *, on: datetime.date) -> None:
    """From that day on, let each (office, kind) be linked to these offices and no others.

    Links that hold end on that day; one that began on it never held and goes; none may begin after it.
    """
    kept: set[tuple[int, str, int]] = set()
    ended: list[int] = []
    dropped: list[int] = []
    for numbers in _batches(sorted({office for office, _ in wanted})):
        links = OfficeLink.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), office__in=numbers)
        for link in links.select_related("office"):
            key = (link.office_id, link.kind)
            if key not in wanted:
                continue
            if link.from_on > on:
                raise DayRefused(office=link.office.code, on=on.isoformat(), since=link.from_on.isoformat())
            if link.parent_id in wanted[key] and link.until_on is None:
                kept.add((*key, link.parent_id))
            else:
                (dropped if link.from_on == on else ended).append(link.pk)
    for numbers in _batches(dropped):
        OfficeLink.objects.filter(pk__in=numbers).delete()
    for numbers in _batches(ended):
        OfficeLink.objects.filter(pk__in=numbers).update(until_on=on)
    OfficeLink.objects.bulk_create(
        (
            OfficeLink(office_id=office, parent_id=parent, kind=kind, from_on=on)
            for (office, kind), parents in wanted.items()
            for parent in sorted(set(parents))
            if (office, kind, parent) not in kept
        ),
        batch_size=BATCH,
    )


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
