"""Withdrawing a directive from all units at once; from one unit: `moves.py`."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.tasks.errors import NotYours, ReasonMissing, TaskHasMoved
from nhipcau.network.actions.tasks.moves import withdraw_from
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.taskstates import MOVES, Route


def withdraw_task(*, by: Person, task: Task, reason: str, route: Route = Route.LOG_IN) -> list[TaskRecipient]:
    """The issuer takes a directive back from every unit where it is open and not yet verified; each is told why.

    All or none, and an audit record for each unit, as if it were withdrawn there.
    """
    move, standing = MOVES["withdraw"], standing_of(by)
    if not standing.directs_all and task.issuing_office_id not in standing.directs_at:
        raise NotYours(move=move.name)
    if not reason.strip():
        raise ReasonMissing(move=move.name)
    with transaction.atomic():
        open_ones = task.recipients.filter(state__in=move.sources).select_related("task", "office").order_by("pk")
        recipients, now = list(open_ones.select_for_update(of=("self",))), timezone.now()
        if not recipients:
            raise TaskHasMoved(move=move.name, state=task.recipients.values_list("state", flat=True)[0])
        for recipient in recipients:
            withdraw_from(by=by, recipient=recipient, reason=reason, at=now, route=route)
    return recipients
