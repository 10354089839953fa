"""Asking a feed: claimed by one worker, fetched outside of any transaction, taken in with its new state in one.

A worker that dies while it asks leaves a claim that runs out; what it fetched was written nowhere, so the next asking
brings it again. Who calls this: `jobs/feeds.py`. When a feed is asked: `asking.py`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nhipcau.feeds.connections import resolve
from nhipcau.feeds.errors import FeedError
from nhipcau.feeds.fetching import FeedResult, fetch_feed
from nhipcau.feeds.state import FeedState, fingerprint
from nhipcau.site.errors import DomainError
from nhipcau.voices.actions.intake import take_in
from nhipcau.voices.asking import ask_after_failure, interval
from nhipcau.voices.models.health import FeedHost, SourceFailure
from nhipcau.voices.models.sources import Source, SourceKind
from nhipcau.voices.queries.pressure import require_room

LEASE: Final = timedelta(minutes=2)
"""A claim is longer than the longest fetch."""
TOTAL_SECONDS: Final = 30.0
PAUSE: Final = timedelta(seconds=2)
"""Between two askings of one host."""
FEWEST_SEEN: Final = 500
KEPT_FAILURES: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed that is ours to ask, until the lease is over."""

    source: Source
    host: str
    at: datetime
    until: datetime


def claim_feed(*, source_id: int, now: datetime) -> Asked | None:
    """Take a feed that is due, and its host; None where another worker has either."""
    with transaction.atomic():
        due = Source.objects.filter(pk=source_id, kind=SourceKind.FEED, stopped_at__isnull=True, ask_next_at__lte=now)
        until = now + LEASE
        if due.update(asked_at=now, ask_next_at=until) != 1:
            return None
        source = Source.objects.get(pk=source_id)
        host = host_of(source.address)
        FeedHost.objects.get_or_create(host=host, defaults={"free_at": now})
        if FeedHost.objects.filter(host=host, free_at__lte=now).update(free_at=until) != 1:
            transaction.set_rollback(True)
            return None
    return Asked(source, host, now, until)


def fetch(asked: Asked) -> FeedResult | FeedError:
    """Ask the server; touches no database, so that threads can do it side by side."""
    state = asked.source.feed_state
    known = FeedState(etag=state.get("etag", ""), modified=state.get("modified", ""))
    try:
        return ask(asked.source.address, now=asked.at, known=known)
    except FeedError as error:
        return error


def ask(address: str, *, now: datetime, known: FeedState | None = None) -> FeedResult:
    """Ask an address, guarded, as all feeds of the house are."""
    return fetch_feed(
        address,
        now=now,
        state=known,
        allow_private=settings.FEEDS_MAY_BE_PRIVATE,
        total_seconds=TOTAL_SECONDS,
        resolver=resolve,
    )


def keep(asked: Asked, outcome: FeedResult | FeedError) -> int:
    """Write what came of it, whole or not at all; how many voices were new. A claim that ran out is dropped."""
    try:
        if isinstance(outcome, FeedError):
            _keep_failure(asked, outcome)
            return 0
        return _keep_result(asked, outcome)
    except DomainError:  # intake has no room now, or the source was stopped: the next asking brings it again
        _still_ours(asked).update(ask_next_at=asked.at + LEASE)
        return 0
    finally:
        FeedHost.objects.filter(host=asked.host, free_at=asked.until).update(free_at=timezone.now() + PAUSE)


def _still_ours(asked: Asked) -> Any:
    return Source.objects.filter(
        pk=asked.source.pk,
        asked_at=asked.at,
        ask_next_at=asked.until,
        address=asked.source.address,
        stopped_at__isnull=True,
    )


def _keep_result(asked: Asked, result: FeedResult) -> int:
    source, state = asked.source, asked.source.feed_state
    seen = dict.fromkeys(state.get("seen", []))
    new: dict[str, dict[str, str]] = {}
    for post in result.posts:
        number = fingerprint(post["id"])
        if number not in seen:
            new.setdefault(number, post)
        seen.pop(number, None)
        seen[number] = None
    kept = list(seen)[-max(FEWEST_SEEN, 2 * len(result.posts)) :]
    values: dict[str, Any] = {
        "feed_state": {"etag": result.etag, "modified": result.modified, "seen": kept},
        "succeeded_at": asked.at,
        "failures_in_a_row": 0,
        "failure_code": "",
        "failure_values": {},
        "ask_next_at": asked.at + interval(source.rhythm_minutes),
    }
    with transaction.atomic():
        if _still_ours(asked).update(**values) != 1:
            return 0
        if not new:
            return 0
        require_room()
        voices = [_voice(post, is_press=source.matter == "press") for post in new.values()]
        content = hashlib.sha256("\n".join([asked.at.isoformat(), *new]).encode()).hexdigest()
        receipt = take_in(source=source, voices=voices, route="feed", key=content, fingerprint=content, at=asked.at)
    return receipt.accepted


def _voice(post: dict[str, str], *, is_press: bool) -> dict[str, str]:
    kept = {name: post[name] for name in ("id", "time", "text", "link") if post[name]}
    return kept | {"kind": "press" if is_press else "post"}


def _keep_failure(asked: Asked, error: FeedError) -> None:
    source = asked.source
    again = ask_after_failure(
        rhythm_minutes=source.rhythm_minutes,
        failures=source.failures_in_a_row,
        code=error.code,
        values=error.values,
        now=asked.at,
    )
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in error.values.items()}
    values: dict[str, Any] = {"failure_code": error.code, "failure_values": said, "ask_next_at": again}
    with transaction.atomic():
        if _still_ours(asked).update(failures_in_a_row=source.failures_in_a_row + 1, **values) != 1:
            return
        SourceFailure.objects.create(source=source, at=asked.at, code=error.code, values=said)
        old = source.failures.order_by("-at", "-pk").values_list("pk", flat=True)[KEPT_FAILURES:]
        SourceFailure.objects.filter(pk__in=list(old)).delete()


def host_of(address: str) -> str:
    """The host of an address, in small letters."""
    try:
        return (urlsplit(address).hostname or "")[:255]
    except ValueError:
        return ""
