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
    processor_seconds: float = 0.0

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
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_SECONDS, limits=limits) as line:
        browsers = [Browser(line, cast.session_cookie, session) for session in cast.watchers]
        watching = [asyncio.create_task(_watch(browser, cast.task_id, measured)) for browser in browsers]
        await asyncio.gather(
            *(
                _acknowledge(
                    Browser(line, cast.session_cookie, session),
                    recipient,
                    measured,
                    after=chance.uniform(0, within_seconds),
                )
                for recipient, session in cast.received.items()
            )
        )
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return measured


class Browser:
    """One person's cookies on a line that all share: a client for each would cost more than what is measured."""

    def __init__(self, line: httpx.AsyncClient, cookie: str, session: str) -> None:
        self._line = line
        self._cookies = {cookie: session}

    async def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return self._keep(await self._line.get(path, headers=self.headers)).raise_for_status()

    async def post(self, path: str, data: dict[str, str]) -> httpx.Response:
        """Send a form."""
        return self._keep(await self._line.post(path, data=data, headers=self.headers))

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[httpx.Response]:
        """Open what goes on and on."""
        async with self._line.stream("GET", path, headers=self.headers, timeout=None) as response:
            yield response.raise_for_status()

    @property
    def headers(self) -> dict[str, str]:
        """The cookies as they are sent."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def _keep(self, response: httpx.Response) -> httpx.Response:
        self._cookies.update(response.cookies.items())
        return response


async def _acknowledge(browser: Browser, recipient: int, measured: Measured, *, after: float) -> None:
    page, token = f"/received/{recipient}/", ""
    async with measured.timed("a point's list"):
        await browser.get("/received/")
    async with measured.timed("the directive"):
        token = TOKEN.findall((await browser.get(page)).text)[0]
    await asyncio.sleep(after)
    async with measured.timed("acknowledging"):
        answer = await browser.post(f"{page}do/acknowledge", {"csrfmiddlewaretoken": token})
        if answer.status_code not in (301, 302, 303):
            raise LookupError(f"status {answer.status_code}")
    async with measured.timed("the directive, after it"):
        await browser.get(page)


async def _watch(browser: Browser, task_id: int, measured: Measured) -> None:
    """Open the board and listen to it: what changes comes as it happens."""
    async with measured.timed("the board"):
        await browser.get(f"/tasks/{task_id}/board")
    with suppress(httpx.RemoteProtocolError):
        async with browser.stream(f"/tasks/{task_id}/board/events") as events:
            async for line in events.aiter_lines():
                measured.events += line.startswith("event:")
