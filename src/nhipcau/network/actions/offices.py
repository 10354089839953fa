"""Making offices and stating what an office is. Moves, mergers and closings are in `actions/office_changes.py`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F

from nhipcau.network.access.offices import keeps_network, keeps_office
from nhipcau.network.actions import office_rows as rows
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import NotOfficeKeeper, OfficeChanged, OfficeInvalid
from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.officefields import OfficeFields, differences, problems_of
from nhipcau.network.queries.offices import fields_of

OWN_FIELDS = frozenset({"latitude", "longitude", "languages", "working_hours", "routes"})
"""What an office states of itself."""


def create_office(
    *, by: Person, office: OfficeFields, parent: Office | None, areas: Sequence[Office] = (), on: datetime.date
) -> Office:
    """Make an office that answers to `parent` from that day; administrators of the hub may."""
    if not keeps_network(by):
        raise NotOfficeKeeper(office="")
    check_fields(office)
    if office.kind == OfficeKind.HUB:
        raise OfficeInvalid(field="kind", problem="one-hub", value=office.kind)
    with transaction.atomic():
        hub = rows.lock_network()
        made = Office(**rows.columns_of(office), is_sample=bool(hub and hub.is_sample))
        rows.check_parent(made, parent, on=on)
        rows.check_areas(made, areas, on=on)
        _save(made)
        rows.put_parent(made, parent, on=on)
        rows.put_areas(made, areas, on=on)
        rows.put_routes(made, office.routes)
        above = {"parent": parent.code if parent else "", "areas": [area.code for area in areas]}
        record(by=by, action="office.created", of=made, values={"code": made.code, "name": made.name, **above})
    return made


def edit_office(*, by: Person, office: Office, fields: OfficeFields, version: int) -> Office:
    """State what an office is; whoever keeps it may state `OWN_FIELDS`, administrators of the hub all.

    A name is spelled anew here; another name from a day on is `rename_office`. `version` is of the office that the
    form showed. Nothing is written and no record left where nothing differs.
    """
    if not keeps_office(by, office):
        raise NotOfficeKeeper(office=office.code)
    check_fields(fields)
    before = fields_of(office)
    changes = differences(before, fields)
    if not changes:
        return office
    if not changes.keys() <= OWN_FIELDS and not keeps_network(by):
        raise NotOfficeKeeper(office=office.code)
    _check_kind(before.kind, fields.kind)
    with transaction.atomic():
        columns = rows.columns_of(fields) | {"search_text": rows.search_text_of(fields, former_of=office)}
        try:
            with transaction.atomic():
                changed = Office.objects.filter(pk=office.pk, version=version).update(
                    **columns, version=F("version") + 1
                )
        except IntegrityError:
            raise _integrity(fields) from None
        if changed != 1:
            raise OfficeChanged(office=office.code)
        if "routes" in changes:
            rows.put_routes(office, fields.routes)
        record(by=by, action="office.edited", of=office, values={"code": fields.code, "changes": changes})
    office.refresh_from_db()
    return office


def check_fields(office: OfficeFields) -> None:
    """Raise the first problem of the fields."""
    for problem in problems_of(office):
        raise OfficeInvalid(field=problem.field, problem=problem.code, value=problem.value)


def _check_kind(before: str, after: str) -> None:
    if before != after and OfficeKind.HUB in (before, after):
        raise OfficeInvalid(field="kind", problem="one-hub", value=after)
    if before != after and OfficeKind.AREA in (before, after):
        raise OfficeInvalid(field="kind", problem="area-stays", value=after)


def _save(office: Office) -> None:
    try:
        with transaction.atomic():
            office.save()
    except IntegrityError:
        raise _integrity(office) from None


def _integrity(office: OfficeFields | Office) -> OfficeInvalid:
    """Name the field that the database refused: the code is the only one that two may want."""
    return OfficeInvalid(field="code", problem="code-taken", value=office.code)
