"""The brief as Markdown (CommonMark with tables), for mail, chat and version control.

Words and figures come from `page_view`. Every text of a user is escaped, so that it cannot become markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nhipcau.engine.brief.charts import PRINT
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.page_view import build_view
from nhipcau.engine.brief.text import escape_markdown
from nhipcau.engine.brief.view import BriefView, IssueView, Named
from nhipcau.engine.brief.words import Words

SPARKS: Final = "▁▂▃▄▅▆▇█"
MOST_EVIDENCE: Final = 12


def to_markdown(brief: Brief, *, lang: str) -> str:
    """Write the brief as Markdown.

    Parameters
    ----------
    brief
        The brief.
    lang
        ``"vi"`` or ``"en"``.

    Raises
    ------
    EngineError
        ``brief.unknown-language`` or ``brief.unknown-zone``.
    """
    view, words = build_view(brief, lang=lang, palette=PRINT)
    lines = [*_head(view, words), *_ranks(view, words)]
    if view.issues:
        lines += ["", f"## {words('issue.heading')}"]
    for issue in view.issues:
        lines += _issue(issue, words)
    lines += [*_places(view, words), *_sources(view, words)]
    lines += ["", f"## {words('unknowns.heading_full')}", "", *_unknowns(view.unknowns, words)]
    lines += ["", f"## {words('method.heading')}", "", *_bullets(view.method)]
    lines += ["", "---", "", f"**{words('page.draft')}.** {words('page.draft_detail')}"]
    return "\n".join(lines) + "\n"


def spark(counts: Sequence[int]) -> str:
    """Draw counts as a line of blocks, the highest as a full one.

    Parameters
    ----------
    counts
        Counts, none negative.

    Examples
    --------
    >>> spark([0, 1, 2, 4])
    '▁▂▄█'
    """
    top = max(counts, default=0)
    return "".join(SPARKS[count * (len(SPARKS) - 1) // top if top else 0] for count in counts)


def _head(view: BriefView, words: Words) -> list[str]:
    lines = [f"# {words('page.title')}", ""]
    if view.is_sample:
        lines += [f"> **{words('page.sample')}.** {words('page.sample_detail')}", ""]
    lines += [" · ".join(part for part in (view.as_of, view.since) if part) + "  ", f"{view.intake}  "]
    lines += [f"**{words('page.draft')}**", "", f"## {view.headline}", ""]
    lines += [" · ".join(f"**{tile.number}** {tile.label}" for tile in view.tiles), ""]
    lines += _bullets(map(escape_markdown, view.sentences))
    lines += ["", f"## {words('unknowns.heading')}", "", *_unknowns(view.unknowns_first, words)]
    return [*lines, "", view.unknowns_more] if view.unknowns_more else lines


def _unknowns(texts: Sequence[str], words: Words) -> list[str]:
    return _bullets(map(escape_markdown, texts)) if texts else _bullets([words("unknowns.none")])


def _ranks(view: BriefView, words: Words) -> list[str]:
    lines = ["", f"## {words('rank.heading')}", ""]
    if not view.issues:
        return [*lines, words("headline.nothing")]
    names = ("rank", "label", "level", "status", "voices", "authors", "change", "heat")
    rows = [
        (
            issue.rank,
            escape_markdown(issue.label),
            f"{issue.badge.dots} {issue.badge.text}",
            issue.status,
            issue.voices,
            issue.authors,
            issue.change,
            issue.heat,
        )
        for issue in view.issues
    ]
    lines += _table([words(f"rank.{name}") for name in names], rows, right={0, 4, 5, 6, 7})
    for told in (view.rest, view.copies_note):
        lines += ["", told] if told else []
    return lines


def _issue(issue: IssueView, words: Words) -> list[str]:
    lines = ["", f"### {issue.rank}\\. {escape_markdown(issue.label)}", ""]
    change = f" · {issue.change} ({issue.change_detail})" if issue.change_detail else ""
    lines += [f"**{issue.badge.text}** · {issue.status}{change} · {issue.number}", ""]
    lines += [f"{issue.counts}. {issue.seen}.", "", issue.heat_sentence]
    if issue.trend_counts:
        lines += ["", f"`{spark(issue.trend_counts)}` {issue.trend_title}"]
    forecast = [*issue.forecast, issue.backtest] if issue.forecast else [issue.no_forecast]
    lines += _part(words("forecast.heading"), forecast)
    lines += _part(words("issue.questions"), _named(issue.questions) or [issue.questions_none])
    quotes = [
        f"“{escape_markdown(quote.text)}” – {escape_markdown(quote.origin)}"
        # A link in angle brackets ends at its bracket, and `web_link` let no bracket or space through.
        + (f" ([{words('issue.link')}](<{quote.link}>))" if quote.link else "")
        for quote in issue.quotes
    ]
    lines += _part(issue.excerpts_title, [*quotes, *([issue.withheld] if issue.withheld else [])])
    places = [*_named(issue.places), *([issue.places_more] if issue.places_more else [])]
    lines += _part(words("issue.places"), places or [words("issue.places_none")])
    lines += _part(words("issue.kinds"), _named(issue.kinds))
    lines += _part(words("issue.keywords"), [", ".join(escape_markdown(word) for word in issue.keywords)])
    lines += _part(words("issue.related"), [escape_markdown(other.name) for other in issue.related])
    lines += _part(words("issue.history"), issue.history)
    if issue.evidence:
        shown = ", ".join(escape_markdown(each) for each in issue.evidence[:MOST_EVIDENCE])
        is_cut = issue.evidence_more or len(issue.evidence) > MOST_EVIDENCE
        lines += ["", f"{issue.evidence_title}: {shown}{' …' if is_cut else ''}"]
    return lines


def _places(view: BriefView, words: Words) -> list[str]:
    lines = ["", f"## {words('places.heading')}", ""]
    if not view.places:
        return [*lines, words("places.none")]
    rows = [(escape_markdown(each.name), each.voices, f"{each.badge.dots} {each.badge.text}") for each in view.places]
    return lines + _table([words(f"places.{name}") for name in ("place", "voices", "level")], rows, right={1})


def _sources(view: BriefView, words: Words) -> list[str]:
    lines = ["", f"## {words('sources.heading')}", ""]
    if not view.sources:
        return [*lines, words("sources.none")]
    rows = [
        (escape_markdown(each.name), f"**{each.state}**" if each.is_silent else each.state, each.voices, each.last)
        for each in view.sources
    ]
    lines += _table([words(f"sources.{name}") for name in ("source", "state", "voices", "last")], rows, right={2})
    return [*lines, "", view.sources_more] if view.sources_more else lines


def _named(items: Iterable[Named]) -> list[str]:
    return [
        f"{escape_markdown(item.name)}: **{item.figure}**" + (f" ({escape_markdown(item.note)})" if item.note else "")
        for item in items
    ]


def _part(title: str, texts: Sequence[str]) -> list[str]:
    kept = [text for text in texts if text]
    return ["", f"**{title}**", "", *_bullets(kept)] if kept else []


def _bullets(texts: Iterable[str]) -> list[str]:
    return [f"- {text}" for text in texts]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: set[int]) -> list[str]:
    marks = ["---:" if index in right else "---" for index in range(len(columns))]
    return [f"| {' | '.join(row)} |" for row in (columns, marks, *rows)]
