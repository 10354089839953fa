"""Directives by what they came from: an issue or a brief. Only reads; what an origin is, its own room knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.queries.tasks import tallies_of


@dataclass(frozen=True, slots=True)
class DirectiveFrom:
    """A directive, where it came from, and how its units stand."""

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


def directives_from(origins: Collection[tuple[str, str]], *, now: datetime) -> list[DirectiveFrom]:
    """Give the directives that came from these (kind, reference), the oldest first; two queries. For who sees all."""
    refs = {ref for _kind, ref in origins}
    found = Task.objects.filter(origin_kind__in={kind for kind, _ref in origins}, origin_ref__in=refs)
    rows = [task for task in found.order_by("sent_at", "pk") if (task.origin_kind, task.origin_ref) in origins]
    tallies = tallies_of(rows, TaskRecipient.objects.all(), now=now) if rows else {}
    return [
        DirectiveFrom(
            id=task.pk,
            kind=task.origin_kind,
            ref=task.origin_ref,
            title=task.title,
            sent_at=task.sent_at,
            due_at=task.due_at,
            asked=tallies[task.pk].asked,
            acknowledged=tallies[task.pk].acknowledged,
            done=tallies[task.pk].done,
            late=tallies[task.pk].late,
        )
        for task in rows
    ]
