"""What the brief warns of and what it cannot know: levels of issues and places, silent sources, missing data.

Every code has its sentence in `catalogue/`; the engine gives codes and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import HOUR, Figures
from nhipcau.engine.brief.issue_parts import meanings
from nhipcau.engine.brief.model import LEVELS, Alarms, Brief, PlaceWarning, Source, Unknown
from nhipcau.engine.brief.words import words_for
from nhipcau.engine.stream import Engine

if TYPE_CHECKING:
    from nhipcau.engine.brief.assemble import BriefOptions, Window

FEWEST_TO_WATCH = 3
"""Posts in the window below which an issue or a place is not watched."""
MOST_PLACES = 20
MOST_SOURCES = 60


def warnings(
    engine: Engine, figures: Figures, window: Window, issues: NDArray[np.int64]
) -> tuple[Alarms, NDArray[np.uint8], list[PlaceWarning], list[Source]]:
    """Stated rates, the level of each of `issues`, the places that stand out, and the sources."""
    from nhipcau.engine.watch.now import levels_now

    none: Alarms = {"watch_per_week": None, "alert_per_week": None, "urgent_per_week": None}
    levels = np.zeros(len(issues), np.uint8)
    if not figures.has_times or not len(issues):
        return none, levels, _places_without_time(engine, figures, window), _sources(figures, window)
    hours = _Hours(figures, window)
    inside = figures.mask(window.since, window.until) & ~figures.is_copy
    rows = np.searchsorted(issues, figures.issue)
    rows[rows >= len(issues)] = 0
    known = issues[rows] == figures.issue
    voices = np.bincount(rows[known & inside], minlength=len(issues))
    watched = np.flatnonzero(voices >= FEWEST_TO_WATCH)
    slot = np.full(len(issues), -1)
    slot[watched] = np.arange(len(watched))
    mine = known & ~figures.is_copy & (slot[rows] >= 0)
    counts = hours.table(figures.time[mine], slot[rows[mine]], len(watched))
    levels[watched] = levels_now(counts, start_hour=hours.first, observed=hours.observed)
    return none, levels, _place_warnings(engine, figures, window, hours), _sources(figures, window)


class _Hours:
    """The local hours that the log covers up to now, and in which of them anything was heard at all."""

    def __init__(self, figures: Figures, window: Window) -> None:
        timed = figures.time[figures.time >= 0]
        self.zone_seconds = window.zone_seconds
        self.first = int((timed.min() + window.zone_seconds) // HOUR)
        self.count = int((window.until + window.zone_seconds) // HOUR - self.first + 1)
        self.observed = self.table(timed, np.zeros(len(timed), np.int64), 1)[0] > 0

    def table(self, times: NDArray[np.int64], rows: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        """Counts by row and hour, int64[size, count]."""
        hour = (times + self.zone_seconds) // HOUR - self.first
        fits = (hour >= 0) & (hour < self.count)
        flat = np.bincount(rows[fits] * self.count + hour[fits], minlength=size * self.count)
        return flat.reshape(size, self.count)


def _place_table(figures: Figures, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For the chosen posts: the row of the figures and the place of every mention."""
    sizes = np.diff(figures.place_offsets)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    kept = chosen[rows]
    return rows[kept], figures.places[kept].astype(np.int64)


def _place_warnings(engine: Engine, figures: Figures, window: Window, hours: _Hours) -> list[PlaceWarning]:
    from nhipcau.engine.watch.now import levels_now

    fresh = ~figures.is_copy & (figures.time >= 0)
    inside = figures.mask(window.since, window.until) & fresh
    _, now = _place_table(figures, inside)
    if not len(now):
        return []
    names, counts = np.unique(now, return_counts=True)
    watched = names[counts >= FEWEST_TO_WATCH]
    voices = dict(zip(names.tolist(), counts.tolist(), strict=True))
    if not len(watched):
        return []
    rows, places = _place_table(figures, fresh)
    slot = np.searchsorted(watched, places)
    slot[slot >= len(watched)] = 0
    mine = watched[slot] == places
    table = hours.table(figures.time[rows[mine]], slot[mine], len(watched))
    levels = levels_now(table, start_hour=hours.first, observed=hours.observed)
    order = sorted(range(len(watched)), key=lambda k: (-int(levels[k]), -voices[int(watched[k])], int(watched[k])))
    listed: list[PlaceWarning] = []
    for k in order[:MOST_PLACES]:
        listed.append(_place(engine, int(watched[k]), voices[int(watched[k])], int(levels[k])))
    return listed


def _place(engine: Engine, row: int, voices: int, level: int) -> PlaceWarning:
    unit = engine.gazetteer.describe(row)
    name = unit.full_name
    if unit.candidates:
        name = f"{name} ({' / '.join(meanings(engine, unit.candidates)[:3])})"
    return {"code": unit.code, "name": name, "voices": voices, "level": LEVELS[level]}


def _places_without_time(engine: Engine, figures: Figures, window: Window) -> list[PlaceWarning]:
    _, places = _place_table(figures, figures.mask(window.since, window.until) & ~figures.is_copy)
    names, counts = np.unique(places, return_counts=True)
    order = np.lexsort((names, -counts))[:MOST_PLACES]
    return [_place(engine, int(names[k]), int(counts[k]), 0) for k in order if counts[k] >= FEWEST_TO_WATCH]


def _sources(figures: Figures, window: Window) -> list[Source]:
    from nhipcau.engine.watch.silence import silences

    inside = figures.mask(window.since, window.until)
    voices = np.bincount(figures.source[inside], minlength=len(figures.source_names))
    names = [name for name in figures.source_names if name]
    if not names:
        return []
    times = {
        name: np.sort(figures.time[(figures.source == code) & (figures.time >= 0)])
        for code, name in enumerate(figures.source_names)
        if name
    }
    count = dict(zip(figures.source_names, voices.tolist(), strict=True))
    listed: list[Source] = []
    if figures.has_times:
        for row in silences(times, now=window.until, zone_seconds=window.zone_seconds):
            last = int(times[row.source][-1]) if len(times[row.source]) else -1
            listed.append(
                {
                    "name": row.source,
                    "voices": count[row.source],
                    "last_seen": window.iso(last),
                    "silent": row.silent,
                    "silent_since": window.iso(last) if row.silent else None,
                    "expected": round(row.expected, 1) if row.expected is not None else None,
                    "enough_history": row.enough_history,
                }
            )
    else:
        listed = [
            {
                "name": name,
                "voices": count[name],
                "last_seen": None,
                "silent": False,
                "silent_since": None,
                "expected": None,
                "enough_history": False,
            }
            for name in names
        ]
    listed.sort(key=lambda source: (not source["silent"], -source["voices"], source["name"]))
    return listed[:MOST_SOURCES]


def unknowns(brief: Brief, figures: Figures, window: Window, options: BriefOptions) -> list[Unknown]:
    """What this brief does not know, what weighs most first."""
    words = words_for(options.lang, zone=options.zone)
    listed: list[Unknown] = []

    def say(code: str, **values: object) -> None:
        listed.append({"code": code, "values": values, "text": words.unknown(code, values) or code})

    inside = figures.mask(window.since, window.until)
    people = inside & ~figures.is_press
    issues = brief["issues"]
    if not figures.has_times:
        say("no-times")
    if inside.any() and not people.any():
        say("press-only")
    elif people.any() and not figures.has_authors:
        say("unknown-authors")
    silent = [source for source in brief["sources"] if source["silent"]]
    if len(silent) > 3:
        say("sources-silent", count=len(silent), names=", ".join(source["name"] for source in silent[:8]))
    else:
        for source in silent:
            say("source-silent", source=source["name"], since=source["silent_since"], expected=source["expected"])
    if figures.has_times:
        age = (window.until - figures.latest) // HOUR
        if figures.latest >= 0 and age >= 3:
            say("data-old", last=window.iso(figures.latest), hours=int(age))
        timed = figures.time[figures.time >= 0]
        if len(timed):
            known = (window.until - int(timed.min())) // HOUR
            if known < 14 * 24:
                say("history-short", hours=int(known))
            _gap(figures, window, inside, say)
    few = sum(issue["excerpts_withheld"] == "few-authors" for issue in issues)
    if few:
        say("few-authors", count=few, floor=brief["floor"])
    if not any(figures.source_names):
        say("no-sources")
    elif inside.any():
        shares = np.bincount(figures.source[inside]) / inside.sum()
        present = int((shares > 0).sum())
        if present <= 3:
            say("sources-few", count=present)
        elif shares.max() >= 0.5:
            say("source-dominant", source=figures.source_names[int(shares.argmax())], share=float(shares.max()))
        young = sum(not source["enough_history"] for source in brief["sources"]) if figures.has_times else 0
        if young:
            say("source-history-short", count=young)
    if brief["rejected"]:
        say("rows-rejected", count=brief["rejected"])
    if brief["later"]:
        say("posts-later", count=brief["later"])
    if inside.any():
        without = float((np.diff(figures.place_offsets)[inside] == 0).mean())
        if without >= 0.3:
            say("places-missing", share=without)
    ambiguous = {place["name"] for issue in issues for place in issue["places"] if place["ambiguous"]}
    if ambiguous:
        say("places-ambiguous", count=len(ambiguous))
    short = sum(issue["forecast_reason"] in ("too-short", "too-few") for issue in issues)
    if short:
        say("forecast-short", count=short)
    weak = sum(
        issue["backtest"] is not None and issue["backtest"]["mase"] is not None and issue["backtest"]["mase"] >= 1
        for issue in issues
    )
    if weak:
        say("forecast-weak", count=weak)
    if brief["issues_total"] > len(issues):
        say("issues-cut", count=brief["issues_total"] - len(issues))
    say("not-representative")
    return listed


def _gap(figures: Figures, window: Window, inside: NDArray[np.bool_], say) -> None:  # type: ignore[no-untyped-def]
    """The longest stretch of the window in which nothing came from anywhere, if it is far from usual."""
    times = np.sort(figures.time[inside & (figures.time >= 0)])
    if len(times) < 24:
        return
    gaps = np.diff(times)
    longest = int(gaps.argmax())
    if gaps[longest] >= 6 * HOUR and gaps[longest] > 20 * max(float(np.median(gaps)), 60.0):
        say("gap", start=window.iso(int(times[longest])), end=window.iso(int(times[longest + 1])))
