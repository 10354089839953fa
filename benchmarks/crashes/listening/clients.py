"""Who uses the centre meanwhile: a program pushes voices in order, a leader drafts, signs and sends briefs.

Both ask again until they are told that it is done.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import orjson

from benchmarks.crashes.clients import RETRY_SECONDS, Browser
from benchmarks.intake.cast import SOURCE

BRIEF = re.compile(r"/briefs/(\d+)/")
FINGERPRINT = re.compile(r'name="fingerprint" value="([^"]+)"')


class Program:
    """Pushes one batch after the other, each until it is accepted; a batch asked for twice is one."""

    def __init__(self, address: Callable[[], str], token: str, bodies: Iterator[bytes], *, pause: float) -> None:
        self._address, self._token, self._bodies, self._pause = address, token, bodies, pause
        self.accepted = 0
        self.repeated = 0
        self.fault = ""
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._push_all, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def finish(self) -> None:
        """Push what was begun, and no more."""
        self._enough.set()
        self._thread.join()

    @property
    def is_through(self) -> bool:
        """Whether all is pushed."""
        return not self._thread.is_alive()

    def _push_all(self) -> None:
        for number, body in enumerate(self._bodies):
            while not self._push(number, body):
                self.repeated += 1
                time.sleep(RETRY_SECONDS)
            if self.fault or self._enough.wait(self._pause):
                return

    def _push(self, number: int, body: bytes) -> bool:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Idempotency-Key": f"batch-{number:08}",
            "Content-Type": "application/json",
        }
        path = f"{self._address()}/api/v1/sources/{SOURCE}/voices"
        try:
            answer = httpx.post(path, content=body, headers=headers, timeout=60)
        except httpx.TransportError:
            return False
        if answer.status_code == 202:
            self.accepted += answer.json()["accepted"]
            return True
        if answer.status_code < 500 and answer.status_code != 429:
            self.fault = f"push {number}: {answer.status_code} {answer.text[:200]}"
            return True
        return False


class Leader:
    """Drafts, signs and sends a brief, then the next."""

    def __init__(self, address: Callable[[], str], session: tuple[str, str], *, pause: float) -> None:
        self._browser, self._pause = Browser(address, session=session), pause
        self.sent: list[int] = []
        self.fault = ""
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def finish(self) -> None:
        """Finish the brief that was begun."""
        self._enough.set()
        self._thread.join()
        self._browser.close()

    def _work(self) -> None:
        number = 0
        try:
            while not self._enough.is_set():
                self._make_brief(number)
                number += 1
                self._enough.wait(self._pause)
        except Exception as error:
            self.fault = f"{type(error).__name__}: {error}"
            raise

    def _make_brief(self, number: int) -> None:
        made = self._browser.post("/briefs/", "/briefs/new", {"key": f"broken-run-{number:06}", "hours": "24"})
        found = BRIEF.search(made.headers.get("Location", ""))
        assert found is not None, f"draft: {made.status_code}"
        page = f"/briefs/{found[1]}/"
        while not self._is_signed(page):
            shown = self._browser.get(f"{page}sign")
            fingerprint = FINGERPRINT.search(shown.text)
            if fingerprint is not None:
                self._browser.post(f"{page}sign", f"{page}sign", {"fingerprint": fingerprint[1]})
        if "/send" in self._browser.get(page).text:  # else it was sent, and the answer was cut off
            self._browser.post(page, f"{page}send", {})
        self.sent.append(int(found[1]))

    def _is_signed(self, page: str) -> bool:
        return f"{page}sign" not in self._browser.get(page).text


def bodies_of(voices: list[dict[str, str]], *, batch: int) -> Iterator[bytes]:
    """Bodies of requests, in order."""
    for start in range(0, len(voices), batch):
        yield orjson.dumps({"voices": voices[start : start + batch]})
