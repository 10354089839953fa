"""Changing what is kept of people, closing and opening their log-in, taking a lost second factor away."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from nhipcau.network.access.people import administers
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.people.adding import check_person
from nhipcau.network.actions.people.errors import LastAdministrator, NotAdministrator, PersonChanged
from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Person, Role
from nhipcau.network.queries.seats import seats_held


def edit_person(*, by: Person, person: Person, name: str, phone: str, language: str, version: int) -> None:
    """Change name, telephone and language: people themselves, and their administrators."""
    if by.pk != person.pk and not administers(by, person):
        raise NotAdministrator
    name, phone = " ".join(name.split()), phone.strip()
    check_person(email=person.email, name=name, phone=phone)
    changed = {
        field: value
        for field, value in {"name": name, "phone": phone, "language": language}.items()
        if getattr(person, field) != value
    }
    if not changed:
        return
    with transaction.atomic():
        held = Person.objects.filter(pk=person.pk, version=version)
        if not held.update(version=F("version") + 1, **changed):
            raise PersonChanged
        record(by=by, action="person.edited", of=person, values=changed)
    person.refresh_from_db()


def deactivate_person(*, by: Person, person: Person) -> None:
    """Close somebody's log-in and end their sessions; what they did stays."""
    _demand(by, person)
    with transaction.atomic():
        check_administrator_left(without=person)
        if Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False, version=F("version") + 1):
            _end_sessions(person)
            record(by=by, action="person.deactivated", of=person, values={"name": person.name})


def activate_person(*, by: Person, person: Person) -> None:
    """Open somebody's log-in again."""
    _demand(by, person)
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True, version=F("version") + 1):
            record(by=by, action="person.activated", of=person, values={"name": person.name})


def reset_second_factor(*, by: Person, person: Person) -> None:
    """Take a lost second factor away: the person sets up another one at the next log-in."""
    _demand(by, person)
    with transaction.atomic():
        count = Authenticator.objects.filter(user=person).delete()[0]
        _end_sessions(person)
        values = {"name": person.name, "count": count}
        record(by=by, action="person.second-factor-reset", of=person, values=values)


def check_administrator_left(*, without: Person | None = None, seat_id: int | None = None) -> None:
    """Refuse to leave the hub without anybody who administers it; to be called inside the transaction."""
    seats: Any = seats_held(on=timezone.localdate()).select_for_update(of=("self",))
    seats = seats.filter(office__kind=OfficeKind.HUB, role=Role.ADMINISTRATOR, person__is_active=True)
    left = [seat for seat in seats if seat.person_id != (without.pk if without else None) and seat.pk != seat_id]
    ended = [seat for seat in seats if seat not in left]
    if ended and not left:
        raise LastAdministrator


def _demand(by: Person, person: Person) -> None:
    if by.pk == person.pk or not administers(by, person):
        raise NotAdministrator


def _end_sessions(person: Person) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
