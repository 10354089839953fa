"""Requests that threads answer: read whole before, given back whole, in pieces where the answer comes in pieces."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

from nhipcau.running.pages import SMALL, Pages

Message = dict[str, Any]


class Pieces:
    """What Django gives for a file: an answer that streams, and is closed at the end."""

    streaming = True

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        self.is_closed = True


def asked(
    application: Callable[..., Any],
    *received: Message,
    headers: list[tuple[bytes, bytes]] | None = None,
    threads: int = 1,
) -> list[Message]:
    """What one request is answered, message by message."""
    return asyncio.run(_ask(Pages(application, threads=threads), list(received), headers or []))


async def _ask(pages: Pages, received: list[Message], headers: list[tuple[bytes, bytes]]) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return received.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        **{"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/"},
        **{"query_string": b"", "headers": headers, "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)},
    }
    await pages(scope, receive, send)
    return sent


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def length(count: int) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", str(count).encode())]


def echo(environ: Any, start_response: Any) -> list[bytes]:
    start_response("201 Created", [("Set-Cookie", " a=1"), ("X-Thread", threading.current_thread().name)])
    return [b"<", environ["wsgi.input"].read(), b">"]


def test_answer_is_one_piece_from_a_thread() -> None:
    begin, body = asked(echo, part(b"ab", more=True), part(b"cd"), headers=length(4))
    assert (begin["status"], body["body"], body.get("more_body", False)) == (201, b"<abcd>", False)
    assert begin["headers"][0] == (b"set-cookie", b"a=1")
    assert begin["headers"][1][1].startswith(b"page")


def test_request_without_a_body_is_not_waited_for() -> None:
    assert asked(echo)[1]["body"] == b"<>"


def test_half_a_form_is_never_answered() -> None:
    called: list[Any] = []
    assert (
        asked(
            lambda *given: called.append(given), part(b"ab", more=True), {"type": "http.disconnect"}, headers=length(4)
        )
        == []
    )
    assert called == []


def test_what_streams_goes_out_in_its_pieces_and_is_closed() -> None:
    pieces = Pieces(b"one", b"two")

    def application(_environ: Any, start_response: Any) -> Pieces:
        start_response("200 OK", [])
        return pieces

    assert [message.get("body") for message in asked(application)] == [None, b"one", b"two", b""]
    assert pieces.is_closed


def test_large_bodies_are_read_while_they_come() -> None:
    sent = asked(echo, part(b"x" * SMALL, more=True), part(b"yz"), headers=length(SMALL + 2))
    assert b"".join(message.get("body", b"") for message in sent) == b"<" + b"x" * SMALL + b"yz>"
    begin = next(message for message in sent if message["type"] == "http.response.start")
    assert not dict(begin["headers"])[b"x-thread"].startswith(b"page")


def test_what_fails_frees_its_thread() -> None:
    def fail(_environ: Any, _start: Any) -> Any:
        raise LookupError

    async def twice() -> list[Message]:
        answers = iter([fail, echo])
        pages = Pages(lambda *given: next(answers)(*given), threads=1)
        for _ in range(2):
            try:
                sent = await _ask(pages, [], [])
            except LookupError:
                continue
        return sent

    assert asyncio.run(twice())[0]["status"] == 201


def test_room_is_that_of_threads_whatever_is_still_being_sent() -> None:
    gate = threading.Event()

    def wait(environ: Any, start_response: Any) -> list[bytes]:
        assert gate.wait(30)
        return echo(environ, start_response)

    async def scene() -> list[bool]:
        pages = Pages(wait, threads=1)

        async def forget(_message: Message) -> None: ...

        def begun(body: asyncio.Future[Message]) -> asyncio.Task[None]:
            async def receive() -> Message:
                return await body

            scope = {
                **{"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/"},
                **{"query_string": b"", "headers": length(3), "server": None, "client": None},
            }
            return asyncio.create_task(pages(scope, receive, forget))

        loop = asyncio.get_running_loop()
        bodies = [loop.create_future() for _ in range(5)]
        tasks = [begun(body) for body in bodies]
        await asyncio.sleep(0.05)
        seen = [pages.has_room()]
        for body in bodies[:2]:
            body.set_result(part(b"abc"))
        await asyncio.sleep(0.05)
        seen.append(pages.has_room())
        gate.set()
        for body in bodies[2:]:
            body.set_result(part(b"abc"))
        await asyncio.gather(*tasks)
        return [*seen, pages.has_room()]

    assert asyncio.run(scene()) == [True, False, True]
