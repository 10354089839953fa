"""Pages by a fixed number of threads: a request is read before its thread begins, an answer goes back in one piece.

Each way between the loop and a thread costs a wait for the other one while many come at once; so there are two of them,
not one for each piece. What is large, files that come or go, is handed over piece by piece all the same.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any, Final

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ

SMALL: Final = 1_000_000
"""Bytes of a request that are kept in memory; larger ones are files."""
FILE_THREADS: Final = 4

Send = Callable[[Any], Coroutine[Any, Any, None]]
Receive = Callable[[], Awaitable[Any]]


@dataclass
class _Answer:
    """What an application answered; `is_sent` when it went out piece by piece."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    is_sent: bool = False

    def start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        """What WSGI calls before the first piece."""
        self.status = int(status.partition(" ")[0])
        self.headers = [
            (name.strip().lower().encode("latin1"), value.strip().encode("latin1")) for name, value in headers
        ]


class Pages:
    """An ASGI application that answers by a WSGI one.

    Parameters
    ----------
    application
        What answers. One whose answer is marked as `streaming` goes out as it comes.
    threads
        How many requests are answered at once; the others wait for their turn.
    """

    def __init__(self, application: Any, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._most, self._held = threads, 0
        self._files: Any = WSGIMiddleware(application, workers=FILE_THREADS)

    def has_room(self) -> bool:
        """Whether a request that came now would have a thread at once, or the next one that is free.

        Who is still sending a request, or fetching a file, holds none: slow lines keep nobody else out.
        """
        return self._held < 2 * self._most

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or _is_large(scope):
            await self._files(scope, receive, send)
            return
        body = await _read(receive) if _has_body(scope) else b""
        if body is None:
            return
        loop = asyncio.get_running_loop()
        environ: Any = build_environ(scope, BytesIO(body))  # type: ignore[arg-type]  # a file like any other
        call = partial(contextvars.copy_context().run, self._answer, environ, loop, send)
        self._held += 1
        try:
            answer = await loop.run_in_executor(self._threads, call)
        finally:
            self._held -= 1
        if not answer.is_sent:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, environ: Any, loop: asyncio.AbstractEventLoop, send: Send) -> _Answer:
        """Let the application answer, in a thread."""
        answer = _Answer()
        given = self._application(environ, answer.start)
        try:
            if getattr(given, "streaming", False):
                answer.is_sent = True
                _send_pieces(answer, given, lambda message: asyncio.run_coroutine_threadsafe(send(message), loop))
            else:
                answer.body = b"".join(given)
        finally:
            if hasattr(given, "close"):
                given.close()
        return answer


def _send_pieces(answer: _Answer, pieces: Iterable[bytes], send: Callable[[Any], Any]) -> None:
    send({"type": "http.response.start", "status": answer.status, "headers": answer.headers}).result()
    for piece in pieces:
        send({"type": "http.response.body", "body": piece, "more_body": True}).result()
    send({"type": "http.response.body", "body": b""}).result()


def _has_body(scope: Any) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


def _is_large(scope: Any) -> bool:
    """Whether a body may not fit into memory; one of unknown length may be any."""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding" or (name == b"content-length" and not (value.isdigit() and int(value) < SMALL)):
            return True
    return False


async def _read(receive: Receive) -> bytes | None:
    """Read the whole body; None where somebody went away before its end, for half a form is no form."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)
