"""Sending a directive: to points, areas, roles and saved groups in one transaction, once for one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import orjson
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from nhipcau.network.access.tasks import directed_offices, standing_of
from nhipcau.network.actions import webhooks
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import clocks, files, letters
from nhipcau.network.actions.tasks.errors import (
    KeyUsedOtherwise,
    NoRecipients,
    NotYours,
    OutOfReach,
    ReasonMissing,
    TaskInvalid,
)
from nhipcau.network.actions.tasks.moves import Actor, demand, step
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import RecipientEvent, Task, TaskRecipient
from nhipcau.network.queries.audience import Audience, Unit, resolve
from nhipcau.network.taskfiles import CheckedFile
from nhipcau.network.taskstates import MOVES, Route, State
from nhipcau.running.bulk import insert

ACKNOWLEDGE_MINUTES = 240
LONGEST_ACKNOWLEDGE_MINUTES = 10 * 480
LONGEST_DUE = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Directive:
    """What is asked, why, by when, and where it comes from."""

    title: str
    text: str
    due_at: datetime
    why: str = ""
    is_urgent: bool = False
    acknowledge_minutes: int = ACKNOWLEDGE_MINUTES
    origin_kind: str = "free"
    origin_ref: str = ""
    attachments: Sequence[tuple[str, CheckedFile]] = field(default=())  # original name, checked bytes

    def fingerprint(self, audience: Audience) -> str:
        """What tells this directive from another one under the same key."""
        said = [
            *(self.title, self.text, self.why, self.due_at.isoformat(), self.is_urgent, self.acknowledge_minutes),
            *(self.origin_kind, self.origin_ref, [file.sha256 for _, file in self.attachments]),
            *(sorted(audience.offices), sorted(audience.areas), sorted(audience.roles), sorted(audience.groups)),
        ]
        return sha256(orjson.dumps(said)).hexdigest()


def preview_directive(*, by: Person, audience: Audience) -> list[Unit]:
    """The units that would get it, each once; raises what sending would raise about them."""
    standing = standing_of(by)
    if not standing.directs_at:
        raise NotYours(move="issue")
    owners = standing.directs_at
    units = resolve(audience, owner_ids=owners, directed=directed_offices(standing), on=timezone.localdate())
    missed = audience.offices - {unit.office.pk for unit in units}
    if missed:
        raise OutOfReach(offices=sorted(missed))
    if not units:
        raise NoRecipients
    return units


def issue_directive(
    *,
    by: Person,
    directive: Directive,
    audience: Audience,
    key: str,
    at: datetime | None = None,
    is_sample: bool = False,
    route: Route = Route.LOG_IN,
) -> Task:
    """Send a directive in the name of the office where the person directs; units are told by e-mail.

    Sent again under the same key, it is the same directive: nothing is doubled. A sample tells nobody, and may have
    been sent in the past.
    """
    standing = standing_of(by)
    if not standing.directs_at:
        raise NotYours(move="issue")
    now = at or timezone.now()
    known = _known(by=by, key=key, fingerprint=directive.fingerprint(audience))
    if known:
        return known
    _check(directive, key=key, now=now)
    units = preview_directive(by=by, audience=audience)
    try:
        with files.kept(directive.attachments) as kept, transaction.atomic():
            task = Task.objects.create(
                title=directive.title.strip(),
                text=directive.text.strip(),
                why=directive.why.strip(),
                due_at=directive.due_at,
                is_urgent=directive.is_urgent,
                acknowledge_minutes=directive.acknowledge_minutes,
                origin_kind=directive.origin_kind,
                origin_ref=directive.origin_ref,
                issued_by=by,
                issuing_office_id=standing.directs_at[0],
                sent_at=now,
                idempotency_key=key,
                fingerprint=directive.fingerprint(audience),
                is_sample=is_sample,
            )
            files.attach(kept, task=task, by=by, at=now)
            recipients = _send_to(units, task=task, by=by, at=now, route=route)
            told = letters.tell_of_sending(
                ((recipient, unit.addresses) for recipient, unit in zip(recipients, units, strict=True)), at=now
            )
            webhooks.tell_of_issuing(task, recipients=len(recipients), at=now)
            values = {
                "title": task.title,
                "due_at": task.due_at.isoformat(),
                "offices": [unit.office.code for unit in units],
                "mails": told,
            }
            record(by=by, action="task.issue", of=task, values=values)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        known = _known(by=by, key=key, fingerprint=directive.fingerprint(audience))
        if known is None:
            raise
        return known
    return task


def _known(*, by: Person, key: str, fingerprint: str) -> Task | None:
    task = Task.objects.filter(issued_by=by, idempotency_key=key).first()
    if task and task.fingerprint != fingerprint:
        raise KeyUsedOtherwise
    return task


def _check(directive: Directive, *, key: str, now: datetime) -> None:
    if not 8 <= len(key) <= 64:
        raise TaskInvalid(field="key", problem="length")
    for name, limit in (("title", 200), ("text", 20_000)):
        value = getattr(directive, name).strip()
        if not value:
            raise TaskInvalid(field=name, problem="missing")
        if len(value) > limit:
            raise TaskInvalid(field=name, problem="too_long", limit=limit)
    if len(directive.why) > 5_000:
        raise TaskInvalid(field="why", problem="too_long", limit=5_000)
    if directive.due_at <= now:
        raise TaskInvalid(field="due_at", problem="past")
    if directive.due_at > now + LONGEST_DUE:
        raise TaskInvalid(field="due_at", problem="too_far")
    if not 1 <= directive.acknowledge_minutes <= LONGEST_ACKNOWLEDGE_MINUTES:
        raise TaskInvalid(field="acknowledge_minutes", problem="range", limit=LONGEST_ACKNOWLEDGE_MINUTES)
    if directive.origin_kind not in ("free", "issue", "brief"):
        raise TaskInvalid(field="origin_kind", problem="unknown")


def _send_to(units: list[Unit], *, task: Task, by: Person, at: datetime, route: Route) -> list[TaskRecipient]:
    recipients = TaskRecipient.objects.bulk_create(
        TaskRecipient(
            task=task,
            office=unit.office,
            area=unit.area,
            addressed_role=unit.role,
            state=State.SENT,
            state_at=at,
            due_at=task.due_at,
        )
        for unit in units
    )
    insert(
        RecipientEvent,
        len(recipients),
        task_id=task.pk,
        recipient_id=[recipient.pk for recipient in recipients],
        at=at,
        to_state=State.SENT,
        by_id=by.pk,
        route=route,
    )
    clocks.wind(recipients, task=task, at=at)
    return recipients


def send_task_again(
    *,
    by: Person,
    recipient: TaskRecipient,
    reason: str,
    due_at: datetime | None = None,
    route: Route = Route.LOG_IN,
) -> RecipientEvent:
    """The issuer sends a returned directive anew, with what makes it possible now; the unit acknowledges anew."""
    move = MOVES["send_again"]
    demand(by, recipient, move)
    reason, now = reason.strip(), timezone.now()
    if not reason:
        raise ReasonMissing(move=move.name)
    if due_at is not None and due_at <= now:
        raise TaskInvalid(field="due_at", problem="past")
    fields = {"round": F("round") + 1, "acknowledged_at": None, "due_at": due_at or recipient.due_at}
    with transaction.atomic():
        event = step(recipient, move, actor=Actor(by, route), at=now, reason=reason, **fields)
        recipient.refresh_from_db(fields=["round"])
        clocks.stop_earlier_rounds(recipient)
        clocks.wind([recipient], task=recipient.task, at=now)
        letters.tell_of_sending([(recipient, letters.addresses_of_unit(recipient))], at=now, reason=reason)
        values = {"task": recipient.task_id, "office": recipient.office.code, "reason": reason}
        record(by=by, action="task.send_again", of=recipient, values=values)
    return event
