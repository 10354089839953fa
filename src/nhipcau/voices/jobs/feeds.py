"""What the worker does for feeds: asks those that are due, different hosts side by side, one host one after another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from typing import Final

from nhipcau.running.jobs import job
from nhipcau.voices.actions.feeds import Asked, claim_feed, fetch, keep
from nhipcau.voices.models.sources import Source, SourceKind

HOSTS_AT_ONCE: Final = 8
LOOKED_AT: Final = 100


@job("voices.feeds", every_seconds=10)
def ask_feeds(now: datetime) -> int:
    """Ask feeds that are due, the longest due first; how many were asked."""
    due = Source.objects.filter(kind=SourceKind.FEED, stopped_at__isnull=True, ask_next_at__lte=now)
    claimed: list[Asked] = []
    for source_id in list(due.order_by("ask_next_at", "pk").values_list("pk", flat=True)[:LOOKED_AT]):
        if len(claimed) == HOSTS_AT_ONCE:
            break
        if (asked := claim_feed(source_id=source_id, now=now)) is not None:
            claimed.append(asked)
    if not claimed:
        return 0
    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE, thread_name_prefix="feed") as pool:
        fetching = {pool.submit(fetch, asked): asked for asked in claimed}
        for done in as_completed(fetching):
            keep(fetching[done], done.result())
    return len(claimed)
