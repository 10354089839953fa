"""Clocks of a recipient: wound when a directive goes out, stopped by its moves, paused with a reason, rung once.

Working time comes from `worktime.py`; the worker calls `ring` for what is due, however late that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions import webhooks
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import letters
from nhipcau.network.actions.tasks.errors import NotYours, PauseRefused, ReasonMissing
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_clocks import ClockPause, Reminder, TaskClock
from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.queries.calendars import calendars_of
from nhipcau.network.taskstates import HANDED_IN, SETTLED, UNACKNOWLEDGED
from nhipcau.network.worktime import (
    EVERY_HOUR,
    NeverReached,
    WorkingCalendar,
    add_working_time,
    no_public_days,
    working_time_between,
)
from nhipcau.running.bulk import insert

DUE_REMINDER = timedelta(hours=4)  # so much working time before the due time a unit is reminded
_ALWAYS = WorkingCalendar(week=EVERY_HOUR, public_days=no_public_days)


def calendars_for(task: Task, office_ids: Iterable[int]) -> dict[int, WorkingCalendar]:
    """Each unit's calendar; an urgent directive counts every hour."""
    if task.is_urgent:
        return dict.fromkeys(office_ids, _ALWAYS)
    return calendars_of(office_ids)


def wind(recipients: Iterable[TaskRecipient], *, task: Task, at: datetime) -> None:
    """Wind the clocks of new recipients, or of a new round."""
    held = list(recipients)
    calendars = calendars_for(task, {recipient.office_id for recipient in held})
    hours: dict[tuple[WorkingCalendar, datetime], dict[str, datetime]] = {}
    wound = []
    for recipient in held:
        same = (calendars[recipient.office_id], recipient.due_at)
        if same not in hours:
            hours[same] = _hours(same[0], task=task, at=at, due_at=recipient.due_at)
        wound += [(recipient.pk, recipient.round, kind, rings_at) for kind, rings_at in hours[same].items()]
    insert(
        TaskClock,
        len(wound),
        recipient_id=[one[0] for one in wound],
        round=[one[1] for one in wound],
        kind=[one[2] for one in wound],
        rings_at=[one[3] for one in wound],
    )


def _hours(calendar: WorkingCalendar, *, task: Task, at: datetime, due_at: datetime) -> dict[str, datetime]:
    to_acknowledge = timedelta(minutes=task.acknowledge_minutes)
    due_at = max(at, due_at)
    until_due = working_time_between(at, due_at, calendar)
    waits = {
        "acknowledge_reminder": (at, to_acknowledge / 2),
        "acknowledge_escalation": (at, to_acknowledge),
        "due_reminder": (at, max(until_due - DUE_REMINDER, until_due / 2)),
        "due_escalation": (due_at, timedelta(minutes=1)),  # the first working minute after it
    }
    return {kind: _after(start, wait, calendar) for kind, (start, wait) in waits.items()}


def _after(start: datetime, wait: timedelta, calendar: WorkingCalendar) -> datetime:
    try:
        return add_working_time(start, wait, calendar)
    except NeverReached:  # an office without working hours: the plain time serves
        return start + wait


def follow(recipient: TaskRecipient, *, at: datetime) -> None:
    """Stop the clocks that a move made needless, and set going again those that it made needed."""
    clocks = TaskClock.objects.filter(recipient=recipient, round=recipient.round)
    if recipient.state not in UNACKNOWLEDGED:
        _stop(clocks.filter(kind__startswith="acknowledge_"))
    due = clocks.filter(kind__startswith="due_")
    if recipient.state in HANDED_IN:
        _stop(due)
    else:
        due.filter(state="stopped").update(state="waiting")
    if recipient.state in SETTLED and recipient.paused_at:
        ClockPause.objects.filter(recipient=recipient, until_at__isnull=True).update(until_at=at)
        TaskRecipient.objects.filter(pk=recipient.pk).update(paused_at=None)
        recipient.paused_at = None


def stop_earlier_rounds(recipient: TaskRecipient) -> None:
    """What was wound for an earlier sending rings no more."""
    _stop(TaskClock.objects.filter(recipient=recipient, round__lt=recipient.round))


def _stop(clocks: QuerySet[TaskClock]) -> None:
    clocks.filter(state__in=["waiting", "paused"]).update(state="stopped", left=None)


def move_due(recipients: Iterable[TaskRecipient], *, task: Task, was: datetime, at: datetime) -> None:
    """The due time of a directive was corrected: it holds where a unit had the old one, and its clocks go by it.

    One that has rung already rings again where its new hour lies ahead. The rows of the recipients are held.
    """
    moved = [one for one in recipients if one.due_at == was and one.state not in HANDED_IN]
    calendars = calendars_for(task, {one.office_id for one in moved})
    hours = {calendar: _hours(calendar, task=task, at=at, due_at=task.due_at) for calendar in set(calendars.values())}
    by_id = {one.pk: one for one in moved}
    TaskRecipient.objects.filter(pk__in=by_id).update(due_at=task.due_at)
    for one in moved:
        one.due_at = task.due_at
    found = TaskClock.objects.filter(recipient__in=by_id, kind__startswith="due_").order_by("pk")
    clocks = [clock for clock in found if clock.round == by_id[clock.recipient_id].round]
    for clock in clocks:
        recipient = by_id[clock.recipient_id]
        calendar = calendars[recipient.office_id]
        rings_at = hours[calendar][clock.kind]
        if clock.state == "rung" and rings_at <= at:
            continue
        clock.rings_at = rings_at
        if clock.state == "rung":
            clock.state = "paused" if recipient.paused_at else "waiting"
        if clock.state == "paused":
            paused_at = recipient.paused_at or at
            clock.left = working_time_between(paused_at, max(paused_at, rings_at), calendar)
    TaskClock.objects.bulk_update(clocks, ["rings_at", "state", "left"], batch_size=200)


def pause_clocks(*, by: Person, recipient: TaskRecipient, reason: str) -> ClockPause:
    """An office above the unit lets its clocks stand still, for a reason that stays on record."""
    if not standing_of(by).oversees(recipient.office_id):
        raise NotYours(move="pause")
    reason = reason.strip()[:300]
    if not reason:
        raise ReasonMissing(move="pause")
    now = timezone.now()
    with transaction.atomic():
        open_states = {"pk": recipient.pk, "paused_at__isnull": True, "settled_at__isnull": True}
        if TaskRecipient.objects.filter(**open_states).update(paused_at=now) != 1:
            raise PauseRefused(problem="not_running")
        recipient.paused_at = now
        calendar = calendars_for(recipient.task, [recipient.office_id])[recipient.office_id]
        for clock in TaskClock.objects.filter(recipient=recipient, round=recipient.round, state="waiting"):
            left = working_time_between(now, max(now, clock.rings_at), calendar)
            TaskClock.objects.filter(pk=clock.pk, state="waiting").update(state="paused", left=left)
        pause = ClockPause.objects.create(recipient=recipient, from_at=now, by=by, reason=reason)
        values = {"task": recipient.task_id, "office": recipient.office.code, "reason": reason}
        record(by=by, action="task.pause", of=recipient, values=values)
    return pause


def resume_clocks(*, by: Person, recipient: TaskRecipient) -> ClockPause:
    """The clocks go on with the working time that was left, and the due time moves by as much."""
    if not standing_of(by).oversees(recipient.office_id):
        raise NotYours(move="resume")
    now = timezone.now()
    with transaction.atomic():
        _hold(recipient)
        pause = ClockPause.objects.filter(recipient=recipient, until_at__isnull=True).first()
        if pause is None or ClockPause.objects.filter(pk=pause.pk, until_at__isnull=True).update(until_at=now) != 1:
            raise PauseRefused(problem="not_paused")
        calendar = calendars_for(recipient.task, [recipient.office_id])[recipient.office_id]
        due_at = recipient.due_at
        if due_at > pause.from_at:
            due_at = _after(now, working_time_between(pause.from_at, due_at, calendar), calendar)
        TaskRecipient.objects.filter(pk=recipient.pk).update(paused_at=None, due_at=due_at)
        recipient.paused_at, recipient.due_at = None, due_at
        for clock in TaskClock.objects.filter(recipient=recipient, round=recipient.round, state="paused"):
            rings_at = _after(now, clock.left or timedelta(), calendar)
            TaskClock.objects.filter(pk=clock.pk, state="paused").update(state="waiting", left=None, rings_at=rings_at)
        values = {"task": recipient.task_id, "office": recipient.office.code, "due_at": due_at.isoformat()}
        record(by=by, action="task.resume", of=recipient, values=values)
    pause.until_at = now
    return pause


def ring(clock_id: int, *, now: datetime) -> bool:
    """Ring one clock that is due: the reminder, its e-mails and its audit record in one transaction, once for all."""
    clock = TaskClock.objects.select_related("recipient__task", "recipient__office", "recipient__area").get(pk=clock_id)
    recipient = clock.recipient
    with transaction.atomic():
        _hold(recipient)
        if TaskClock.objects.filter(pk=clock_id, state="waiting", rings_at__lte=now).update(state="rung") != 1:
            return False  # another worker has it, or it was stopped or paused
        recipient.refresh_from_db(fields=["state", "round", "escalated_at"])
        if not _is_needed(clock, recipient):
            TaskClock.objects.filter(pk=clock_id).update(state="stopped")
            return False
        Reminder.objects.create(
            recipient=recipient, round=clock.round, kind=clock.kind, was_due_at=clock.rings_at, at=now
        )
        if clock.kind.endswith("_escalation"):
            TaskRecipient.objects.filter(pk=recipient.pk).update(escalated_at=now)
        if clock.kind == "due_escalation":
            webhooks.tell_of_delay(recipient, at=now)
        letters.tell_of_clock(clock, recipient=recipient)
        values = {"task": recipient.task_id, "office": recipient.office.code, "clock": clock.kind}
        record(by=None, action="task.remind", of=recipient, values=values)
    return True


def _hold(recipient: TaskRecipient) -> None:
    """Take the recipient's row before those of its clocks, as moves do: in one order, two never wait for each other.

    SQLite has one writer anyway.
    """
    TaskRecipient.objects.select_for_update().get(pk=recipient.pk)


def _is_needed(clock: TaskClock, recipient: TaskRecipient) -> bool:
    if clock.round != recipient.round:
        return False
    if clock.kind.startswith("acknowledge_"):
        return recipient.state in UNACKNOWLEDGED
    return recipient.state not in HANDED_IN
