"""Days that an administrator states beside the public holidays: days off, and days worked in exchange."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction

from nhipcau.network.access.offices import keeps_network
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import DayInvalid, NotOfficeKeeper
from nhipcau.network.models.offices import DayKind, SpecialDay
from nhipcau.network.models.people import Person

LONGEST_NAME = 120


def add_special_day(*, by: Person, on: datetime.date, kind: str, name: str) -> SpecialDay:
    """State a day off or a day worked; clocks that run reckon with it from then on. Administrators of the hub may."""
    if not keeps_network(by):
        raise NotOfficeKeeper(office="")
    name = " ".join(name.split())
    if kind not in DayKind.values:
        raise DayInvalid(problem="kind-unknown")
    if not name or len(name) > LONGEST_NAME:
        raise DayInvalid(problem="name-length")
    try:
        with transaction.atomic():
            day = SpecialDay.objects.create(on_date=on, kind=kind, name=name)
            values = {"on": on.isoformat(), "kind": kind, "name": name}
            record(by=by, action="special-day.added", of=day, values=values)
    except IntegrityError:
        raise DayInvalid(problem="day-taken") from None
    return day


def remove_special_day(*, by: Person, day: SpecialDay) -> None:
    """Let a day be again what the law and the week say."""
    if not keeps_network(by):
        raise NotOfficeKeeper(office="")
    with transaction.atomic():
        values = {"on": day.on_date.isoformat(), "kind": day.kind, "name": day.name}
        record(by=by, action="special-day.removed", of=day, values=values)
        day.delete()
