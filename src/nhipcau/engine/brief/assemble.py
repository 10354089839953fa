"""Makes a brief of what an engine has grouped: which issues, how hot, on what evidence, and what is not known.

The counts are in `figures` and `standing`, heat in `heat`, levels in `alarms`, what one issue says in `issue_parts`,
what is not known in `gaps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief import alarms, gaps, heat, issue_parts
from nhipcau.engine.brief import figures as counting
from nhipcau.engine.brief.figures import HOUR, Figures
from nhipcau.engine.brief.model import DEFAULT_FLOOR, LEVELS, Brief, Issue, empty_brief
from nhipcau.engine.brief.past import engine_at, latest_of
from nhipcau.engine.brief.standing import Candidates, Window, candidates, status_of
from nhipcau.engine.errors import EngineError
from nhipcau.engine.stream import Engine

if TYPE_CHECKING:
    from nhipcau.engine.dense.encoder import Encoder


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
    found = candidates(figures, window, inside)
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


def _fill(
    brief: Brief,
    engine: Engine,
    figures: Figures,
    window: Window,
    found: Candidates,
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
        issue["status"] = status_of(found, int(row), window, figures.has_times)
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


__all__ = ["HOUR", "BriefOptions", "Issue", "Window", "assemble"]
