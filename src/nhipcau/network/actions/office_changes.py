"""What becomes of an office on a day: another parent, other areas, another name, a merger, a split, an end.

Stating what an office is stands in `actions/offices.py`. Administrators of the hub may do all of this, others nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from nhipcau.network.access.offices import keeps_network
from nhipcau.network.actions import office_rows as rows
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import (
    DayRefused,
    NotOfficeKeeper,
    OfficeClosed,
    OfficesBelow,
    SuccessorRefused,
)
from nhipcau.network.actions.offices import check_fields
from nhipcau.network.models.offices import (
    LinkKind,
    Office,
    OfficeKind,
    OfficeLink,
    OfficeSuccession,
    SuccessionKind,
)
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.queries.office_tree import holding
from nhipcau.network.queries.offices import fields_of


def move_office(*, by: Person, office: Office, parent: Office, on: datetime.date) -> None:
    """Let an office answer to another parent from that day."""
    _demand_keeper(by)
    with transaction.atomic():
        rows.lock_network()
        rows.check_there(office, on=on)
        rows.check_parent(office, parent, on=on)
        links = holding(OfficeLink.objects.filter(office=office, kind=LinkKind.PARENT), on=on)
        before = links.values_list("parent__code", flat=True).first() or ""
        if before == parent.code:
            return
        rows.put_parent(office, parent, on=on)
        values = {"code": office.code, "from": before, "to": parent.code, "on": on.isoformat()}
        record(by=by, action="office.moved", of=office, values=values)


def set_areas(*, by: Person, office: Office, areas: Sequence[Office], on: datetime.date) -> None:
    """Let an office be coordinated by these areas from that day."""
    _demand_keeper(by)
    with transaction.atomic():
        rows.lock_network()
        rows.check_there(office, on=on)
        rows.check_areas(office, areas, on=on)
        links = holding(OfficeLink.objects.filter(office=office, kind=LinkKind.AREA), on=on)
        before = sorted(links.values_list("parent__code", flat=True))
        after = sorted(area.code for area in areas)
        if before == after:
            return
        rows.put_areas(office, areas, on=on)
        values = {"code": office.code, "from": before, "to": after, "on": on.isoformat()}
        record(by=by, action="office.areas-set", of=office, values=values)


def rename_office(*, by: Person, office: Office, name: str, name_en: str = "", on: datetime.date) -> Office:
    """Give an office another name from a day that has come; before it, the office is shown by the former one."""
    _demand_keeper(by)
    name, name_en = " ".join(name.split()), " ".join(name_en.split())
    named = replace(fields_of(office), name=name, name_en=name_en)
    check_fields(named)
    today = timezone.localdate()
    if on > today:
        raise DayRefused(office=office.code, on=on.isoformat(), since=today.isoformat())
    with transaction.atomic():
        rows.lock_network()
        rows.check_there(office, on=on)
        office.refresh_from_db()
        if (office.name, office.name_en) == (name, name_en):
            return office
        renamed = OfficeSuccession.objects.filter(before=office, kind=SuccessionKind.RENAMED)
        later = renamed.filter(on_date__gte=on).order_by("-on_date").values_list("on_date", flat=True).first()
        if later is not None:
            raise DayRefused(office=office.code, on=on.isoformat(), since=later.isoformat())
        OfficeSuccession.objects.create(
            before=office,
            after=office,
            kind=SuccessionKind.RENAMED,
            on_date=on,
            former_name=office.name,
            former_name_en=office.name_en,
        )
        Office.objects.filter(pk=office.pk).update(
            name=name,
            name_en=name_en,
            search_text=rows.search_text_of(named, former_of=office),
            version=F("version") + 1,
        )
        values = {"code": office.code, "from": office.name, "to": name, "on": on.isoformat()}
        record(by=by, action="office.renamed", of=office, values=values)
    office.refresh_from_db()
    return office


def merge_offices(*, by: Person, offices: Sequence[Office], into: Office, on: datetime.date) -> None:
    """Close offices on a day and let another take over those below them; people's seats there end on that day."""
    _demand_keeper(by)
    if not offices:
        raise SuccessorRefused(office="", successor=into.code, problem="none-merged")
    with transaction.atomic():
        rows.lock_network()
        for office in offices:
            _close(office, successors=[into], gone={one.pk for one in offices}, on=on)
        values = {"codes": sorted(office.code for office in offices), "into": into.code, "on": on.isoformat()}
        record(by=by, action="office.merged", of=into, values=values)


def close_office(*, by: Person, office: Office, successors: Sequence[Office] = (), on: datetime.date) -> None:
    """Close an office on a day: merged into one successor, split into several, or abolished without one.

    The first successor takes over those below; without a successor none may be.
    """
    _demand_keeper(by)
    with transaction.atomic():
        rows.lock_network()
        _close(office, successors=successors, gone={office.pk}, on=on)
        values = {"code": office.code, "successors": [one.code for one in successors], "on": on.isoformat()}
        record(by=by, action="office.closed", of=office, values=values)


def _demand_keeper(by: Person) -> None:
    if not keeps_network(by):
        raise NotOfficeKeeper(office="")


def _close(office: Office, *, successors: Sequence[Office], gone: set[int], on: datetime.date) -> None:
    if office.kind == OfficeKind.HUB:
        raise SuccessorRefused(office=office.code, successor="", problem="hub-stays")
    for successor in successors:
        if successor.pk in gone:
            raise SuccessorRefused(office=office.code, successor=successor.code, problem="itself")
        rows.check_there(successor, on=on)
    if office.opened_on is not None and on < office.opened_on:
        raise DayRefused(office=office.code, on=on.isoformat(), since=office.opened_on.isoformat())
    closed = Office.objects.filter(pk=office.pk, closed_on__isnull=True).update(closed_on=on, version=F("version") + 1)
    if closed != 1:
        raise OfficeClosed(office=office.code, on=on.isoformat())
    _hand_over_below(office, successors[0] if successors else None, gone=gone, on=on)
    rows.end_links(office, on=on)
    seats = Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), office=office)
    seats.filter(from_on__gt=on).update(until_on=F("from_on"))  # one that would begin later never does
    seats.filter(from_on__lte=on).update(until_on=on)
    heirs: Sequence[Office | None] = successors or [None]
    kinds = {0: SuccessionKind.ABOLISHED, 1: SuccessionKind.MERGED}
    OfficeSuccession.objects.bulk_create(
        OfficeSuccession(before=office, after=after, kind=kinds.get(len(successors), SuccessionKind.SPLIT), on_date=on)
        for after in heirs
    )


def _hand_over_below(office: Office, successor: Office | None, *, gone: set[int], on: datetime.date) -> None:
    """Those below go over to the successor; the ones that close in the same change need nobody."""
    links = OfficeLink.objects.filter(parent=office).filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
    below = [link for link in links.select_related("office") if link.office_id not in gone]
    if not below:
        return
    if successor is None:
        raise OfficesBelow(office=office.code, count=len(below))
    for link in below:
        if link.kind == LinkKind.PARENT:
            rows.check_parent(link.office, successor, on=on)
            rows.put_parent(link.office, successor, on=on)
        else:
            others = OfficeLink.objects.filter(office=link.office, kind=LinkKind.AREA).exclude(parent=office)
            kept = Office.objects.filter(pk__in=holding(others, on=on).values("parent"))
            areas = {*kept, *([successor] if successor.kind == OfficeKind.AREA else [])}
            rows.put_areas(link.office, areas, on=on)
