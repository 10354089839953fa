"""Pages that go on and on (server-sent events): how they look for changes, keep open, and hold nothing in between.

An address of one ends in `/events` (`running/application.py`). What has changed is the view's own matter.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from typing import Any, Generic, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse

LOOK_SECONDS = 2.0
STREAM_SECONDS = 15 * 60  # then the browser opens it anew, and rights are looked up again
BEAT_SECONDS = 20.0

P = ParamSpec("P")
R = TypeVar("R")
Look = Callable[[int], Awaitable[tuple[int, str]]]
"""After which number → the newest number, and what to tell of it; nothing where it is not for this reader."""


def since_of(request: HttpRequest) -> int:
    """Give the number that the browser has seen last."""
    seen = request.headers.get("Last-Event-ID") or request.GET.get("since", "0")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else 0


def stream(look: Look, *, since: int) -> StreamingHttpResponse:
    """Answer with what `look` finds, as it happens."""
    response = StreamingHttpResponse(_events(look, since), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _events(look: Look, since: int) -> AsyncIterator[str]:
    ends_at = time.monotonic() + STREAM_SECONDS
    yield "retry: 5000\n\n"
    beat_at = time.monotonic()
    while time.monotonic() < ends_at:
        newest, told = await look(since)
        since = max(since, newest)
        if told:
            lines = "".join(f"data: {line}\n" for line in told.splitlines() if line.strip())
            yield f"id: {since}\nevent: change\n{lines}\n"
            beat_at = time.monotonic()
        elif time.monotonic() - beat_at > BEAT_SECONDS:
            yield ": still here\n\n"
            beat_at = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)


def read_apart(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Call a function that reads, in a thread of a small pool, and give its connection back at once."""

    def read(*args: P.args, **options: P.kwargs) -> R:
        try:
            return function(*args, **options)
        finally:
            close_old_connections()

    return sync_to_async(read, thread_sensitive=False)


class Shared(Generic[R]):
    """What all streams of a process ask for at the same time, read once for all of them.

    Parameters
    ----------
    seconds
        How long an answer holds.
    most
        Answers that are remembered.
    """

    def __init__(self, *, seconds: float = LOOK_SECONDS / 2, most: int = 500) -> None:
        self._seconds = seconds
        self._most = most
        self._known: dict[Hashable, tuple[float, asyncio.Task[R]]] = {}

    async def get(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, R]]) -> R:
        """Give the answer to a key; `read` is called where there is none that holds, or that one failed."""
        now, known = time.monotonic(), self._known.get(key)
        if known is None or not self._holds(*known, now=now):
            if len(self._known) >= self._most:
                self._known.clear()
            known = self._known[key] = (now, asyncio.create_task(read()))
        return await asyncio.shield(known[1])

    def _holds(self, asked_at: float, task: asyncio.Task[R], *, now: float) -> bool:
        if task.get_loop() is not asyncio.get_running_loop():
            return False
        has_failed = task.done() and (task.cancelled() or task.exception() is not None)
        return not has_failed and now - asked_at < self._seconds
