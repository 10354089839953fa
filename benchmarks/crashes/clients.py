"""Who uses the centre while its processes are killed: they ask again until they are told that it is done."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from benchmarks.crashes.cast import Cast
from benchmarks.installations import environment

LINK = re.compile(r"https?://[^/\s]+(/a/\S+)")
RECEIVED = re.compile(r"/received/(\d+)/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
RETRY_SECONDS = 0.2


class Browser:
    """One person's browser: keeps cookies, sends the form's token, and asks again while the centre is away."""

    def __init__(self, address: Callable[[], str], *, session: tuple[str, str] | None = None) -> None:
        self._address = address
        self._client = httpx.Client(timeout=30, follow_redirects=False)
        if session is not None:
            self._client.cookies.set(*session)

    def close(self) -> None:
        """Close its lines."""
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        """Ask until there is an answer that is not a fault of the server."""
        return self._until_answered("GET", path, {})

    def post(self, form: str, path: str, data: Mapping[str, object]) -> httpx.Response:
        """Send a form that stands on a page."""
        found = TOKEN.search(self.get(form).text)
        assert found is not None, f"no form at {form}"
        return self._until_answered("POST", path, {**data, "csrfmiddlewaretoken": found[1]})

    def _until_answered(self, method: str, path: str, data: Mapping[str, object]) -> httpx.Response:
        while True:
            try:
                answer = self._client.request(method, self._address() + path, data=data or None)
                if answer.status_code < 500:
                    return answer
            except httpx.TransportError:
                pass
            time.sleep(RETRY_SECONDS)


class Clients:
    """Everybody at once; what they were told is done is in `directives` and `acknowledged`."""

    def __init__(self, address: Callable[[], str], cast: Cast, folder: Path, letters: Path) -> None:
        self._address, self._cast, self._folder, self._letters = address, cast, folder, letters
        self.directives: list[str] = []
        self.acknowledged: list[int] = []
        self.sender: subprocess.Popen[bytes] | None = None
        self.refused: list[str] = []
        self._enough = threading.Event()
        self._browsers: list[Browser] = []

    def start(self, *, by_page: int, by_action: int) -> list[threading.Thread]:
        """Let all begin; their threads end when their work is done, those that acknowledge when `finish` is called."""
        work: list[Callable[[], None]] = [
            lambda: self._send_by_page(by_page),
            lambda: self._send_by_action(by_action),
            self._acknowledge_by_link,
            self._acknowledge_by_log_in,
        ]
        threads = [threading.Thread(target=self._tell_of_faults, args=(each,), daemon=True) for each in work]
        for thread in threads:
            thread.start()
        return threads

    def _tell_of_faults(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.refused.append(f"{type(error).__name__}: {error}")
            raise

    def finish(self) -> None:
        """End those that acknowledge."""
        self._enough.set()

    def close(self) -> None:
        """Close all browsers."""
        for browser in self._browsers:
            browser.close()

    def _browser(self, session: str = "") -> Browser:
        cookie = (self._cast.session_cookie, session) if session else None
        self._browsers.append(Browser(self._address, session=cookie))
        return self._browsers[-1]

    def _send_by_page(self, count: int) -> None:
        leader = self._browser(self._cast.leader_session)
        points = sorted(self._cast.officers)
        for number in range(count):
            key = f"by-page-{number:04}"
            form = {
                "step": "send",
                "key": key,
                "origin_kind": "free",
                "title": f"Chỉ đạo qua trang số {number}",
                "text": "Kiểm tra và báo cáo.",
                "due_at": _in_days(10),
                "acknowledge_minutes": "60",
                "offices": [str(point) for point in points[number * 7 % 100 :][:15]],
            }
            answer = leader.post("/tasks/new", "/tasks/new", form)
            if answer.status_code in (301, 302, 303) and "/board" in answer.headers["Location"]:
                self.directives.append(key)
            else:
                self.refused.append(f"{key}: {answer.status_code}")

    def _send_by_action(self, count: int) -> None:
        command = [sys.executable, "-m", "benchmarks.crashes.sender", str(self._folder), str(count)]
        settings = environment(DJANGO_SETTINGS_MODULE="benchmarks.crashes.settings")
        while True:
            self.sender = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            _, said = self.sender.communicate()
            if self.sender.returncode == 0:
                break
            if self.sender.returncode > 0:  # it was not killed, it failed
                self.refused.append(said.decode()[-2000:])
                return
        from benchmarks.crashes.sender import KEY

        self.directives += [KEY.format(number=number) for number in range(count)]

    def _acknowledge_by_link(self) -> None:
        """Every other mail is answered by its link; the rest is left to be reminded."""
        browser, seen = self._browser(), set[str]()
        while not self._enough.is_set():
            for path in sorted(self._letters.glob("*.eml")):
                identity = path.name.partition(".")[0]
                if identity in seen:
                    continue
                seen.add(identity)
                text = email.message_from_bytes(path.read_bytes()).get_payload(decode=True)
                assert isinstance(text, bytes)
                link, received = LINK.search(text.decode()), RECEIVED.search(text.decode())
                if link is None or received is None or int(received[1]) % 2:
                    continue
                answer = browser.get(link[1])
                if "<form" in answer.text:
                    answer = browser.post(link[1], link[1], {"name": "Nguyễn Văn An"})
                if answer.status_code == 200:
                    self.acknowledged.append(int(received[1]))
                else:
                    self.refused.append(f"link: {answer.status_code}")
                if self._enough.is_set():
                    return
            time.sleep(RETRY_SECONDS)

    def _acknowledge_by_log_in(self) -> None:
        """Every fifth unit's officer looks again and again, and takes note of all that is there."""
        officers = [self._browser(session) for point, session in sorted(self._cast.officers.items()) if point % 5 == 0]
        seen: set[int] = set()
        while not self._enough.is_set():
            for officer in officers:
                for number in {int(found) for found in RECEIVED.findall(officer.get("/received/").text)} - seen:
                    page = f"/received/{number}/"
                    answer = officer.post(page, f"{page}do/acknowledge", {})
                    if answer.status_code in (301, 302, 303):
                        self.acknowledged.append(number)
                    elif answer.status_code != 422:  # a colleague by link was faster
                        self.refused.append(f"log-in: {answer.status_code}")
                    seen.add(number)
                if self._enough.is_set():
                    return
            time.sleep(RETRY_SECONDS)


def _in_days(days: int) -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT17:00")
