"""Bringing a file of offices in: it is looked at first, and written whole after a yes, or not at all."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from nhipcau.network.access.offices import keeps_network
from nhipcau.network.actions import office_rows as rows
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import ImportRefused, NotOfficeKeeper
from nhipcau.network.models.office_imports import ImportState, OfficeImport
from nhipcau.network.models.offices import ContactRoute, LinkKind, Office, OfficeLink
from nhipcau.network.models.people import Person
from nhipcau.network.officefile import FileRefused, read_file
from nhipcau.network.queries.office_plan import Plan, PlannedRow, export_file, plan_of

BATCH = 200


def look_at_file(*, by: Person, content: bytes, file_name: str) -> tuple[OfficeImport, Plan]:
    """Keep a file and tell what it would change; nothing of the network is written. Administrators of the hub may."""
    if not keeps_network(by):
        raise NotOfficeKeeper(office="")
    try:
        plan = plan_of(read_file(content), on=timezone.localdate())
    except FileRefused as error:
        raise ImportRefused(problem=error.code, **error.values) from None
    with transaction.atomic():
        waiting = OfficeImport.objects.create(
            made_by=by,
            made_at=timezone.now(),
            file_name=file_name[:200],
            text=content.decode("utf-8-sig"),
            plan_digest=plan.digest,
        )
        counts = {outcome: plan.count(outcome) for outcome in ("new", "changed", "same", "refused")}
        values = {"file": waiting.file_name, "digest": plan.digest, **counts}
        record(by=by, action="office-import.looked-at", of=waiting, values=values)
    return waiting, plan


def bring_in(*, by: Person, waiting: OfficeImport) -> Plan:
    """Write all that the file was shown to change, in one transaction; a file is brought in once.

    Refused where the offices have changed since, so that the file would do something else than was shown.
    """
    if not keeps_network(by) or waiting.made_by_id != by.pk:
        raise NotOfficeKeeper(office="")
    today = timezone.localdate()
    with transaction.atomic():
        hub = rows.lock_network()
        taken = OfficeImport.objects.filter(pk=waiting.pk, state=ImportState.WAITING)
        if taken.update(state=ImportState.DONE, done_at=timezone.now()) != 1:
            raise ImportRefused(problem="done-already")
        plan = plan_of(read_file(waiting.text.encode()), on=today)
        if plan.digest != waiting.plan_digest:
            raise ImportRefused(problem="changed-since")
        if not plan.is_sound:
            raise ImportRefused(problem="nothing-sound")
        write_plan(plan, on=today, is_sample=bool(hub and hub.is_sample))
        counts = {outcome: plan.count(outcome) for outcome in ("new", "changed")}
        values = {"file": waiting.file_name, "digest": plan.digest, **counts}
        record(by=by, action="office-import.done", of=waiting, values=values)
    waiting.refresh_from_db()
    return plan


def write_plan(plan: Plan, *, on: datetime.date, is_sample: bool) -> None:
    """Write the rows of a sound plan; leaves no record."""
    made = [row for row in plan.rows if row.outcome == "new"]
    changed = [row for row in plan.rows if row.outcome == "changed"]
    Office.objects.bulk_create(
        (Office(**rows.columns_of(row.fields), is_sample=is_sample) for row in made), batch_size=BATCH
    )
    _update(changed)
    offices = Office.objects.in_bulk(field_name="code")
    OfficeLink.objects.bulk_create(_new_links(made, offices, on=on), batch_size=BATCH)
    wanted: dict[tuple[int, str], list[int]] = {}
    for row in changed:
        number = offices[row.fields.code].pk
        if "parent" in row.changes:
            wanted[number, LinkKind.PARENT] = [offices[row.parent].pk]
        if "areas" in row.changes:
            wanted[number, LinkKind.AREA] = [offices[area].pk for area in row.areas]
    rows.put_links(wanted, on=on)
    routed = [row for row in plan.rows if row.outcome in ("new", "changed") and "routes" in row.changes]
    numbers = [offices[row.fields.code].pk for row in routed if row.known is not None]
    for start in range(0, len(numbers), BATCH):
        ContactRoute.objects.filter(office__in=numbers[start : start + BATCH]).delete()
    ContactRoute.objects.bulk_create(
        (
            ContactRoute(office=offices[row.fields.code], kind=route.kind, value=route.value, order=order)
            for row in routed
            for order, route in enumerate(row.fields.routes)
        ),
        batch_size=BATCH,
    )


def export_offices(*, by: Person) -> str:
    """Give the network of today as a file; every export leaves a record. Administrators of the hub may."""
    if not keeps_network(by):
        raise NotOfficeKeeper(office="")
    with transaction.atomic():
        text = export_file(timezone.localdate())
        record(by=by, action="office.exported", of=None, values={"rows": text.count("\r\n") - 1})
    return text


def _update(changed: list[PlannedRow]) -> None:
    """One statement for many rows: insert by code, and update where the code is there, as it is for all of these."""
    columns = [name for name in rows.columns_of(changed[0].fields) if name != "code"] if changed else []
    offices = [
        Office(**rows.columns_of(row.fields), version=row.known.office.version + 1) for row in changed if row.known
    ]
    Office.objects.bulk_create(
        offices, update_conflicts=True, unique_fields=["code"], update_fields=[*columns, "version"], batch_size=BATCH
    )


def _new_links(made: list[PlannedRow], offices: dict[str, Office], *, on: datetime.date) -> list[OfficeLink]:
    links: list[OfficeLink] = []
    for row in made:
        parent = offices[row.parent] if row.parent else None
        since = min(on, row.fields.opened_on or on)
        areas = [offices[area] for area in row.areas]
        links += rows.first_links(offices[row.fields.code], parent=parent, areas=areas, from_on=since)
    return links
