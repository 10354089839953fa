"""Moves of a recipient: the guarded step that all share, and each move that is nothing more than a step.

`at` is now, unless a sample tells of the past. Acknowledging is in `acknowledging.py`, handing in evidence in
`evidence.py`, sending in `issuing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions import webhooks
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import clocks, letters
from nhipcau.network.actions.tasks.errors import NotYours, ReasonMissing, TaskHasMoved, VerifiedBySubmitter
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import RecipientEvent, TaskRecipient
from nhipcau.network.taskstates import MOVES, SETTLED, Move, Route


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a move, and by which way it came."""

    person: Person | None
    route: Route
    name: str = ""


def step(
    recipient: TaskRecipient, move: Move, *, actor: Actor, at: datetime, reason: str = "", **fields: Any
) -> RecipientEvent:
    """Move a recipient in one guarded update and note the event; to be called inside a transaction.

    When somebody else moved it meanwhile to a state from which the move also starts, it is tried from there.
    """
    state = recipient.state
    while state in move.sources:
        settled_at = at if move.target in SETTLED else None
        moved = TaskRecipient.objects.filter(pk=recipient.pk, state=state, round=recipient.round).update(
            state=move.target, state_at=at, settled_at=settled_at, **fields
        )
        if moved:
            for name, value in {"state": move.target, "state_at": at, "settled_at": settled_at, **fields}.items():
                setattr(recipient, name, value)
            event = note_event(recipient, actor=actor, at=at, was=state, reason=reason)
            webhooks.tell_of_move(event, recipient=recipient)
            return event
        recipient.refresh_from_db()
        if recipient.state == state:  # the round changed under us
            break
        state = recipient.state
    raise TaskHasMoved(move=move.name, state=recipient.state)


def note_event(recipient: TaskRecipient, *, actor: Actor, at: datetime, was: str, reason: str = "") -> RecipientEvent:
    """Write down how a recipient came to stand where it does, or that something left it there."""
    return RecipientEvent.objects.create(
        task_id=recipient.task_id,
        recipient=recipient,
        at=at,
        from_state=was,
        to_state=recipient.state,
        by=actor.person,
        name=actor.name,
        route=actor.route,
        reason=reason,
    )


def demand(by: Person, recipient: TaskRecipient, move: Move) -> None:
    """Refuse a move that is not this person's to make."""
    task = recipient.task
    if not standing_of(by).may(move, office_id=recipient.office_id, issuing_office_id=task.issuing_office_id):
        raise NotYours(move=move.name)
    if move.not_by_submitter and recipient.submitted_by_id == by.pk:
        raise VerifiedBySubmitter


def _move(
    name: str,
    *,
    by: Person,
    recipient: TaskRecipient,
    at: datetime | None,
    route: Route,
    reason: str = "",
    **fields: Any,
) -> RecipientEvent:
    """May they → is it valid → one transaction with the step and its audit record."""
    move = MOVES[name]
    demand(by, recipient, move)
    reason = reason.strip()
    if move.needs_reason and not reason:
        raise ReasonMissing(move=name)
    now = at or timezone.now()
    with transaction.atomic():
        event = step(recipient, move, actor=Actor(by, route), at=now, reason=reason, **fields)
        clocks.follow(recipient, at=now)
        letters.tell_of_move(event, recipient=recipient)
        values = {"task": recipient.task_id, "office": recipient.office.code, "from": event.from_state}
        record(by=by, action=f"task.{name}", of=recipient, values=values | ({"reason": reason} if reason else {}))
    return event


def accept_task(
    *, by: Person, recipient: TaskRecipient, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """The unit takes the directive on."""
    return _move("accept", by=by, recipient=recipient, at=at, route=route)


def return_task(
    *, by: Person, recipient: TaskRecipient, reason: str, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """The unit cannot do it and says why; the issuer is told."""
    return _move("return", by=by, recipient=recipient, at=at, route=route, reason=reason)


def start_task(
    *, by: Person, recipient: TaskRecipient, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """The unit begins."""
    return _move("start", by=by, recipient=recipient, at=at, route=route)


def verify_evidence(
    *, by: Person, recipient: TaskRecipient, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """An office above the unit finds the evidence good; never the one who handed it in."""
    return _move("verify", by=by, recipient=recipient, at=at, route=route, verified_by=by)


def send_evidence_back(
    *, by: Person, recipient: TaskRecipient, reason: str, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """An office above the unit wants more or other evidence; the unit is told why, and its clocks go on."""
    return _move("send_back", by=by, recipient=recipient, at=at, route=route, reason=reason)


def close_task(
    *, by: Person, recipient: TaskRecipient, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """The issuer closes what was verified."""
    return _move("close", by=by, recipient=recipient, at=at, route=route)


def withdraw_from(
    *, by: Person, recipient: TaskRecipient, reason: str, at: datetime | None = None, route: Route = Route.LOG_IN
) -> RecipientEvent:
    """The issuer takes the directive back from one unit; the unit is told why."""
    return _move("withdraw", by=by, recipient=recipient, at=at, route=route, reason=reason)


def open_task(*, by: Person, recipient: TaskRecipient, at: datetime | None = None) -> bool:
    """A person of the unit has the directive before them; true when they are the first."""
    move = MOVES["open"]
    if recipient.state not in move.sources or recipient.office_id not in standing_of(by).works_at:
        return False
    with transaction.atomic():
        try:
            event = step(recipient, move, actor=Actor(by, Route.LOG_IN), at=at or timezone.now())
        except TaskHasMoved:  # a colleague was faster
            return False
        values = {"task": recipient.task_id, "office": recipient.office.code, "from": event.from_state}
        record(by=by, action="task.open", of=recipient, values=values)
    return True
