"""Sending messages to other systems: signed, to public addresses only, again and again with longer waits.

The connection goes to an address that was checked (`voices/connections.py`), follows no redirect, and ends in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import httpcore
import httpx
from django.conf import settings
from django.db.models import F

from nhipcau import __version__
from nhipcau.feeds.connections import guarded_client
from nhipcau.feeds.errors import FeedError
from nhipcau.network.models.webhooks import DeliveryState, WebhookDelivery
from nhipcau.network.webhookevents import WAITS, signature

SECONDS = 5.0
KEPT = timedelta(days=30)


def send(delivery: WebhookDelivery, *, now: datetime) -> bool | None:
    """Try once; whether the other side took it, or None where another worker has it.

    The next try is noted before this one, so that a process that dies in between loses nothing. A message may come
    twice, then with the same number.
    """
    last = delivery.tries >= len(WAITS)
    again_at = now + WAITS[min(delivery.tries, len(WAITS) - 1)]
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED, tries=delivery.tries)
    if mine.update(tries=F("tries") + 1, due_at=again_at) != 1:
        return None
    is_taken, answer = _post(delivery, now=now)
    tried = WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED)
    if is_taken or last:
        state = DeliveryState.SENT if is_taken else DeliveryState.GIVEN_UP
        tried.update(state=state, answer=answer, finished_at=now)
    else:
        tried.update(answer=answer)
    return is_taken


def _post(delivery: WebhookDelivery, *, now: datetime) -> tuple[bool, str]:
    body, timestamp = delivery.body.encode(), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"nhipcau/{__version__} (webhooks)",
        "Webhook-Id": delivery.number,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": signature(delivery.webhook.secret, number=delivery.number, timestamp=timestamp, body=body),
    }
    client = guarded_client(
        timeout_seconds=SECONDS, total_seconds=2 * SECONDS, allow_private=settings.WEBHOOKS_MAY_BE_PRIVATE
    )
    try:
        with client, client.stream("POST", delivery.webhook.address, content=body, headers=headers) as response:
            return response.is_success, str(response.status_code)
    except FeedError as error:
        return False, error.code.removeprefix("feed.")
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.TimeoutException) as error:
        return False, type(error).__name__
    except httpcore.ProtocolError as error:
        return False, type(error).__name__


def forget_old(now: datetime) -> int:
    """Take away what was finished long ago."""
    count, _rows = WebhookDelivery.objects.filter(finished_at__lt=now - KEPT).delete()
    return count
