"""Giving and ending roles at offices, and naming deputies."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.network.access.people import administered_offices, administers
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.people.changing import check_administrator_left
from nhipcau.network.actions.people.errors import (
    DeputyRefused,
    NotAdministrator,
    PersonInvalid,
    SeatEnded,
    SeatTaken,
)
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Deputy, Membership, Person, Role

LONGEST_DEPUTY = datetime.timedelta(days=366)


def give_seat(*, by: Person, person: Person, office: Office, role: str) -> Membership:
    """Give somebody a role at an office of the administrator's, from today on."""
    if not administered_offices(by).filter(pk=office.pk).exists():
        raise NotAdministrator
    if role not in Role.values:
        raise PersonInvalid(field="role", problem="unknown")
    try:
        with transaction.atomic():
            seat = Membership.objects.create(person=person, office=office, role=role, from_on=timezone.localdate())
            values = {"name": person.name, "office": office.code, "role": role}
            record(by=by, action="seat.given", of=person, values=values)
    except IntegrityError:
        raise SeatTaken from None
    return seat


def end_seat(*, by: Person, seat: Membership) -> None:
    """End a role today; somebody always administers the hub."""
    if not administered_offices(by).filter(pk=seat.office_id).exists():
        raise NotAdministrator
    today = timezone.localdate()
    with transaction.atomic():
        check_administrator_left(seat_id=seat.pk)
        until_on = max(today, seat.from_on)
        if not Membership.objects.filter(pk=seat.pk, until_on__isnull=True).update(until_on=until_on):
            raise SeatEnded
        values = {"name": seat.person.name, "office": seat.office.code, "role": seat.role}
        record(by=by, action="seat.ended", of=seat.person, values=values)


def name_deputy(
    *, by: Person, person: Person, deputy: Person, from_on: datetime.date, until_on: datetime.date
) -> Deputy:
    """Let somebody stand in, until the day before `until_on`: people name their own, administrators anybody's."""
    if by.pk != person.pk and not administers(by, person):
        raise NotAdministrator
    if person.pk == deputy.pk:
        raise DeputyRefused(problem="self")
    if not deputy.is_active:
        raise DeputyRefused(problem="inactive")
    if not from_on < until_on <= from_on + LONGEST_DEPUTY or until_on <= timezone.localdate():
        raise DeputyRefused(problem="span")
    with transaction.atomic():
        made = Deputy.objects.create(person=person, deputy=deputy, from_on=from_on, until_on=until_on)
        values = {"deputy": deputy.name, "from": from_on.isoformat(), "until": until_on.isoformat()}
        record(by=by, action="deputy.named", of=person, values=values)
    return made


def end_deputy(*, by: Person, deputy: Deputy) -> None:
    """Let it end today."""
    if by.pk != deputy.person_id and not administers(by, deputy.person):
        raise NotAdministrator
    today = timezone.localdate()
    with transaction.atomic():
        until_on = max(today, deputy.from_on)
        if Deputy.objects.filter(pk=deputy.pk, until_on__gt=until_on).update(until_on=until_on):
            record(by=by, action="deputy.ended", of=deputy.person, values={"deputy": deputy.deputy.name})
