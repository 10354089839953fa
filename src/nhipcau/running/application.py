"""What a web process serves: pages by a fixed number of threads, streams (addresses that end in `/events`) by the loop.

A page answers and is done: its thread and its database connection are kept for the next one, and of many who come at
once each is answered in turn rather than all at a crawl. A stream stays open for minutes: it holds no thread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from nhipcau.running.pages import Pages

STREAMS_END_IN: Final = "/events"
THREADS: Final = 4

Application = Callable[..., Awaitable[None]]
"""An ASGI application: scope, receive, send."""


@dataclass(frozen=True)
class Served:
    """What a web process serves, and whether it can take more."""

    application: Application
    has_room: Callable[[], bool]


def make_application() -> Served:
    """Load all pages, so that one that cannot be loaded ends the process with its reason, and give what serves them."""
    streams: Application = get_asgi_application()
    pages = Pages(get_wsgi_application(), threads=THREADS)
    len(get_resolver().url_patterns)

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await (streams if is_stream(scope["path"]) else pages)(scope, receive, send)

    return Served(answer, pages.has_room)


def is_stream(path: str) -> bool:
    """Whether an address is one whose answer goes on and on."""
    return path.endswith(STREAMS_END_IN)
