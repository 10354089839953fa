"""The HTML file of a brief as readers open it: on a phone or at a desk, light or dark, asking for nothing outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nhipcau.engine.brief.html import to_html
from tests.engine.brief.conftest import build_brief
from tests.journeys.visitor import DESK, PHONE, hard_to_use, too_wide

SIZES = [PHONE, (700, 900), (900, 900), (1100, 860), DESK]
REACHES_OUT = """() => [...document.querySelectorAll("table, svg, figure")]
    .filter(one => one.getBoundingClientRect().width > 2)
    .map(one => [one.closest("section") ?? document.body, one])
    .filter(([around, one]) => one.getBoundingClientRect().right > around.getBoundingClientRect().right + 0.5)
    .map(([_, one]) => one.outerHTML.slice(0, 200))"""
"""What is wider than the part of the page that it stands in."""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_keeps_to_its_place_at_every_width(
    browser: Browser, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    path = tmp_path / "brief.html"
    path.write_text(to_html(build_brief(), lang=language), "utf-8")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("document.querySelectorAll('table').length") > 1
    assert page.evaluate(REACHES_OUT) == []
    assert too_wide(page) == []
    context.close()


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_is_read_by_everybody_and_asks_for_nothing(
    browser: Browser, tmp_path: Path, size: tuple[int, int], colour_scheme: str
) -> None:
    path = tmp_path / "brief.html"
    path.write_text(to_html(build_brief(), lang="vi"), "utf-8")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=colour_scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    for folded in page.locator("summary").all():
        folded.click()
    assert asked == [path.as_uri()]
    assert wrong == []
    assert hard_to_use(page) == []
    context.close()
