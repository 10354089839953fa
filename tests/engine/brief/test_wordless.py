"""Every word that is shown comes from the catalogue: with its letters taken out, nothing shown has a letter."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from rich.console import Console

from nhipcau.engine.brief import words as words_module
from nhipcau.engine.brief.html import to_html
from nhipcau.engine.brief.markdown import to_markdown
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.pdf import to_pdf
from nhipcau.engine.brief.terminal import print_brief

LETTERS = re.compile(r"[^\W\d_]")
SHOWN_ATTRIBUTES = re.compile(r'(?:aria-label|title|alt|data-name|placeholder)="([^"]*)"')


def without_letters(sentence: str) -> str:
    parts = re.split(r"(\{\w+\})", sentence)
    return "".join(part if part.startswith("{") else LETTERS.sub("·", part) for part in parts)


@pytest.fixture
def wordless(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> Brief:
    """The rich brief with every free text made of digits, and a catalogue made of dots."""
    real = words_module._sentences
    monkeypatch.setattr(
        words_module, "_sentences", lambda lang, matter: {k: without_letters(s) for k, s in real(lang, matter).items()}
    )
    for issue in brief["issues"]:
        issue.update(label="12", keywords=["3"], evidence=["4"])
        for place in issue["places"]:
            place.update(name="5", ambiguous=["6"])
        for question in issue["questions"]:
            question["text"] = "7"
        for excerpt in issue["excerpts"]:
            excerpt.update(text="8", source="9", link=None)
    for warned in brief["places"]:
        warned["name"] = "5"
    for source in brief["sources"]:
        source["name"] = "9"
    brief["unknowns"] = [{"code": "few-authors", "values": {"count": 3, "floor": 10}, "text": "9"}]
    return brief


def test_the_page_says_nothing_but_the_catalogue(wordless: Brief) -> None:
    body = to_html(wordless, lang="vi").partition("</style>")[2]
    shown = [*re.split(r"<[^>]*>", body), *SHOWN_ATTRIBUTES.findall(body)]
    assert [text for text in shown if LETTERS.search(text)] == []


def test_the_pdf_says_nothing_but_the_catalogue(wordless: Brief) -> None:
    pages = PdfReader(io.BytesIO(to_pdf(wordless, lang="vi"))).pages
    assert [text for page in pages for text in page.extract_text().splitlines() if LETTERS.search(text)] == []


def test_markdown_and_terminal_say_nothing_but_the_catalogue(wordless: Brief) -> None:
    stream = io.StringIO()
    print_brief(wordless, lang="vi", console=Console(file=stream, width=80))
    assert not LETTERS.search(to_markdown(wordless, lang="vi"))
    assert not LETTERS.search(stream.getvalue())
