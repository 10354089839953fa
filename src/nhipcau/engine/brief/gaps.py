"""What the brief cannot know: silent sources, missing data. Levels of issues and places are in `alarms`.

Every code has its sentence in `catalogue/`; the engine gives codes and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import HOUR, Figures
from nhipcau.engine.brief.model import Brief, Source, Unknown, matter_of
from nhipcau.engine.brief.words import words_for

if TYPE_CHECKING:
    from nhipcau.engine.brief.assemble import BriefOptions
    from nhipcau.engine.brief.standing import Window

MOST_SOURCES = 60


def sources(figures: Figures, window: Window) -> list[Source]:
    """List the sources of the window, the silent ones first."""
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
    """List what this brief does not know, what weighs most first."""
    words = words_for(options.lang, zone=options.zone, matter=matter_of(press=brief["press"], voices=brief["posts"]))
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
    """Tell the longest stretch of the window in which nothing came from anywhere, if it is far from usual."""
    times = np.sort(figures.time[inside & (figures.time >= 0)])
    if len(times) < 24:
        return
    gaps = np.diff(times)
    longest = int(gaps.argmax())
    if gaps[longest] >= 6 * HOUR and gaps[longest] > 20 * max(float(np.median(gaps)), 60.0):
        say("gap", start=window.iso(int(times[longest])), end=window.iso(int(times[longest + 1])))
