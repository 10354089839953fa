"""Directives by what they came from: an issue or a brief. Only reads; what an origin is, its own room knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Min, QuerySet

from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.network.queries.board import tally_from
from nhipcau.network.queries.tasks import counted_by_state
from nhipcau.network.taskstates import State

DONE: Final = frozenset({State.VERIFIED, State.CLOSED})
_OF_TASK: Final = ("title", "sent_at", "due_at", "origin_kind", "origin_ref")


@dataclass(frozen=True, slots=True)
class DirectiveFrom:
    """A directive, where it came from, and how its units stand; when the first took note, and was done."""

    id: int
    kind: str
    ref: str
    title: str
    sent_at: datetime
    due_at: datetime
    asked: int
    acknowledged: int
    done: int
    late: int
    acknowledged_at: datetime | None
    done_at: datetime | None


def directives_from(
    origins: Collection[tuple[str, str]], *, now: datetime, recipients: QuerySet[TaskRecipient] | None = None
) -> list[DirectiveFrom]:
    """Give the directives that came from these (kind, reference), the oldest first; one query.

    `recipients` are those that the reader may see (`access/tasks.py`); all, where a document for the hub is made.
    """
    kinds, refs = {kind for kind, _ref in origins}, {ref for _kind, ref in origins}
    seen = TaskRecipient.objects.all() if recipients is None else recipients
    asked = seen.filter(task__origin_kind__in=kinds, task__origin_ref__in=refs)
    counted = counted_by_state(asked, *_OF_TASK, now=now)
    by_task: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in counted.annotate(acknowledged_at=Min("acknowledged_at"), reached_at=Min("state_at")):
        if (row["task__origin_kind"], row["task__origin_ref"]) in origins:
            by_task[row["task"]].append(row)
    made = [_made(number, rows) for number, rows in by_task.items()]
    return sorted(made, key=lambda one: (one.sent_at, one.id))


def _made(number: int, rows: list[dict[str, Any]]) -> DirectiveFrom:
    tally = tally_from({State(row["state"]): row["count"] for row in rows}, late=sum(row["late"] for row in rows))
    title, sent_at, due_at, kind, ref = (rows[0][f"task__{name}"] for name in _OF_TASK)
    return DirectiveFrom(
        id=number,
        kind=kind,
        ref=ref,
        title=title,
        sent_at=sent_at,
        due_at=due_at,
        asked=tally.asked,
        acknowledged=tally.acknowledged,
        done=tally.done,
        late=tally.late,
        acknowledged_at=min((row["acknowledged_at"] for row in rows if row["acknowledged_at"]), default=None),
        done_at=min((row["reached_at"] for row in rows if row["state"] in DONE), default=None),
    )
