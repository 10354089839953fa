"""A brief as its readers get it: the text of each output."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader
from rich.console import Console

from nhipcau.engine.brief.charts import PAGE
from nhipcau.engine.brief.html import to_html
from nhipcau.engine.brief.markdown import to_markdown
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.page_view import build_view
from nhipcau.engine.brief.pdf import to_pdf
from nhipcau.engine.brief.terminal import print_brief
from nhipcau.engine.brief.view import BriefView


def view_of(brief: Brief, lang: str = "en") -> BriefView:
    """What all outputs say."""
    return build_view(brief, lang=lang, palette=PAGE)[0]


def as_html(brief: Brief, lang: str) -> str:
    """What is seen or read aloud: the names of classes are not."""
    return in_a_line(re.sub(r' class="[^"]*"', "", to_html(brief, lang=lang).partition("</style>")[2]))


def as_pdf(brief: Brief, lang: str) -> str:
    """The text of all pages."""
    return in_a_line(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(brief, lang=lang))).pages))


def as_markdown(brief: Brief, lang: str) -> str:
    """The Markdown."""
    return in_a_line(to_markdown(brief, lang=lang))


def as_terminal(brief: Brief, lang: str) -> str:
    """What a wide terminal shows."""
    stream = io.StringIO()
    print_brief(brief, lang=lang, console=Console(file=stream, width=200))
    return in_a_line(stream.getvalue())


def in_a_line(text: str) -> str:
    """Undo the breaks of lines, which differ between outputs."""
    return re.sub(r"\s+", " ", text)


OUTPUTS = (as_html, as_pdf, as_markdown, as_terminal)
