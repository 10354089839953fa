"""The points and the hub, as asynchronous clients; every answer is timed to its last byte."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx
from benchmarks.rush.cast import Rush

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE_SECONDS = 30.0


@dataclass
class Measured:
    """Seconds by what was asked for, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    events: int = 0
    """Changes that open boards were told of."""

    @asynccontextmanager
    async def timed(self, what: str) -> AsyncIterator[None]:
        """Time an answer; one that does not come is an error."""
        begun = time.perf_counter()
        try:
            yield
        except (httpx.HTTPError, LookupError) as error:
            self.errors.append(f"{what}: {type(error).__name__}: {error}")
        else:
            self.seconds[what].append(time.perf_counter() - begun)


async def rush(address: str, cast: Rush, *, within_seconds: float, seed: int) -> Measured:
    """All points open their page at once; each acknowledges at its own moment of the time that there is."""
    measured = Measured()
    chance = random.Random(seed)
    watching = [asyncio.create_task(_watch(address, cast, session, measured)) for session in cast.watchers]
    points = [
        _acknowledge(address, cast, recipient, session, measured, after=chance.uniform(0, within_seconds))
        for recipient, session in cast.received.items()
    ]
    await asyncio.gather(*points)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    return measured


async def _acknowledge(
    address: str, cast: Rush, recipient: int, session: str, measured: Measured, *, after: float
) -> None:
    page = f"/received/{recipient}/"
    async with _browser(address, cast, session) as browser:
        async with measured.timed("a point's list"):
            (await browser.get("/received/")).raise_for_status()
        async with measured.timed("the directive"):
            (await browser.get(page)).raise_for_status()
        await asyncio.sleep(after)
        token = ""
        async with measured.timed("the directive, again"):
            token = TOKEN.findall((await browser.get(page)).raise_for_status().text)[0]
        async with measured.timed("acknowledging"):
            answer = await browser.post(f"{page}do/acknowledge", data={"csrfmiddlewaretoken": token})
            if answer.status_code not in (301, 302, 303):
                raise LookupError(f"status {answer.status_code}")


async def _watch(address: str, cast: Rush, session: str, measured: Measured) -> None:
    """Open the board and listen to it: what changes comes as it happens."""
    board = f"/tasks/{cast.task_id}/board"
    async with _browser(address, cast, session) as browser:
        async with measured.timed("the board"):
            (await browser.get(board)).raise_for_status()
        with suppress(httpx.RemoteProtocolError):
            async with browser.stream("GET", f"{board}/events", timeout=None) as events:
                events.raise_for_status()
                async for line in events.aiter_lines():
                    measured.events += line.startswith("event:")


@asynccontextmanager
async def _browser(address: str, cast: Rush, session: str) -> AsyncIterator[httpx.AsyncClient]:
    cookies = {cast.session_cookie: session}
    async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=PATIENCE_SECONDS) as browser:
        yield browser
