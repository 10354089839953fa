"""Public feeds → lines of posts that the reader takes as they are. One feed: `fetching.py`. Memory: `state.py`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from nhipcau.feeds.connections import Resolver, resolve
from nhipcau.feeds.errors import FeedError
from nhipcau.feeds.fetching import DEFAULT_ZONE, FeedResult, fetch_feed, in_utc
from nhipcau.feeds.state import MOST_SEEN, FeedState, FetchState, append, load, recover, save

__all__ = ["FeedOutcome", "FeedResult", "FeedState", "fetch_feed", "fetch_feeds"]

HOSTS_AT_ONCE: Final = 8
"""Different hosts are asked side by side; the feeds of one host one after another."""


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """What became of one feed of several: `result` or `error`, and how many posts were new."""

    url: str
    new_posts: int = 0
    result: FeedResult | None = None
    error: FeedError | None = None


@dataclass(slots=True)
class _Fetched:
    url: str
    result: FeedResult | None = None
    error: FeedError | None = None


def fetch_feeds(
    urls: Sequence[str],
    out: Path,
    *,
    now: datetime,
    state_path: Path | None = None,
    allow_private: bool = False,
    timeout_seconds: float = 10,
    max_bytes: int = 5_000_000,
    zone: ZoneInfo = DEFAULT_ZONE,
    resolver: Resolver = resolve,
    on_outcome: Callable[[FeedOutcome], None] | None = None,
) -> list[FeedOutcome]:
    """Fetch feeds and append what is new to a file of JSON lines. One feed's failure never stops the others.

    A kill at any moment loses nothing and doubles nothing: lines are written whole and made safe before the state is
    saved, a torn line is cut off at the next start, and lines that the state does not know yet are read back.

    Parameters
    ----------
    urls
        Feeds; one named twice is fetched once.
    out
        File to append to; made with its folder where there is none.
    now
        Arrival time of what is found.
    state_path
        Where validators and the items seen are kept; `<out>.state.json` beside the output if not given.
    allow_private, timeout_seconds, max_bytes, zone, resolver
        As for `fetch_feed`.
    on_outcome
        Called after each feed, for a progress bar.

    Returns
    -------
    list[FeedOutcome]
        One for each feed, in the order given.

    Raises
    ------
    FeedError
        `feed.out-busy` when another run writes to the file, `feed.write-failed`, `feed.state-broken`. What one feed
        does wrong is in its outcome instead.
    """
    now = in_utc(now)
    state_path = state_path or out.with_name(f"{out.name}.state.json")
    unique = list(dict.fromkeys(urls))
    outcomes: dict[str, FeedOutcome] = {}
    with _opened(out) as descriptor:
        state = load(state_path)
        recover(state, descriptor, out)
        seen_now = 0

        def fetch_host(of_one_host: list[str]) -> list[_Fetched]:
            fetched = []
            for url in of_one_host:
                try:
                    result = fetch_feed(
                        url,
                        now=now,
                        state=known.get(url),
                        allow_private=allow_private,
                        timeout_seconds=timeout_seconds,
                        max_bytes=max_bytes,
                        zone=zone,
                        resolver=resolver,
                    )
                except FeedError as error:
                    fetched.append(_Fetched(url, error=error))
                else:
                    fetched.append(_Fetched(url, result=result))
            return fetched

        known = dict(state.feeds)
        with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE, thread_name_prefix="fetch") as pool:
            for group in pool.map(fetch_host, _by_host(unique)):
                for fetched in group:
                    outcome = _keep(fetched, state, descriptor, out)
                    seen_now += len(fetched.result.posts) if fetched.result else 0
                    state.forget(keep=max(MOST_SEEN, seen_now))
                    save(state, state_path)
                    outcomes[fetched.url] = outcome
                    if on_outcome is not None:
                        on_outcome(outcome)
    return [outcomes[url] for url in unique]


def _keep(fetched: _Fetched, state: FetchState, descriptor: int, out: Path) -> FeedOutcome:
    """Write what is new of one feed and remember its validators."""
    before = state.feeds.get(fetched.url, FeedState())
    if fetched.error is not None:
        retry_at = fetched.error.values.get("retry_at")
        if isinstance(retry_at, datetime):
            state.feeds[fetched.url] = replace(before, retry_at=retry_at)
        return FeedOutcome(fetched.url, error=fetched.error)
    result = fetched.result
    if result is None:
        raise AssertionError("neither a result nor an error")
    new = [post for post in result.posts if state.note(post["id"])]
    append(descriptor, new, state, out)
    state.feeds[fetched.url] = FeedState(etag=result.etag, modified=result.modified, retry_at=result.retry_at)
    return FeedOutcome(fetched.url, new_posts=len(new), result=result)


def _by_host(urls: Sequence[str]) -> list[list[str]]:
    hosts: dict[str, list[str]] = {}
    for url in urls:
        try:
            host = urlsplit(url).hostname or url
        except ValueError:
            host = url
        hosts.setdefault(host, []).append(url)
    return list(hosts.values())


@contextmanager
def _opened(out: Path) -> Iterator[int]:
    """Open the output for appending; it is ours alone while it is open."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise FeedError("feed.write-failed", path=str(out), reason=error.strerror or str(error)) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FeedError("feed.out-busy", path=str(out)) from None
        yield descriptor
    finally:
        os.close(descriptor)
