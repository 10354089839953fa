"""Set hours: each of each day once, made up for when the worker was away, by the clock of Việt Nam."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.issues.actions.briefs.drafting import draft_on_schedule
from nhipcau.issues.actions.briefs.errors import BriefInvalid, BriefNotYours
from nhipcau.issues.actions.briefs.schedules import add_schedule, remove_schedule, switch_schedule
from nhipcau.issues.jobs.briefs import draft_due_briefs, last_slot
from nhipcau.issues.models import Brief, BriefSchedule, Issue
from nhipcau.network.models.audit import AuditRecord
from tests.issues.briefs.conftest import MORNING, ZONE
from tests.network.tasks.cast import Cast, fresh

EVERY_DAY = range(7)


@pytest.fixture
def schedule(cast: Cast, issues: list[Issue]) -> BriefSchedule:
    """Seven o'clock every day, set at six."""
    return add_schedule(by=cast.analyst, at=time(7), days=EVERY_DAY, hours=24)


def run(clock: Any, moment: datetime) -> int:
    clock.move_to(moment, tick=False)
    return draft_due_briefs(timezone.now())


def test_draft_is_made_at_its_hour_once(schedule: BriefSchedule, clock: Any) -> None:
    assert run(clock, MORNING + timedelta(minutes=59)) == 0
    assert run(clock, MORNING + timedelta(hours=1)) == 1
    assert run(clock, MORNING + timedelta(hours=1, seconds=15)) == 0
    brief = Brief.objects.get()
    assert (brief.drafted_by, brief.drafting_key) == (None, f"schedule-{schedule.pk}-2026-11-27-0700")
    assert AuditRecord.objects.get(action="brief.drafted").by is None
    assert run(clock, MORNING + timedelta(days=1, hours=1)) == 1


def test_hour_that_passed_while_the_worker_was_away_is_made_up_for_once(schedule: BriefSchedule, clock: Any) -> None:
    assert run(clock, MORNING + timedelta(hours=5)) == 1
    assert run(clock, MORNING + timedelta(hours=6)) == 0
    assert Brief.objects.get().as_of == MORNING + timedelta(hours=5)
    assert run(clock, MORNING + timedelta(days=6, hours=3)) == 1, "of several days only the latest"


def test_hour_of_more_than_a_day_ago_is_not_made_up_for(cast: Cast, clock: Any) -> None:
    add_schedule(by=cast.analyst, at=time(7), days=[4], hours=24)
    assert run(clock, MORNING + timedelta(days=1, hours=1, minutes=1)) == 0


def test_two_workers_make_one(schedule: BriefSchedule, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first had written."""
    from nhipcau.issues.actions.briefs import drafting

    slot = MORNING + timedelta(hours=1)
    clock.move_to(slot, tick=False)
    real, inner = drafting.follow_up_of, []

    def meanwhile(*args: Any, **values: Any) -> Any:
        if not inner:
            inner.append(True)
            inner.append(draft_on_schedule(schedule=schedule, slot=slot, now=slot))
        return real(*args, **values)

    monkeypatch.setattr(drafting, "follow_up_of", meanwhile)
    assert draft_on_schedule(schedule=schedule, slot=slot, now=slot) is None
    assert inner[1] == Brief.objects.get()


def test_midnight_is_that_of_viet_nam(cast: Cast, issues: list[Issue], clock: Any) -> None:
    made = add_schedule(by=cast.analyst, at=time(0), days=[5], hours=24)
    midnight = datetime(2026, 11, 28, tzinfo=ZONE)
    assert last_slot(made, now=midnight - timedelta(seconds=1)) == midnight - timedelta(days=7)
    assert run(clock, midnight - timedelta(seconds=1)) == 0
    assert run(clock, midnight) == 1
    assert (Brief.objects.get().drafting_key or "").endswith("2026-11-28-0000")


def test_schedule_that_is_off_drafts_nothing_and_makes_up_for_nothing(
    cast: Cast, schedule: BriefSchedule, clock: Any
) -> None:
    switch_schedule(by=cast.analyst, schedule=schedule, is_enabled=False)
    assert run(clock, MORNING + timedelta(hours=2)) == 0
    analyst = fresh(cast.analyst)
    switch_schedule(by=analyst, schedule=schedule, is_enabled=True)
    switch_schedule(by=analyst, schedule=schedule, is_enabled=True)
    assert run(clock, MORNING + timedelta(hours=3)) == 0
    assert run(clock, MORNING + timedelta(days=1, hours=1)) == 1
    assert AuditRecord.objects.filter(action="brief-schedule.on").count() == 1


def test_hour_is_set_once_and_removed(cast: Cast, schedule: BriefSchedule) -> None:
    with pytest.raises(BriefInvalid):
        add_schedule(by=cast.analyst, at=time(7), days=EVERY_DAY, hours=24)
    with pytest.raises(BriefInvalid):
        add_schedule(by=cast.analyst, at=time(8), days=[], hours=24)
    with pytest.raises(BriefNotYours):
        remove_schedule(by=cast.auditor, schedule=schedule)
    remove_schedule(by=cast.analyst, schedule=schedule)
    assert not BriefSchedule.objects.exists()
    assert AuditRecord.objects.filter(action="brief-schedule.removed").count() == 1


@given(
    days=st.sets(st.integers(0, 6), min_size=1),
    at=st.times(),
    minutes=st.integers(0, 366 * 24 * 60),
)
def test_last_slot_is_on_one_of_the_days_and_no_later_one_is(days: set[int], at: time, minutes: int) -> None:
    moment = MORNING + timedelta(minutes=minutes)
    slot = last_slot(BriefSchedule(at=at, days=sorted(days)), now=moment)
    assert slot is not None
    local = slot.astimezone(ZONE)
    assert local.weekday() in days
    assert (local.hour, local.minute) == (at.hour, at.minute)
    assert slot <= moment
    later = (slot + timedelta(days=number) for number in range(1, 9))
    assert all(each > moment for each in later if each.astimezone(ZONE).weekday() in days)
