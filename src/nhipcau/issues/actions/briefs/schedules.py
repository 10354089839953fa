"""At which hours drafts are made: set, switched and removed by whoever works on briefs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time

from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs.drafting import HOURS
from nhipcau.issues.actions.briefs.errors import BriefInvalid, BriefNotYours
from nhipcau.issues.models import BriefSchedule
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person

MOST_SCHEDULES = 8


def add_schedule(*, by: Person, at: time, days: Collection[int], hours: int) -> BriefSchedule:
    """Somebody who works on briefs sets an hour; the first draft is made the next time it comes."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    if not days or not set(days) <= set(range(7)):
        raise BriefInvalid(field="days", problem="missing", limit=0)
    if hours not in HOURS:
        raise BriefInvalid(field="hours", problem="unknown", limit=0)
    if BriefSchedule.objects.count() >= MOST_SCHEDULES:
        raise BriefInvalid(field="", problem="many_schedules", limit=MOST_SCHEDULES)
    at = at.replace(second=0, microsecond=0)
    try:
        with transaction.atomic():
            made = BriefSchedule.objects.create(
                at=at, days=sorted(set(days)), hours=hours, enabled_at=timezone.now(), made_by=by
            )
            record(by=by, action="brief-schedule.added", of=made, values={"at": str(made), "days": made.days})
    except IntegrityError as error:
        raise BriefInvalid(field="at", problem="twice", limit=0) from error
    return made


def switch_schedule(*, by: Person, schedule: BriefSchedule, is_enabled: bool) -> None:
    """Somebody who works on briefs switches an hour off or on; hours that passed meanwhile are not made up for."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    with transaction.atomic():
        other = BriefSchedule.objects.filter(pk=schedule.pk, is_enabled=not is_enabled)
        if other.update(is_enabled=is_enabled, enabled_at=timezone.now()) != 1:
            return
        action = "brief-schedule.on" if is_enabled else "brief-schedule.off"
        record(by=by, action=action, of=schedule, values={"at": str(schedule)})


def remove_schedule(*, by: Person, schedule: BriefSchedule) -> None:
    """Somebody who works on briefs removes an hour; drafts that it made stay."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    with transaction.atomic():
        record(by=by, action="brief-schedule.removed", of=schedule, values={"at": str(schedule)})
        BriefSchedule.objects.filter(pk=schedule.pk).delete()
