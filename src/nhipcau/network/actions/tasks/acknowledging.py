"""Acknowledging: by a log-in, a program, a one-time link, a named proxy. The same again is no error and no change."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import clocks
from nhipcau.network.actions.tasks.errors import LinkRefused, NotYours, TaskCorrected, TaskHasMoved, TaskInvalid
from nhipcau.network.actions.tasks.moves import Actor, demand, note_event, step
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_mail import OneTimeLink
from nhipcau.network.models.tasks import Acknowledgement, TaskRecipient
from nhipcau.network.onetimelinks import number_in
from nhipcau.network.queries.tasks import is_outdated, taken_note
from nhipcau.network.taskstates import MOVES, UNACKNOWLEDGED, Route

NAME_LENGTH = 150


def acknowledge_task(
    *, by: Person, recipient: TaskRecipient, version: int | None = None, route: Route = Route.LOG_IN
) -> Acknowledgement:
    """A person of the unit takes note, logged in or by a program of theirs; `version` is the one that they read."""
    demand(by, recipient, MOVES["acknowledge"])
    _demand_read(recipient, version)
    return take_note(recipient, actor=Actor(by, route, by.name), at=timezone.now())


def acknowledge_for(*, by: Person, recipient: TaskRecipient, name: str, note: str) -> Acknowledgement:
    """Somebody above the unit records, as its named proxy, that a person of the unit took note, and how they know."""
    if not standing_of(by).oversees(recipient.office_id):
        raise NotYours(move="acknowledge")
    name, note = " ".join(name.split())[:NAME_LENGTH], note.strip()[:300]
    if not name:
        raise TaskInvalid(field="name", problem="missing")
    if not note:
        raise TaskInvalid(field="note", problem="missing")
    return take_note(recipient, actor=Actor(by, Route.PROXY, name), at=timezone.now(), note=note)


def link_for(token: str) -> OneTimeLink:
    """The link of a token, for showing; raises `LinkRefused`. Reading it changes nothing."""
    number = number_in(token)
    links = OneTimeLink.objects.select_related("recipient__task__issuing_office", "recipient__office", "person")
    link = links.filter(number=number).first() if number else None
    if link is None:
        raise LinkRefused(problem="unknown")
    if link.expires_at <= timezone.now():
        raise LinkRefused(problem="late")
    return link


def _demand_read(recipient: TaskRecipient, version: int | None) -> None:
    """Nobody acknowledges a correction that they have not had before them."""
    if version is not None and version != recipient.task.version:
        raise TaskCorrected


def acknowledge_by_link(*, token: str, name: str = "", version: int | None = None) -> Acknowledgement:
    """Whoever holds the e-mail takes note for the unit, without a log-in; who has no account says their name."""
    link = link_for(token)
    recipient = link.recipient
    name = link.person.name if link.person else " ".join(name.split())[:NAME_LENGTH]
    known = taken_note(recipient, in_round=link.round)
    if known and (link.round != recipient.round or not is_outdated(known, recipient)):
        return known
    if link.round != recipient.round or (known is None and recipient.state not in UNACKNOWLEDGED):
        raise LinkRefused(problem="passed")
    _demand_read(recipient, version)
    if not name:
        raise TaskInvalid(field="name", problem="missing")
    now = timezone.now()
    with transaction.atomic():
        OneTimeLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now)
        return take_note(recipient, actor=Actor(link.person, Route.LINK, name), at=now)


def take_note(recipient: TaskRecipient, *, actor: Actor, at: datetime, note: str = "") -> Acknowledgement:
    """Acknowledge by whichever route, with no question of rights: for the actions above and for the sample."""
    known = taken_note(recipient, in_round=recipient.round)
    if known and not is_outdated(known, recipient):
        return known
    by_proxy = actor.route == Route.PROXY
    try:
        with transaction.atomic():
            before = recipient.state
            if known is None:
                event = step(recipient, MOVES["acknowledge"], actor=actor, at=at, reason=note, acknowledged_at=at)
                before = event.from_state
            else:
                note_event(recipient, actor=actor, at=at, was=before, reason=note)
            made = Acknowledgement.objects.create(
                recipient=recipient,
                round=recipient.round,
                version=recipient.task.version,
                office_id=recipient.office_id,
                at=at,
                route=actor.route,
                name=actor.name,
                person=None if by_proxy else actor.person,
                recorded_by=actor.person if by_proxy else None,
                note=note,
            )
            clocks.follow(recipient, at=at)
            values = {
                "task": recipient.task_id,
                "office": recipient.office.code,
                "from": before,
                "version": made.version,
                "route": str(actor.route),
                "name": actor.name,
            }
            record(by=actor.person, action="task.acknowledge", of=recipient, values=values)
            return made
    except (TaskHasMoved, IntegrityError):
        known = taken_note(recipient, in_round=recipient.round)
        if known and not is_outdated(
            known, recipient
        ):  # a colleague was faster by a moment: it is acknowledged all the same
            return known
        raise
