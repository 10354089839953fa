"""The live board of a directive: a tile for each recipient, what is late first, and what changed since an event.

The number of queries does not grow with the recipients.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nhipcau.network.models.offices import Office
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.models.tasks import Acknowledgement, RecipientEvent, Task, TaskRecipient
from nhipcau.network.taskstates import HANDED_IN, SETTLED, UNACKNOWLEDGED, UNREAD, State

# what asks for somebody's hand comes first
_RANK = {
    State.RETURNED: 3,
    State.SUBMITTED: 4,
    State.SENT: 5,
    State.DELIVERED: 6,
    State.OPENED: 7,
    State.ACKNOWLEDGED: 8,
    State.ACCEPTED: 9,
    State.IN_PROGRESS: 10,
    State.VERIFIED: 11,
    State.CLOSED: 12,
    State.WITHDRAWN: 13,
}

_READ = (
    *("task", "area", "state", "state_at", "round", "due_at", "paused_at", "escalated_at"),
    *("office__code", "office__name", "office__name_en", "area__code", "area__name", "area__name_en"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One recipient as the board shows it."""

    recipient: TaskRecipient
    office: Office
    area: Office | None
    state: State
    is_overdue: bool
    is_unanswered: bool  # not acknowledged by the hour that it should have been
    acknowledgement: Acknowledgement | None
    mail_trouble: str  # "", refused, uncertain: only where no e-mail arrived at all
    is_outdated: bool  # the unit took note of an earlier version of the directive

    @property
    def is_late(self) -> bool:
        """Whether something is over its time."""
        return self.is_overdue or self.is_unanswered

    @property
    def is_paused(self) -> bool:
        """Whether its clocks stand still."""
        return self.recipient.paused_at is not None

    @property
    def rank(self) -> tuple[int, str]:
        """Its place: what is late first, then what waits for somebody."""
        place = 1 if self.is_overdue else 2 if self.is_unanswered else _RANK[self.state]
        return place, self.office.name


@dataclass(frozen=True, slots=True)
class Tally:
    """How the recipients stand, in the few numbers that a glance takes in."""

    total: int = 0
    unread: int = 0
    unacknowledged: int = 0
    at_work: int = 0
    returned: int = 0
    submitted: int = 0
    done: int = 0
    withdrawn: int = 0
    late: int = 0

    @property
    def acknowledged(self) -> int:
        """How many have taken note, whatever came after; withdrawn ones are left out."""
        return self.total - self.unacknowledged - self.withdrawn

    @property
    def asked(self) -> int:
        """How many are still asked, or have done it."""
        return self.total - self.withdrawn


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one picture of a board from another: how many events there are, and the newest."""

    count: int
    newest: int

    def __str__(self) -> str:
        """As it stands in an ETag."""
        return f"{self.count}-{self.newest}"


def with_newest_event(tasks: QuerySet[Task]) -> QuerySet[Task, Task]:
    """Directives, each with the number of its newest event as `newest_event`: from there the stream goes on."""
    events = RecipientEvent.objects.filter(task=OuterRef("pk")).order_by("-id")
    return tasks.annotate(newest_event=Coalesce(Subquery(events.values("id")[:1]), 0))


def version_of(task_id: int) -> Version:
    """The version of a directive's board; one cheap query."""
    found = RecipientEvent.objects.filter(task=task_id).aggregate(count=Count("id"), newest=Max("id"))
    return Version(found["count"], found["newest"] or 0)


def tiles_of(recipients: QuerySet[TaskRecipient], *, now: datetime) -> list[Tile]:
    """Tiles in the order of the board; three queries that read only what a board shows."""
    read = recipients.select_related("office", "area").only(*_READ).annotate(task_version=F("task__version"))
    held = list(read)
    ids = [recipient.pk for recipient in held]
    taken = {(one.recipient_id, one.round): one for one in _acknowledgements(ids)}  # of several the latest version
    outcomes: dict[int, set[str]] = {}
    for recipient_id, outcome in TaskMail.objects.filter(recipient__in=ids, kind="notice").values_list(
        "recipient", "outcome"
    ):
        outcomes.setdefault(recipient_id, set()).add(outcome)
    tiles = [
        Tile(
            recipient=recipient,
            office=recipient.office,
            area=recipient.area,
            state=State(recipient.state),
            is_overdue=is_overdue(recipient, now=now),
            is_unanswered=recipient.state in UNACKNOWLEDGED and recipient.escalated_at is not None,
            acknowledgement=taken.get((recipient.pk, recipient.round)),
            mail_trouble=_trouble(outcomes.get(recipient.pk, set())),
            is_outdated=_is_outdated(recipient, taken.get((recipient.pk, recipient.round))),
        )
        for recipient in held
    ]
    return sorted(tiles, key=lambda tile: tile.rank)


def _acknowledgements(recipient_ids: list[int]) -> QuerySet[Acknowledgement]:
    taken = Acknowledgement.objects.filter(recipient__in=recipient_ids).select_related("recorded_by")
    read = taken.only("recipient", "round", "version", "name", "at", "route", "recorded_by__name")
    return read.order_by("version")


def _is_outdated(recipient: Any, taken: Acknowledgement | None) -> bool:
    return taken is not None and taken.version < recipient.task_version and recipient.state not in SETTLED


def is_overdue(recipient: TaskRecipient, *, now: datetime) -> bool:
    """Whether the unit should have handed in by now. What it returned is with the issuer; a pause stops the time."""
    waits_for_unit = recipient.state not in HANDED_IN and recipient.state != State.RETURNED
    return waits_for_unit and recipient.paused_at is None and recipient.due_at < now


def _trouble(outcomes: set[str]) -> str:
    if not outcomes or outcomes & {"", "sent"}:
        return ""
    return "uncertain" if "uncertain" in outcomes else "refused"


def tally_of(tiles: Iterable[Tile]) -> Tally:
    """Count tiles."""
    held = list(tiles)
    states = Counter(tile.state for tile in held)
    return tally_from(states, late=sum(tile.is_late for tile in held))


def tally_from(states: Counter[State] | dict[State, int], *, late: int = 0) -> Tally:
    """A tally from counts by state."""

    def count(*wanted: str) -> int:
        return sum(number for state, number in states.items() if state in wanted)

    return Tally(
        total=sum(states.values()),
        unread=count(*UNREAD),
        unacknowledged=count(*UNACKNOWLEDGED),
        at_work=count(State.ACKNOWLEDGED, State.ACCEPTED, State.IN_PROGRESS),
        returned=count(State.RETURNED),
        submitted=count(State.SUBMITTED),
        done=count(State.VERIFIED, State.CLOSED),
        withdrawn=count(State.WITHDRAWN),
        late=late,
    )


def changed_since(task: Task, recipients: QuerySet[TaskRecipient], *, event_id: int) -> QuerySet[TaskRecipient]:
    """Those of the recipients to which something happened after an event."""
    events = RecipientEvent.objects.filter(task=task, pk__gt=event_id)
    return recipients.filter(pk__in=events.values("recipient"))
