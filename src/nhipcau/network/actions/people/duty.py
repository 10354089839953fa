"""The duty roster: who is on duty at an office, and what they leave to whoever comes next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from nhipcau.network.access.people import people_of, roster_offices
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.people.errors import HandOverRefused, NotAdministrator, ShiftRefused
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import DutyShift, HandOver, Person

LONGEST_SHIFT = timedelta(days=7)


def enter_shift(*, by: Person, office: Office, person: Person, starts_at: datetime, ends_at: datetime) -> DutyShift:
    """Enter who is on duty; two shifts of an office never overlap, so that one person is in command."""
    if not roster_offices(by).filter(pk=office.pk).exists():
        raise NotAdministrator
    if not starts_at < ends_at:
        raise ShiftRefused(problem="order")
    if ends_at - starts_at > LONGEST_SHIFT:
        raise ShiftRefused(problem="long")
    if ends_at <= timezone.now():
        raise ShiftRefused(problem="past")
    if not people_of(office).filter(pk=person.pk).exists():
        raise ShiftRefused(problem="not-there")
    with transaction.atomic():
        Office.objects.select_for_update().get(pk=office.pk)
        if DutyShift.objects.filter(office=office, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
            raise ShiftRefused(problem="overlap")
        shift = DutyShift.objects.create(office=office, person=person, starts_at=starts_at, ends_at=ends_at)
        values = {"name": person.name, "from": starts_at, "until": ends_at}
        record(by=by, action="shift.entered", of=shift, values=values)
    return shift


def remove_shift(*, by: Person, shift: DutyShift) -> None:
    """Take a shift out that has not ended; one with a note stays, as it tells what happened."""
    if not roster_offices(by).filter(pk=shift.office_id).exists():
        raise NotAdministrator
    with transaction.atomic():
        if shift.ends_at <= timezone.now() or HandOver.objects.filter(shift=shift).exists():
            raise ShiftRefused(problem="past")
        values = {"name": shift.person.name, "from": shift.starts_at, "until": shift.ends_at}
        record(by=by, action="shift.removed", of=shift, values=values)
        DutyShift.objects.filter(pk=shift.pk).delete()


def hand_over(*, by: Person, shift: DutyShift, note: str) -> HandOver:
    """Leave a note to whoever comes next: whoever has the shift, once."""
    if shift.person_id != by.pk:
        raise HandOverRefused(problem="not-yours")
    if not (said := note.strip()):
        raise HandOverRefused(problem="no-note")
    with transaction.atomic():
        made, is_new = HandOver.objects.get_or_create(
            shift=shift, defaults={"note": said[:5_000], "given_by": by, "given_at": timezone.now()}
        )
        if not is_new:
            raise HandOverRefused(problem="taken")
        record(by=by, action="hand-over.given", of=shift, values={"note": said[:5_000]})
    return made


def take_over(*, by: Person, given: HandOver) -> None:
    """Say that the note was read: somebody else who works at the office, once."""
    if given.given_by_id == by.pk or not people_of(given.shift.office).filter(pk=by.pk).exists():
        raise HandOverRefused(problem="not-yours")
    with transaction.atomic():
        taken = HandOver.objects.filter(pk=given.pk, taken_by__isnull=True)
        if not taken.update(taken_by=by, taken_at=timezone.now()):
            raise HandOverRefused(problem="taken")
        record(by=by, action="hand-over.taken", of=given.shift, values={"from": given.given_by.name})
