"""Lists and pages of directives: for those who send them, and for the unit that got them. Only reads.

The board is in `board.py`; who sees what is in `access/tasks.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nhipcau.network.models.task_clocks import ClockPause, Reminder, TaskClock
from nhipcau.network.models.task_files import Evidence, TaskAttachment
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.models.tasks import CORRECTIONS, Acknowledgement, RecipientEvent, Task, TaskRecipient, TaskVersion
from nhipcau.network.queries.board import Tally, is_overdue, tally_from
from nhipcau.network.taskstates import HANDED_IN, SETTLED, UNACKNOWLEDGED, State
from nhipcau.running.prepared import Prepared, blank

A_PAGE = 25
NEWEST_EVENTS = 60
_WAITING = [state for state in State if state not in HANDED_IN and state != State.RETURNED]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A directive in a list, with how its recipients stand."""

    task: Task
    tally: Tally


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One page of a list of directives."""

    rows: list[TaskRow]
    number: int
    has_older: bool


def overdue(now: datetime) -> Q:
    """Recipients who should have handed in by now."""
    return Q(settled_at__isnull=True, state__in=_WAITING, paused_at__isnull=True, due_at__lt=now)


def task_page(
    tasks: QuerySet[Task], recipients: QuerySet[TaskRecipient], *, now: datetime, show: str, words: str, number: int
) -> TaskPage:
    """A page of directives, the newest first; three queries."""
    tasks = wanted_tasks(tasks, recipients, now=now, show=show, words=words)
    start = (number - 1) * A_PAGE
    found = list(
        tasks.select_related("issuing_office", "issued_by").order_by("-sent_at", "-id")[start : start + A_PAGE + 1]
    )
    tallies = tallies_of(found[:A_PAGE], recipients, now=now)
    rows = [TaskRow(task, tallies[task.pk]) for task in found[:A_PAGE]]
    return TaskPage(rows, number, len(found) > A_PAGE)


def wanted_tasks(
    tasks: QuerySet[Task], recipients: QuerySet[TaskRecipient], *, now: datetime, show: str, words: str
) -> QuerySet[Task]:
    """Those of the directives that fit; `show` is all, open, late, returned or submitted."""
    of_task = recipients.filter(task=OuterRef("pk"))
    chosen = {
        "open": of_task.filter(settled_at__isnull=True),
        "late": of_task.filter(overdue(now)),
        "returned": of_task.filter(settled_at__isnull=True, state=State.RETURNED),
        "submitted": of_task.filter(settled_at__isnull=True, state=State.SUBMITTED),
    }
    if show in chosen:
        tasks = tasks.filter(Exists(chosen[show]))
    if words:
        tasks = tasks.filter(title__icontains=words)
    return tasks


def tallies_of(tasks: list[Task], recipients: QuerySet[TaskRecipient], *, now: datetime) -> dict[int, Tally]:
    """How the recipients of several directives stand; one query."""
    states: dict[int, dict[State, int]] = defaultdict(dict)
    late: dict[int, int] = defaultdict(int)
    of_tasks = counted_by_state(recipients.filter(task__in=[task.pk for task in tasks]), now=now)
    for row in of_tasks:
        states[row["task"]][State(row["state"])] = row["count"]
        late[row["task"]] += row["late"]
    return {task.pk: tally_from(states[task.pk], late=late[task.pk]) for task in tasks}


def counted_by_state(recipients: QuerySet[TaskRecipient], *of_task: str, now: datetime) -> Any:
    """How many recipients of each directive are in each state, and how many of them are late; with fields of it."""
    counts = {"count": Count("id"), "late": Count("id", filter=overdue(now) | _unanswered())}
    counted: Any = recipients.values("task", "state", *(f"task__{name}" for name in of_task))
    return counted.annotate(**counts).order_by()


def _unanswered() -> Q:
    return Q(settled_at__isnull=True, state__in=list(UNACKNOWLEDGED), escalated_at__isnull=False)


def tally_now(recipients: QuerySet[TaskRecipient], *, now: datetime) -> Tally:
    """How everything open stands, for the home page; one query over what is open."""
    counted = (
        recipients.filter(settled_at__isnull=True)
        .values_list("state")
        .annotate(count=Count("id"), late=Count("id", filter=overdue(now) | _unanswered()))
        .order_by()
    )
    found = list(counted)
    return tally_from({State(state): count for state, count, _ in found}, late=sum(late for *_, late in found))


@dataclass(frozen=True, slots=True)
class Entry:
    """A directive in the list of the unit that got it."""

    recipient: TaskRecipient
    is_overdue: bool


@dataclass(slots=True)
class Received:
    """What a unit has before it: new, at work (the next due first), and what was settled lately."""

    new: list[Entry] = field(default_factory=list)
    at_work: list[Entry] = field(default_factory=list)
    handed_in: list[Entry] = field(default_factory=list)
    settled: list[Entry] = field(default_factory=list)


def received(office_ids: Collection[int], *, now: datetime) -> Received:
    """The lists of the page of those who work at some offices; two queries."""
    lists = Received()
    if not office_ids:
        return lists
    open_at, settled_at = _received_at(len(office_ids))
    wanted = {f"office_{place}": number for place, number in enumerate(sorted(office_ids))}
    for recipient in open_at(**wanted):
        entry = Entry(recipient, is_overdue(recipient, now=now))
        if recipient.state in UNACKNOWLEDGED:
            lists.new.append(entry)
        elif recipient.state in HANDED_IN or recipient.state == State.RETURNED:
            lists.handed_in.append(entry)
        else:
            lists.at_work.append(entry)
    lists.settled = [Entry(recipient, is_overdue=False) for recipient in settled_at(**wanted)]
    return lists


@cache
def _received_at(count: int) -> tuple[Prepared[TaskRecipient], Prepared[TaskRecipient]]:
    """What is open and what was settled lately at so many offices."""

    def at_offices() -> QuerySet[TaskRecipient]:
        at_one = (Q(office=blank(f"office_{place}")) for place in range(count))
        return TaskRecipient.objects.filter(reduce(or_, at_one)).select_related("task__issuing_office", "office")

    return (
        Prepared(lambda: at_offices().filter(settled_at__isnull=True).order_by("due_at", "id")[:200]),
        Prepared(lambda: at_offices().filter(settled_at__isnull=False).order_by("-id")[:10]),
    )


@dataclass(frozen=True, slots=True)
class RecipientPage:
    """All that is known of a directive at one unit."""

    recipient: TaskRecipient
    is_overdue: bool
    acknowledgement: Acknowledgement | None
    events: list[RecipientEvent]
    evidence: list[Evidence]
    pauses: list[ClockPause]
    reminders: list[Reminder]
    clocks: list[TaskClock]
    mails: list[TaskMail]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen."""
        return self.recipient.state in SETTLED


def recipient_page(recipient: TaskRecipient, *, now: datetime, with_mails: bool = False) -> RecipientPage:
    """Everything of one recipient; six queries, and one for its e-mails."""
    one = recipient.pk
    return RecipientPage(
        recipient=recipient,
        is_overdue=is_overdue(recipient, now=now),
        acknowledgement=_TAKEN.first(one=one, round=recipient.round),
        events=_EVENTS(one=one),
        evidence=_EVIDENCE(one=one),
        pauses=_PAUSES(one=one),
        reminders=_REMINDERS(one=one),
        clocks=_CLOCKS(one=one) if recipient.state not in SETTLED else [],
        mails=_MAILS(one=one) if with_mails else [],
    )


_ONE = blank("one")
_TAKEN = Prepared(
    lambda: (
        Acknowledgement.objects.filter(recipient=_ONE, round=blank("round"))
        .select_related("person", "recorded_by", "office")
        .order_by("-version")
    )
)
_EVENTS = Prepared(
    lambda: RecipientEvent.objects.filter(recipient=_ONE).select_related("by").order_by("-id")[:NEWEST_EVENTS]
)
_EVIDENCE = Prepared(lambda: Evidence.objects.filter(recipient=_ONE).select_related("file", "by").order_by("-id"))
_PAUSES = Prepared(lambda: ClockPause.objects.filter(recipient=_ONE).select_related("by").order_by("-id"))
_REMINDERS = Prepared(lambda: Reminder.objects.filter(recipient=_ONE).order_by("-id"))
_CLOCKS = Prepared(lambda: TaskClock.objects.filter(recipient=_ONE, state="waiting").order_by("rings_at"))
_MAILS = Prepared(lambda: TaskMail.objects.filter(recipient=_ONE).order_by("-id")[:NEWEST_EVENTS])
_ATTACHMENTS = Prepared(lambda: TaskAttachment.objects.filter(task=blank("task")).select_related("file"))


def taken_note(recipient: TaskRecipient, *, in_round: int) -> Acknowledgement | None:
    """How a unit took note of one sending, if it did."""
    return _TAKEN.first(one=recipient.pk, round=in_round)


def is_outdated(taken: Acknowledgement, recipient: TaskRecipient) -> bool:
    """Whether a unit took note of an earlier version only, and the directive still asks something of it."""
    return taken.version < recipient.task.version and recipient.state not in SETTLED


def earlier_versions(task: Task) -> list[TaskVersion]:
    """What a directive said before it was corrected, the latest first; no query where it never was."""
    return list(task.earlier.select_related("corrected_by").order_by("-number")) if task.version > 1 else []


def attachments_of(task: Task) -> list[TaskAttachment]:
    """The files that go with a directive."""
    return _ATTACHMENTS(task=task.pk)


def task_history(task: Task, recipients: QuerySet[TaskRecipient]) -> list[RecipientEvent]:
    """The newest events of a directive among the recipients that may be seen; one query.

    Without its corrections: they are one matter for all units, and `earlier_versions` says what changed.
    """
    events = task.events.filter(recipient__in=recipients.filter(task=task).values("pk")).exclude(CORRECTIONS)
    return list(events.select_related("by", "recipient__office").order_by("-at", "-id")[:NEWEST_EVENTS])
