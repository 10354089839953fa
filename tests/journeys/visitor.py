"""Somebody at a browser: what a person does on pages, in their words, and what is asked of every page on the way.

Elements are found by what they are called, as a person or a screen reader finds them; no test names a class.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

DESK: Final = (1280, 860)
PHONE: Final = (360, 760)
SERIOUS: Final = frozenset({"serious", "critical"})
_LIES_OVER: Final = """() => [...document.querySelectorAll("td, th, p, li, dt, dd, summary, h1, h2, h3")]
    .filter(one => one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1)
    .filter(one => getComputedStyle(one).overflowX === "visible" && !one.closest(".visually-hidden"))
    .map(one => `${one.scrollWidth} in ${one.clientWidth}: ${one.outerHTML.slice(0, 200)}`)"""
"""Whose words are wider than the place that they have, and lie over what stands beside them."""
COLOURS: Final = 128
"""Of a picture: enough for pages, and a third of its size."""


def too_wide(page: Page) -> list[str]:
    """What is wider than the window or than its own place."""
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    whole = [f"the page is {width[0]} wide, the window {width[1]}"] if width[0] > width[1] else []
    over: list[str] = page.evaluate(_LIES_OVER)
    return whole + over


def hard_to_use(page: Page) -> list[str]:
    """What axe finds that keeps somebody from using the page."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@dataclass
class House:
    """What is visited: its address, the browser, and where pictures go (nowhere, if nobody asked for any)."""

    address: str
    browser: Browser
    password: str
    language: str = "vi"
    pictures: Path | None = None
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, size: tuple[int, int] = DESK, *, has_script: bool = True, is_dark: bool = False) -> Visitor:
        """Somebody with a browser of their own."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=self.language,
            java_script_enabled=has_script,
            color_scheme="dark" if is_dark else "light",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "nhipcau_language", "value": self.language, "url": self.address}])
        self.contexts.append(context)
        return Visitor(self, context, context.new_page(), has_script=has_script)

    def say(self, words: str, plural: str = "", **values: Any) -> str:
        """What the house calls what the code calls so, in its language."""
        with translation.override(self.language):
            count = values.get("count", 1)
            found = translation.ngettext(words, plural, count) if plural else translation.gettext(words)
        return found % values if values else found

    def close(self) -> None:
        """All go."""
        for context in self.contexts:
            context.close()


class Visitor:
    """One person and one page. What goes wrong behind a page (an error, a refused request) fails the test."""

    def __init__(self, house: House, context: BrowserContext, page: Page, *, has_script: bool) -> None:
        self.house = house
        self.context = context
        self.page = page
        self._has_script = has_script
        self.wrong: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", self._judge)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(message.text)

    def _judge(self, response: Response) -> None:
        if not response.url.startswith((self.house.address, "data:")):
            self.wrong.append(f"a request leaves the house: {response.url}")
        if response.status >= 500:
            self.wrong.append(f"{response.status} {response.url}")

    def log_in(self, email: str) -> None:
        """Log in with the password that all of the sample have."""
        self.open("/account/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(self.house.password)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(re.compile(r"^(?!.*/account/login/).*$"))

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(urljoin(self.house.address, path))

    @property
    def path(self) -> str:
        """Where they are."""
        return self.page.url.removeprefix(self.house.address)

    @property
    def words(self) -> str:
        """What stands on the page."""
        return self.page.locator("main").inner_text()

    def press(self, words: str, plural: str = "", *, within: str = "main", **values: Any) -> None:
        """Press the button or follow the link that the code calls so."""
        wanted = re.compile(rf"^\W*{re.escape(self.house.say(words, plural, **values))}", re.IGNORECASE)
        place = self.page.locator(within)
        place.get_by_role("button", name=wanted).or_(place.get_by_role("link", name=wanted)).first.click()
        self.page.wait_for_load_state()

    def fill(self, words: str, value: str) -> None:
        """Write into the field that the code calls so."""
        self.page.get_by_label(self.house.say(words)).first.fill(value)

    def open_up(self, words: str) -> None:
        """Open what is folded away under these words."""
        self.page.locator("summary").filter(has_text=self.house.say(words)).first.click()

    def hand_in(self, field_id: str, name: str, content: bytes, media_type: str) -> None:
        """Choose a file."""
        self.page.locator(f"#{field_id}").set_input_files({"name": name, "mimeType": media_type, "buffer": content})

    def sees(self, words: str) -> None:
        """Wait until this stands on the page."""
        self.page.locator("main").get_by_text(words).first.wait_for()

    def looks_well(self) -> None:
        """Nothing is wider than the page or than its place, nothing went wrong, and axe finds nothing serious."""
        over = too_wide(self.page)
        assert over == [], f"{self.path}: {over}"
        assert self.page.locator("h1").count() == 1, f"{self.path} has {self.page.locator('h1').count()} main headings"
        if self._has_script:
            bad = hard_to_use(self.page)
            assert bad == [], f"{self.path}: {bad}"
        assert self.wrong == [], f"{self.path}: {self.wrong}"

    def picture(self, name: str, *, is_whole: bool = False) -> None:
        """Look well, and be taken for the guide where pictures are asked for."""
        self.looks_well()
        if self.house.pictures is None:
            return
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        taken = Image.open(io.BytesIO(self.page.screenshot(full_page=is_whole))).convert("RGB")
        self.house.pictures.mkdir(parents=True, exist_ok=True)
        path = self.house.pictures / f"{name}.{self.house.language}.png"
        taken.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
