"""Correcting a directive that was sent: a new version for all, the old one kept, its units told what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions import webhooks
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import clocks, letters
from nhipcau.network.actions.tasks.errors import NotYours, TaskCorrected, TaskHasMoved, TaskInvalid
from nhipcau.network.actions.tasks.issuing import LONGEST_DUE
from nhipcau.network.actions.tasks.moves import Actor
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import RecipientEvent, Task, TaskRecipient, TaskVersion
from nhipcau.network.standing import Standing
from nhipcau.network.taskstates import SETTLED, Route, State
from nhipcau.running.bulk import insert

LONGEST = {"title": 200, "text": 20_000, "why": 5_000, "what_changed": 1_000}
SAID = ("title", "text", "why", "due_at")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a directive shall say from now on, and what changed, in words for its units."""

    title: str
    text: str
    due_at: datetime
    what_changed: str
    why: str = ""


def may_correct(standing: Standing, task: Task) -> bool:
    """Whether somebody who stands so corrects a directive: its issuer, or who directs at the hub."""
    return standing.directs_all or task.issuing_office_id in standing.directs_at


def correct_task(*, by: Person, task: Task, correction: Correction, version: int, route: Route = Route.LOG_IN) -> Task:
    """The issuer corrects a directive; `version` is the one that was looked at.

    Units where it is not settled are told what changed and may acknowledge anew; what they did so far stands, and an
    acknowledgement of the earlier version stays one of that. The new due time holds where the unit had the old one.
    """
    if not may_correct(standing_of(by), task):
        raise NotYours(move="correct")
    said = {name: getattr(correction, name).strip() for name in LONGEST} | {"due_at": correction.due_at}
    now = timezone.now()
    with transaction.atomic():
        recipients = list(
            task.recipients.exclude(state__in=SETTLED)
            .select_related("office")
            .order_by("pk")
            .select_for_update(of=("self",))
        )
        before = Task.objects.select_related("issuing_office").get(pk=task.pk)
        if before.version != version:
            raise TaskCorrected
        if not recipients:
            raise TaskHasMoved(move="correct", state=State.CLOSED)
        _check(said, before=before, now=now)
        changed = {name: said[name] for name in SAID}
        mine = Task.objects.filter(pk=task.pk, version=version)
        if mine.update(**changed, version=version + 1, corrected_at=now) != 1:
            raise TaskCorrected
        TaskVersion.objects.create(
            task=before,
            number=version,
            corrected_at=now,
            corrected_by=by,
            what_changed=said["what_changed"],
            **{name: getattr(before, name) for name in SAID},
        )
        made = Task.objects.select_related("issuing_office").get(pk=task.pk)
        for recipient in recipients:
            recipient.task = made
        if made.due_at != before.due_at:
            clocks.move_due(recipients, task=made, was=before.due_at, at=now)
        _note(recipients, actor=Actor(by, route), at=now, what_changed=correction.what_changed.strip())
        told = letters.tell_of_correction(recipients, what_changed=said["what_changed"], at=now)
        webhooks.tell_of_correction(made, recipients=len(recipients), at=now)
        values = {
            "task": task.pk,
            "version": made.version,
            "what_changed": said["what_changed"],
            "changed": [name for name in SAID if getattr(made, name) != getattr(before, name)],
            "due_at": made.due_at.isoformat(),
            "offices": [recipient.office.code for recipient in recipients],
            "mails": told,
        }
        record(by=by, action="task.correct", of=made, values=values)
    return made


def _note(recipients: list[TaskRecipient], *, actor: Actor, at: datetime, what_changed: str) -> None:
    """An event at each unit, which leaves it where it stands: its history tells of the correction, and boards hear."""
    states = [recipient.state for recipient in recipients]
    insert(
        RecipientEvent,
        len(recipients),
        task_id=recipients[0].task_id,
        recipient_id=[recipient.pk for recipient in recipients],
        at=at,
        from_state=states,
        to_state=states,
        by_id=actor.person.pk if actor.person else None,
        route=actor.route,
        reason=what_changed,
    )


def _check(said: dict[str, object], *, before: Task, now: datetime) -> None:
    for name, limit in LONGEST.items():
        length = len(str(said[name]))
        if not length and name != "why":
            raise TaskInvalid(field=name, problem="missing")
        if length > limit:
            raise TaskInvalid(field=name, problem="too_long", limit=limit)
    due_at = said["due_at"]
    if isinstance(due_at, datetime) and due_at != before.due_at:
        if due_at <= now:
            raise TaskInvalid(field="due_at", problem="past")
        if due_at > now + LONGEST_DUE:
            raise TaskInvalid(field="due_at", problem="too_far")
    if all(said[name] == getattr(before, name) for name in SAID):
        raise TaskInvalid(field="text", problem="unchanged")
