"""Connections are taken one by one while there is room: of many who come at once each process answers its share.

All web processes wait at one socket. A loop that takes every connection it sees leaves the others without work.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, cast

import uvicorn

LOOK_SECONDS: Final = 0.005
"""How often a process that has enough to do looks whether it may take more."""


class TakingServer(uvicorn.Server):
    """A server that takes a connection when `has_room` says so.

    Parameters
    ----------
    config
        What it serves, and how.
    has_room
        Whether another request would be answered soon.
    """

    def __init__(self, config: uvicorn.Config, *, has_room: Callable[[], bool]) -> None:
        super().__init__(config)
        self._has_room = has_room

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await self.lifespan.startup()
        takers: Any = [_Taker(one, self._protocol, self._has_room) for one in sockets or []]
        self.servers = takers
        self.started = True

    def _protocol(self) -> asyncio.Protocol:
        make = cast(Callable[..., asyncio.Protocol], self.config.http_protocol_class)
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


class _Taker:
    """Takes from one socket until it is closed; to whoever closes it, it looks like a server of the loop."""

    def __init__(
        self, listening: socket.socket, protocol: Callable[[], asyncio.Protocol], has_room: Callable[[], bool]
    ) -> None:
        listening.settimeout(0)
        self._task = asyncio.get_running_loop().create_task(_take(listening, protocol, has_room))

    def close(self) -> None:
        """Take no more."""
        self._task.cancel()

    async def wait_closed(self) -> None:
        """Return when none is taken any more."""
        with suppress(asyncio.CancelledError):
            await self._task


async def _take(
    listening: socket.socket, protocol: Callable[[], asyncio.Protocol], has_room: Callable[[], bool]
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        while not has_room():
            await asyncio.sleep(LOOK_SECONDS)
        try:
            taken, _ = await loop.sock_accept(listening)
            await loop.connect_accepted_socket(protocol, taken)
        except OSError:  # it went away again, or the system has no room for another one now
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(0)  # what it asks is read before the next one is taken
