"""What a reader sees, as plain text in one language: the shapes that every output fills its page from.

`page_view.build_view` makes them from a brief. Every text in them is cleaned and isolated, none is escaped: that is
the output's. Numbers here are for bars and anchors only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A count of the headline; `tone` names a level or status for its colour."""

    number: str
    label: str
    tone: str


@dataclass(frozen=True)
class Named:
    """A thing and its figure; `note` is what must be said with it, or empty."""

    name: str
    figure: str
    note: str = ""
    share: float = 0.0


@dataclass(frozen=True)
class Linked:
    """Another issue of the same brief and the anchor of its card."""

    name: str
    anchor: str
    lang: str | None


@dataclass(frozen=True)
class Badge:
    """A level: its code, its word, and its rank in filled dots so that colour is not needed."""

    code: str
    text: str
    dots: str


@dataclass(frozen=True)
class Quote:
    """An excerpt; `origin` says kind, source and time, `link` is a safe address or None."""

    text: str
    origin: str
    link: str | None


@dataclass(frozen=True)
class Table:
    """A table that stands for a chart."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A drawing and what it says in words."""

    svg: str
    title: str
    description: str
    unit: str
    has_forecast: bool
    has_band: bool
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class IssueView:
    """One issue, worded."""

    rank: str
    anchor: str
    number: str
    label: str
    lang: str | None
    badge: Badge
    status: str
    status_code: str
    heat: str
    heat_value: float
    heat_sentence: str
    heat_parts: tuple[Named, ...]
    heat_bar: str
    heat_bar_small: str
    heat_bar_title: str
    voices: str
    authors: str
    change: str
    change_code: str
    change_detail: str
    counts: str
    seen: str
    trend: str
    trend_title: str
    trend_counts: tuple[int, ...]
    chart: Chart | None
    forecast: tuple[str, ...]
    no_forecast: str
    backtest: str
    kinds: tuple[Named, ...]
    places: tuple[Named, ...]
    places_more: str
    questions: tuple[Named, ...]
    questions_none: str
    """Said where there are none; empty where nobody could ask: articles are not read for questions."""
    excerpts_title: str
    quotes: tuple[Quote, ...]
    withheld: str
    keywords: tuple[str, ...]
    history: tuple[str, ...]
    related: tuple[Linked, ...]
    evidence_title: str
    evidence: tuple[str, ...]
    evidence_more: str


@dataclass(frozen=True)
class PlaceView:
    """A place over all issues."""

    name: str
    voices: str
    badge: Badge


@dataclass(frozen=True)
class SourceView:
    """A source and whether it still speaks."""

    name: str
    state: str
    is_silent: bool
    voices: str
    last: str


@dataclass(frozen=True)
class BriefView:
    """The whole brief, worded."""

    lang: str
    document_title: str
    as_of: str
    as_of_iso: str | None
    since: str
    intake: str
    is_sample: bool
    headline: str
    tiles: tuple[Tile, ...]
    sentences: tuple[str, ...]
    unknowns: tuple[str, ...]
    unknowns_first: tuple[str, ...]
    unknowns_more: str
    issues: tuple[IssueView, ...]
    rest: str
    copies_note: str
    places: tuple[PlaceView, ...]
    sources: tuple[SourceView, ...]
    sources_more: str
    method: tuple[str, ...]
