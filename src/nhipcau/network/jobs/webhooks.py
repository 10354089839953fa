"""What the worker does for webhooks: send what is due, and forget what was finished long ago."""

from __future__ import annotations

from datetime import datetime

from nhipcau.network.actions.sending_webhooks import forget_old, send
from nhipcau.network.models.webhooks import DeliveryState, WebhookDelivery
from nhipcau.running.jobs import job

AT_ONCE = 50


@job("webhooks.sending", every_seconds=5)
def send_webhooks(now: datetime) -> int:
    """Send what is due, the oldest first; a side that does not answer is left alone until the next round."""
    due = WebhookDelivery.objects.filter(state=DeliveryState.QUEUED, due_at__lte=now).order_by("due_at", "pk")
    silent: set[int] = set()
    done = 0
    for delivery in list(due.select_related("webhook")[:AT_ONCE]):
        if delivery.webhook_id in silent:
            continue
        is_taken = send(delivery, now=now)
        done += is_taken is not None
        if is_taken is False:
            silent.add(delivery.webhook_id)
    return done


@job("webhooks.cleaning", every_seconds=3600)
def forget_webhooks(now: datetime) -> int:
    """Forget messages that were finished a month ago."""
    return forget_old(now)
