"""The points and the hub, as asynchronous clients; every answer is timed to its last byte.

Each has one connection of its own and no library in between: a shared pool of 170 connections takes more processor time
than the pages that are measured, on the same machine.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks.rush.cast import Rush

TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE_SECONDS: Final = 30.0
END_OF_HEAD: Final = b"\r\n\r\n"


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
        except (OSError, EOFError, TimeoutError, LookupError) as error:
            self.errors.append(f"{what}: {type(error).__name__}: {error}")
        else:
            self.seconds[what].append(time.perf_counter() - begun)


async def rush(address: str, cast: Rush, *, opening_seconds: float, within_seconds: float, seed: int) -> Measured:
    """All points open their page at once, or within seconds; each reads and acknowledges at its own later moment."""
    measured = Measured()
    chance = random.Random(seed)

    def browser(session: str) -> Browser:
        return Browser(address, {cast.session_cookie: session})

    early = [*cast.watchers, *list(cast.received.values())[:10]]
    await asyncio.gather(*(_visit(browser(one)) for one in early))
    watching = [asyncio.create_task(_watch(browser(one), cast.task_id, measured)) for one in cast.watchers]
    await asyncio.gather(
        *(
            _acknowledge(
                browser(session),
                recipient,
                measured,
                opens_after=chance.uniform(0, opening_seconds),
                after=chance.uniform(0, within_seconds),
            )
            for recipient, session in cast.received.items()
        )
    )
    for task in watching:
        task.cancel()
    for ended in await asyncio.gather(*watching, return_exceptions=True):
        if not isinstance(ended, asyncio.CancelledError):
            measured.errors.append(f"a stream ended: {ended!r}")
    return measured


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str = ""


class Browser:
    """One person's cookies and connection."""

    def __init__(self, address: str, cookies: dict[str, str]) -> None:
        parts = urlsplit(address)
        self._host, self._port = str(parts.hostname), parts.port
        self._cookies = cookies
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> str:
        """Ask for a page."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer = await self._ask("GET", path)
        if answer.status != 200:
            raise LookupError(f"status {answer.status}")
        return answer.text

    async def post(self, path: str, data: dict[str, str]) -> int:
        """Send a form, and give the status."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await self._ask("POST", path, body=urlencode(data))).status

    async def stream(self, path: str) -> AsyncIterator[str]:
        """Open what goes on and on, and give its lines."""
        reader, _ = await self._send("GET", path)
        await reader.readuntil(END_OF_HEAD)
        begun = b""
        async for chunk in _chunks(reader):  # one may end in the middle of a line, or of a letter
            *whole, begun = (begun + chunk).split(b"\n")
            for line in whole:
                yield line.decode()

    async def _ask(self, method: str, path: str, *, body: str = "") -> Answer:
        reader, _ = await self._send(method, path, body=body)
        head = (await reader.readuntil(END_OF_HEAD)).decode("latin1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._cookies.update({key: one.value for key, one in SimpleCookie(value).items()})
            headers[name.lower()] = value
        body_sent = await reader.readexactly(int(headers["content-length"]))
        text = (gzip.decompress(body_sent) if headers.get("content-encoding") == "gzip" else body_sent).decode()
        return Answer(int(head[0].split()[1]), headers, text)

    async def _send(
        self, method: str, path: str, *, body: str = ""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._line is None or self._line[0].at_eof():  # the server closes lines on which nothing happens
            self._line = await asyncio.open_connection(self._host, self._port)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}", f"Cookie: {cookies}"]
        lines.append("Accept-Encoding: gzip")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self._line[1].write(("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin1"))
        return self._line


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Give what is sent in chunks, without what frames them."""
    while length := int(await reader.readline(), 16):
        yield (await reader.readexactly(length + 2))[:-2]


async def _visit(browser: Browser) -> None:
    """Open a page before it begins, as people do all day: no process meets its first request in the rush."""
    for _ in range(3):
        await browser.get("/received/")


async def _acknowledge(
    browser: Browser, recipient: int, measured: Measured, *, opens_after: float, after: float
) -> None:
    page, token = f"/received/{recipient}/", ""
    await asyncio.sleep(opens_after)
    async with measured.timed("a point's page"):
        await browser.get("/received/")
    await asyncio.sleep(after)
    async with measured.timed("the directive"):
        token = TOKEN.findall(await browser.get(page))[0]
    async with measured.timed("acknowledging"):
        status = await browser.post(f"{page}do/acknowledge", {"csrfmiddlewaretoken": token})
        if status not in (301, 302, 303):
            raise LookupError(f"status {status}")
    async with measured.timed("the directive, after it"):
        await browser.get(page)


async def _watch(browser: Browser, task_id: int, measured: Measured) -> None:
    """Open the board and listen to it: what changes comes as it happens."""
    async with measured.timed("the board"):
        await browser.get(f"/tasks/{task_id}/board")
    async for line in browser.stream(f"/tasks/{task_id}/board/events"):
        measured.events += line.startswith("event:")
