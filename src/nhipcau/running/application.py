"""What a web process serves: pages by a fixed number of threads, streams (addresses that end in `/events`) by the loop.

A page answers and is done: its thread and its database connection are kept for the next one, and of many who come at
once each is answered in turn rather than all at a crawl. A stream stays open for minutes: it holds no thread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

STREAMS_END_IN: Final = "/events"
THREADS: Final = 12

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def make_application() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Load all pages, so that one that cannot be loaded ends the process with its reason, and give what serves them."""
    streams = get_asgi_application()
    pages: Any = WSGIMiddleware(get_wsgi_application(), workers=THREADS)
    len(get_resolver().url_patterns)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        serve = streams if is_stream(scope["path"]) else pages
        await serve(scope, receive, send)

    return answer


def is_stream(path: str) -> bool:
    """Whether an address is one whose answer goes on and on."""
    return path.endswith(STREAMS_END_IN)
