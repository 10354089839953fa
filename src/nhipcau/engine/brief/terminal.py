"""The brief in a terminal: 80 columns are enough, nothing is told by colour alone, and a pipe gets plain text.

Words and figures come from `page_view`. Text of users is cleaned there, so that no escape code reaches the terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nhipcau.engine.brief.charts import PRINT
from nhipcau.engine.brief.markdown import spark
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.page_view import build_view
from nhipcau.engine.brief.view import BriefView, IssueView
from nhipcau.engine.brief.words import Words

if TYPE_CHECKING:
    from rich.console import Console

STYLES: Final = {"urgent": "bold white on red", "alert": "bold red", "watch": "bold yellow", "none": "dim"}
BAR_LENGTH: Final = 20
FULL_BLOCK, EMPTY_BLOCK = "█", "·"
MOST_QUESTIONS: Final = 2
MOST_QUOTES: Final = 2


def print_brief(brief: Brief, *, lang: str, console: Console) -> None:
    """Print the brief; the page, the PDF and the JSON have more than fits here.

    Parameters
    ----------
    brief
        The brief.
    lang
        ``"vi"`` or ``"en"``.
    console
        Where to; its width is kept to.

    Raises
    ------
    EngineError
        ``brief.unknown-language`` or ``brief.unknown-zone``.
    """
    view, words = build_view(brief, lang=lang, palette=PRINT)
    page = _Page(console)
    _print_head(view, words, page)
    for issue in view.issues:
        _print_issue(issue, words, page)
    if view.rest:
        page.say(view.rest, style="dim")
    silent = [source for source in view.sources if source.is_silent]
    if silent:
        page.heading(words("sources.heading"))
        for source in silent:
            page.point(f"{source.name}: {source.state}")
    page.say()
    page.say(f"{words('page.draft')}. {words('page.draft_detail')}", style="dim")


class _Page:
    """Lines on a console, wrapped with a hanging indent, never read as markup."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def say(self, text: str = "", *, indent: int = 0, style: str = "") -> None:
        self.hanging("", text, indent=indent, style=style)

    def point(self, text: str) -> None:
        self.hanging("- ", text)

    def hanging(self, mark: str, text: str, *, indent: int = 0, style: str = "") -> None:
        from rich.text import Text

        width = max(self.console.width - indent - len(mark), 1)
        margin = " " * indent
        for line in Text(text).wrap(self.console, width) or [Text()]:
            line.rstrip()
            printed = Text(margin + mark) if line.plain else Text()
            self.console.print(printed.append(line.plain, style=style), highlight=False, soft_wrap=True)
            margin, mark = margin + " " * len(mark), ""

    def heading(self, text: str) -> None:
        self.say()
        self.say(text.upper(), style="bold")


def _print_head(view: BriefView, words: Words, page: _Page) -> None:
    if view.is_sample:
        page.say(f"[ {words('page.sample')} ]", style="bold yellow")
    page.say(words("page.title").upper(), style="bold")
    page.say(" · ".join(part for part in (view.as_of, view.since) if part))
    page.say(view.intake, style="dim")
    page.heading(view.headline)
    page.say(" · ".join(f"{tile.number} {tile.label}" for tile in view.tiles))
    for sentence in view.sentences:
        page.point(sentence)
    page.heading(words("unknowns.heading"))
    for text in view.unknowns or (words("unknowns.none"),):
        page.point(text)
    page.heading(words("rank.heading"))


def _print_issue(issue: IssueView, words: Words, page: _Page) -> None:
    indent = 4
    page.say()
    page.hanging(f"{issue.rank:>2}. ", issue.label, style="bold")
    page.say(
        f"{issue.badge.dots} {issue.badge.text.upper()} · {issue.status}", indent=indent, style=STYLES[issue.badge.code]
    )
    filled = min(round(issue.heat_value * BAR_LENGTH / 100), BAR_LENGTH)
    page.say(f"{FULL_BLOCK * filled}{EMPTY_BLOCK * (BAR_LENGTH - filled)} {issue.heat_sentence}", indent=indent)
    page.say(f"{issue.counts}. {words('rank.change')}: {issue.change}.", indent=indent)
    if issue.trend_counts:
        page.say(spark(issue.trend_counts), indent=indent)
    for sentence in issue.forecast[:1] or (issue.no_forecast,):
        page.say(sentence, indent=indent)
    if issue.places:
        places = words("list.join").join(f"{place.name} ({place.figure})" for place in issue.places[:3])
        page.say(f"{words('issue.places')}: {places}", indent=indent)
    for question in issue.questions[:MOST_QUESTIONS]:
        page.hanging("? ", f"{question.name} ({question.figure})", indent=indent)
    for quote in issue.quotes[:MOST_QUOTES]:
        page.hanging("> ", f"{quote.text} ({quote.origin})", indent=indent)
    if issue.withheld:
        page.say(issue.withheld, indent=indent, style="dim")
