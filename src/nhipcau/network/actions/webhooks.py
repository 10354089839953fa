"""Telling other systems: who is told, and queueing what they are told in the transaction of the event.

Sending is in `sending_webhooks.py`, called by `jobs/webhooks.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nhipcau.feeds.addresses import is_allowed, literal_address
from nhipcau.feeds.errors import FeedError
from nhipcau.network.access.offices import keeps_network
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import RecipientEvent, Task, TaskRecipient
from nhipcau.network.models.webhooks import Webhook, WebhookDelivery
from nhipcau.network.webhookevents import EVENTS, OF_STATE, new_secret
from nhipcau.running.prepared import Prepared
from nhipcau.site.errors import DomainError, NotAllowed

MOST_WEBHOOKS = 20
AT_ONCE = 100


class WebhookInvalid(DomainError):
    """A field does not hold. Values: field, problem, limit."""

    code = "webhook-invalid"


class WebhookStopped(DomainError):
    """It was stopped already."""

    code = "webhook-stopped"
    status = 409


def make_webhook(*, by: Person, name: str, address: str, events: Collection[str]) -> Webhook:
    """An administrator of the hub lets another system be told of events."""
    if not keeps_network(by):
        raise NotAllowed
    name, address = " ".join(name.split()), address.strip()
    if not 1 <= len(name) <= 80:
        raise WebhookInvalid(field="name", problem="length", limit=80)
    if not _is_good(address):
        raise WebhookInvalid(field="address", problem="address", limit=0)
    if not events or not set(events) <= EVENTS.keys():
        raise WebhookInvalid(field="events", problem="unknown", limit=0)
    with transaction.atomic():
        if Webhook.objects.filter(stopped_at__isnull=True).count() >= MOST_WEBHOOKS:
            raise WebhookInvalid(field="", problem="many", limit=MOST_WEBHOOKS)
        made = Webhook.objects.create(
            name=name,
            address=address,
            secret=new_secret(),
            events=[event for event in EVENTS if event in events],
            made_at=timezone.now(),
            made_by=by,
        )
        record(by=by, action="webhook.made", of=made, values={"name": name, "address": address, "events": made.events})
    return made


def _is_good(address: str) -> bool:
    """Whether it is an address that may be called; where a name leads is looked at when it is called."""
    allowed = ("https", "http") if settings.WEBHOOKS_MAY_BE_PRIVATE else ("https",)
    try:
        parts = urlsplit(address)
        literal = literal_address(parts.hostname or "")
        is_whole = parts.scheme in allowed and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except (ValueError, FeedError):
        return False
    if not is_whole or len(address) > 500 or any(sign.isspace() or not sign.isprintable() for sign in address):
        return False
    return literal is None or is_allowed(literal, allow_private=settings.WEBHOOKS_MAY_BE_PRIVATE)


def stop_webhook(*, by: Person, webhook: Webhook) -> None:
    """An administrator of the hub ends it; what still waits is told no more."""
    if not keeps_network(by):
        raise NotAllowed
    now = timezone.now()
    with transaction.atomic():
        if Webhook.objects.filter(pk=webhook.pk, stopped_at__isnull=True).update(stopped_at=now) != 1:
            raise WebhookStopped
        webhook.deliveries.filter(state="queued").update(state="given-up", finished_at=now)
        record(by=by, action="webhook.stopped", of=webhook, values={"name": webhook.name})


def tell_of_issuing(task: Task, *, recipients: int, at: datetime) -> None:
    """Queue that a directive was sent; inside the transaction that sends it."""
    if task.is_sample:
        return
    said = {"task": task.pk, "title": task.title, "due_at": task.due_at.isoformat(), "recipients": recipients}
    _queue("task.issued", said, at=at)


def tell_of_correction(task: Task, *, recipients: int, at: datetime) -> None:
    """Queue that a directive was corrected; inside the transaction that does it."""
    if not task.is_sample:
        said = {"task": task.pk, "version": task.version, "due_at": task.due_at.isoformat(), "recipients": recipients}
        _queue("task.corrected", said, at=at)


def tell_of_move(event: RecipientEvent, *, recipient: TaskRecipient) -> None:
    """Queue what a move came to, where somebody wants to know; inside the transaction of the move."""
    if name := OF_STATE.get(event.to_state):
        _queue(name, _said(recipient), at=event.at)


def tell_of_delay(recipient: TaskRecipient, *, at: datetime) -> None:
    """Queue that a unit is overdue; inside the transaction that rings its clock."""
    _queue("task.overdue", _said(recipient), at=at)


def _said(recipient: TaskRecipient) -> dict[str, Any]:
    """Numbers and codes, nobody's name and no text: who may know more reads it through the API."""
    return {
        "task": recipient.task_id,
        "recipient": recipient.pk,
        "office": recipient.office.code,
        "state": str(recipient.state),
        "round": recipient.round,
    }


_LISTENING = Prepared(lambda: Webhook.objects.filter(stopped_at__isnull=True).order_by("pk"))


def _queue(event: str, said: dict[str, Any], *, at: datetime) -> None:
    tell_all([(event, said)], at=at)


def tell_all(events: Sequence[tuple[str, dict[str, Any]]], *, at: datetime) -> None:
    """Queue events of any room where somebody wants to know; inside the transaction of what they tell of.

    One query to see who listens, whatever their number; numbers and codes only, as above.
    """
    listening = _LISTENING() if events else []
    now = timezone.now()
    queued = []
    for event, said in events:
        wanting = [one for one in listening if event in one.events]
        body = orjson.dumps({"type": event, "timestamp": at.isoformat(), "data": said}).decode() if wanting else ""
        queued += [
            WebhookDelivery(
                webhook=one, number=f"msg_{secrets.token_hex(16)}", event=event, body=body, made_at=now, due_at=now
            )
            for one in wanting
        ]
    if queued:
        WebhookDelivery.objects.bulk_create(queued, batch_size=AT_ONCE)
