"""Makes a brief of what an engine has grouped: which issues, how hot, on what evidence, and what is not known.

The counts are in `figures`, heat in `heat`, levels in `alarms`, what one issue says in `issue_parts`, what is not known
in `gaps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief import alarms, comparison, gaps, heat, issue_parts
from nhipcau.engine.brief import figures as counting
from nhipcau.engine.brief.figures import HOUR, Figures
from nhipcau.engine.brief.model import DEFAULT_FLOOR, LEVELS, Brief, Issue, Status, empty_brief
from nhipcau.engine.brief.past import engine_at, latest_of
from nhipcau.engine.errors import EngineError
from nhipcau.engine.stream import Engine

if TYPE_CHECKING:
    from nhipcau.engine.dense.encoder import Encoder

GROWING = 1.6
FADING = 0.6
"""Window against the usual one of the week before: from where an issue grows, and below which it fades."""


@dataclass(frozen=True, kw_only=True)
class BriefOptions:
    """What a brief is about.

    Parameters
    ----------
    as_of, since
        The window; the latest post and a day before `as_of` if not given. A window without posts' times is the whole.
    top
        How many issues are shown.
    floor
        Distinct authors from which people are quoted; never below the default.
    rejected, later
        Rows that were not read, for the account.
    sample
        Whether the posts are made up.
    encoder
        What tells issues that say the same in other words; without it no issue has related ones.
    """

    as_of: datetime | None = None
    since: datetime | None = None
    top: int = 10
    zone: str = "Asia/Ho_Chi_Minh"
    floor: int = DEFAULT_FLOOR
    rejected: int = 0
    later: int = 0
    sample: bool = False
    lang: str = "vi"
    encoder: Encoder | None = None


@dataclass(frozen=True)
class Window:
    """Seconds since 1970 of the window's ends, and the zone's offset at its end."""

    since: int
    until: int
    zone: ZoneInfo
    zone_seconds: int

    def iso(self, seconds: int) -> str | None:
        """Write a moment as ISO 8601 in the zone; None for no time."""
        if seconds < 0:
            return None
        return datetime.fromtimestamp(int(seconds), UTC).astimezone(self.zone).isoformat(timespec="seconds")


@dataclass(frozen=True)
class _Candidates:
    """The issues that have posts in the window, each with its counts; row k of every array is issue `ids[k]`.

    `own_authors` and `own_sources` said something of their own, and copies move them not: heat is made of them.
    `authors` and `sources` are all, those of copies too.
    """

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]  # rows of the figures within the window
    group: NDArray[np.int64]  # issue row of each of them
    voices: NDArray[np.float64]
    copies: NDArray[np.int64]
    authors: NDArray[np.int64]
    sources: NDArray[np.int64]
    own_authors: NDArray[np.int64]
    own_sources: NDArray[np.int64]
    people: NDArray[np.int64]
    press: NDArray[np.int64]
    expected: NDArray[np.float64]
    previous: NDArray[np.int64]
    first: NDArray[np.int64]
    total: NDArray[np.int64]


def assemble(engine: Engine, options: BriefOptions) -> Brief:
    """Make the brief.

    Parameters
    ----------
    engine
        An engine that has taken posts; it is not changed.
    options
        The window and the rest.

    Raises
    ------
    EngineError
        `brief.floor` for a floor below the product's, `brief.window` for a window that ends before it begins.
    """
    if options.floor < DEFAULT_FLOOR:
        raise EngineError("brief.floor", floor=options.floor, least=DEFAULT_FLOOR)
    until: int | None
    if options.as_of:
        until = int(options.as_of.timestamp())
        engine, later = engine_at(engine, until)
    else:
        until, later = latest_of(engine.log)
    since = int(options.since.timestamp()) if options.since else None
    figures = counting.collect(engine, until=until, since=since)
    window = _window(figures, options)
    brief = empty_brief()
    brief["as_of"] = window.iso(window.until) if figures.has_times else None
    brief["since"] = window.iso(window.since) if figures.has_times else None
    brief["zone"] = options.zone
    brief["sample"] = options.sample
    brief["floor"] = options.floor
    brief["rejected"] = options.rejected
    brief["later"] = options.later + later
    inside = figures.mask(window.since, window.until)
    brief["posts"] = int(inside.sum())
    brief["press"] = int((inside & figures.is_press).sum())
    brief["folded"] = int((inside & figures.is_copy).sum())
    found = _candidates(figures, window, inside)
    brief["issues_total"] = len(found.ids)
    brief["alarms"], levels, brief["places"] = alarms.warnings(engine, figures, window, found.ids)
    brief["sources"] = gaps.sources(figures, window)
    if len(found.ids):
        _fill(brief, engine, figures, window, found, levels, options)
    brief["unknowns"] = gaps.unknowns(brief, figures, window, options)
    return brief


def _window(figures: Figures, options: BriefOptions) -> Window:
    zone = ZoneInfo(options.zone)
    end = options.as_of or datetime.fromtimestamp(max(figures.latest, 0), UTC)
    start = options.since or end - timedelta(days=1)
    if start >= end:
        raise EngineError("brief.window", since=start.isoformat(), as_of=end.isoformat())
    offset = end.astimezone(zone).utcoffset() or timedelta()
    return Window(int(start.timestamp()), int(end.timestamp()), zone, int(offset.total_seconds()))


def _candidates(figures: Figures, window: Window, inside: NDArray[np.bool_]) -> _Candidates:
    rows = np.flatnonzero(inside)
    ids, group = np.unique(figures.issue[rows], return_inverse=True)
    size = len(ids)
    fresh = ~figures.is_copy[rows]
    # an issue of nothing but copies of older posts still has one voice
    voices = np.maximum(np.bincount(group[fresh], minlength=size), 1).astype(np.float64)
    every = np.searchsorted(ids, figures.issue)
    every[every >= size] = 0
    known = (ids[every] == figures.issue) if size else np.zeros(len(every), np.bool_)
    counted = known & ~figures.is_copy & (figures.time >= 0)
    period = comparison.heard_period(since=window.since, until=window.until, latest=figures.latest)
    oldest = int(figures.time[figures.time >= 0].min(initial=window.since))
    first = np.full(size, np.iinfo(np.int64).max)
    timed = known & (figures.time >= 0)
    named = np.array([name != "" for name in figures.source_names], np.bool_)[figures.source[rows]]
    np.minimum.at(first, every[timed], figures.time[timed])
    return _Candidates(
        ids=ids,
        rows=rows,
        group=group,
        voices=voices,
        copies=np.bincount(group[~fresh], minlength=size),
        authors=counting.authors_by_group(figures, rows, group, size),
        people=np.bincount(group[~figures.is_press[rows]], minlength=size),
        press=np.bincount(group[fresh & figures.is_press[rows]], minlength=size),
        sources=counting.distinct_by_group(group[named], figures.source[rows][named], size),
        own_authors=counting.authors_by_group(figures, rows[fresh], group[fresh], size),
        own_sources=counting.distinct_by_group(group[fresh], figures.source[rows][fresh], size),
        expected=comparison.usual(figures.time[counted], every[counted], size, period=period, oldest=oldest),
        previous=np.bincount(every[counted & comparison.before(figures.time, period)], minlength=size),
        first=first,
        total=np.bincount(every[known & ~figures.is_copy], minlength=size),
    )


def _fill(
    brief: Brief,
    engine: Engine,
    figures: Figures,
    window: Window,
    found: _Candidates,
    levels: NDArray[np.uint8],
    options: BriefOptions,
) -> None:
    """Choose the issues, and say what each is."""
    counts = {
        "voices": found.voices,
        "expected": found.expected if figures.has_times else found.voices,
        "authors": found.own_authors.astype(np.float64),
        "sources": found.own_sources.astype(np.float64),
    }
    none = np.zeros(len(found.ids))
    rough = sum(heat.parts(**counts, questions=none).values())
    # questions are read only where they can still change the order
    order = np.lexsort((found.ids, -np.asarray(rough)))[: max(4 * options.top, 40)]
    texts = issue_parts.voices_of(engine, figures, found.rows, found.group, found.ids, order)
    questions = none.copy()
    for row in order:
        questions[row] = texts[int(row)].questions
    points = heat.parts(**counts, questions=questions)
    whole = sum(points.values())
    ranked = order[np.lexsort((found.ids[order], -np.asarray(whole)[order]))][: options.top]
    foreseen = issue_parts.forecasts(figures, window, found.ids[ranked])
    for place, row in enumerate(ranked):
        parts = heat.one(points, int(row))
        voices = texts[int(row)]
        is_wide = found.authors[row] >= options.floor
        issue = issue_parts.describe(
            engine, figures, window, int(found.ids[row]), voices, foreseen[place], is_wide=bool(is_wide)
        )
        issue["status"] = _status(found, int(row), window, figures.has_times)
        issue["level"] = LEVELS[int(levels[row])]
        issue["heat_parts"] = parts
        issue["heat"] = round(sum(parts.values()), 1)  # type: ignore[arg-type]
        issue["voices"] = int(found.voices[row])
        # of articles only, also where all of them are copies of older ones
        issue["press"] = int(found.press[row] if found.people[row] else found.voices[row])
        issue["copies"] = int(found.copies[row])
        issue["voices_total"] = max(int(found.total[row]), int(found.voices[row]))
        issue["distinct_authors"] = int(found.authors[row]) if found.authors[row] else None
        issue["distinct_sources"] = int(found.sources[row]) if found.sources[row] else None
        if not found.people[row]:
            issue["excerpts_withheld"] = None
        elif not is_wide:
            issue["excerpts_withheld"] = "few-authors" if found.authors[row] else "unknown-authors"
        brief["issues"].append(issue)
    if options.encoder is not None:
        by_issue = {int(found.ids[row]): voices for row, voices in texts.items()}
        issue_parts.relate(brief["issues"], by_issue, figures, options.encoder)
    for listed in texts.values():
        for name, count in listed.kinds.items():
            brief["kinds"][name] += count  # type: ignore[literal-required]


def _status(found: _Candidates, row: int, window: Window, has_times: bool) -> Status:  # noqa: FBT001
    """Say new within the window, else by its rise or fall against the week before; two posts are no trend.

    It must not have turned since the window before: what was more yesterday does not grow today. Both are of the same
    hours (`comparison`), so that a morning is not held against an evening, nor half a day of data against a whole one.
    """
    if not has_times:
        return "steady"
    if found.first[row] >= window.since:
        return "new"
    ratio = (found.voices[row] + 1.0) / (found.expected[row] + 1.0)
    if ratio >= GROWING and found.voices[row] >= max(3, found.previous[row]):
        return "growing"
    return "fading" if ratio <= FADING and found.voices[row] <= found.previous[row] else "steady"


__all__ = ["HOUR", "BriefOptions", "Issue", "Window", "assemble"]
