"""Connections are taken while there is room; what waits is taken later, or by another process at the same socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from nhipcau.running.taking import TakingServer


async def _answer(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def serving(listening: socket.socket, has_room: Callable[[], bool]) -> AsyncIterator[TakingServer]:
    """A server at a socket of its own, which is the same as that of others."""
    server = TakingServer(uvicorn.Config(_answer, log_level="error", lifespan="off"), has_room=has_room)
    task = asyncio.create_task(server._serve([listening.dup()]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await task


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as made:
        yield made


async def asked(listening: socket.socket) -> str:
    """The first line of an answer on a connection of its own."""
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    line = await reader.readline()
    writer.close()
    return line.decode().strip()


def test_who_has_no_room_leaves_it_to_the_other(listening: socket.socket) -> None:
    async def scene() -> tuple[int, int, set[str]]:
        async with serving(listening, lambda: False) as full, serving(listening, lambda: True) as free:
            said = await asyncio.gather(*(asked(listening) for _ in range(20)))
            return full.server_state.total_requests, free.server_state.total_requests, set(said)

    assert asyncio.run(scene()) == (0, 20, {"HTTP/1.1 204 No Content"})


def test_what_waits_is_taken_when_there_is_room(listening: socket.socket) -> None:
    room: list[bool] = []

    async def scene() -> str:
        async with serving(listening, lambda: bool(room)):
            waiting = asyncio.create_task(asked(listening))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            room.append(True)
            return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(scene()).startswith("HTTP/1.1 204")


def test_stopped_it_takes_no_more(listening: socket.socket) -> None:
    async def scene() -> None:
        async with serving(listening, lambda: True):
            assert await asked(listening)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readline(), 0.2)
        writer.close()
        await writer.wait_closed()

    asyncio.run(scene())
