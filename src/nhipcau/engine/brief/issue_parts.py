"""What a brief says of one issue: its voices, label, series, places, questions, quotes and forecast.

Which issues, and how hot, is decided in `assemble`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nhipcau.engine.brief.excerpts import excerpts_of
from nhipcau.engine.brief.figures import HOUR, Figures, hourly
from nhipcau.engine.brief.model import (
    Backtest,
    ForecastHour,
    Issue,
    IssueEvent,
    IssuePlace,
    KindCounts,
    Range,
    empty_kinds,
)
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.grouping._typing import MERGED, SPLIT
from nhipcau.engine.grouping.grouper import share_of_posts
from nhipcau.engine.reading.arrays import number_array
from nhipcau.engine.stream import Engine

if TYPE_CHECKING:
    from nhipcau.engine.brief.standing import Window
    from nhipcau.engine.dense.encoder import Encoder
    from nhipcau.engine.forecasting.model import Forecast

MOST_VOICES = 2000
LABEL_TEXTS = 200
SERIES_DAYS = 14
MOST_PLACES = 12
MOST_EVIDENCE = 200
HEAD_TEXTS = 5
"""Texts of an issue that say what it is about, where issues are compared by meaning."""


@dataclass
class Voices:
    """The latest posts of one issue within the window, in stream order; kinds and questions do not count copies."""

    rows: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    links: list[str | None] = field(default_factory=list)
    kinds: KindCounts = field(default_factory=empty_kinds)
    asks: list[bool] = field(default_factory=list)
    questions: int = 0


def voices_of(
    engine: Engine,
    figures: Figures,
    rows: NDArray[np.int64],
    group: NDArray[np.int64],
    ids: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> dict[int, Voices]:
    """Texts and kinds of the issues in `wanted` (rows of `ids`), from one pass over the log."""
    from nhipcau.engine.kinds import KINDS, kinds_of

    found = {int(row): Voices() for row in wanted}
    keep = np.zeros(len(ids), np.bool_)
    keep[wanted] = True
    chosen = rows[keep[group]]
    owner = group[keep[group]]
    # the latest of each issue, so that a storm of posts does not fill the memory
    order = np.argsort(owner, kind="stable")
    sizes = np.bincount(owner, minlength=len(ids))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.concatenate([np.arange(size)[::-1] for size in sizes if size]) if len(order) else rank
    chosen, owner = chosen[rank < MOST_VOICES], owner[rank < MOST_VOICES]
    seqs = figures.seq[chosen]
    bounds = np.searchsorted(seqs, figures.batch_starts)
    needed = np.flatnonzero(np.diff(bounds))
    for number, batch in zip(needed, engine.log.scan(["id", "text", "link"], only=needed), strict=True):
        start, stop = bounds[number], bounds[number + 1]
        part = batch.take(number_array(seqs[start:stop] - figures.batch_starts[number], pa.int64()))
        texts = part.column("text")
        tokens = tokenize(texts, lexicon=engine.lexicon)
        codes = np.frombuffer(kinds_of(texts, tokens=tokens, cues=engine.cues).buffers()[1], np.uint8)
        press = figures.is_press[chosen[start:stop]]
        for place, (identity, text, link) in enumerate(
            zip(part.column("id").to_pylist(), texts.to_pylist(), part.column("link").to_pylist(), strict=True)
        ):
            voices = found[int(owner[start + place])]
            kind = "other" if press[place] else KINDS[codes[place]]
            voices.rows.append(int(chosen[start + place]))
            voices.ids.append(identity)
            voices.texts.append(text)
            voices.links.append(link)
            counts = not figures.is_copy[chosen[start + place]]
            voices.kinds[kind] += counts  # type: ignore[literal-required]
            voices.asks.append(counts and kind == "question")
            voices.questions += voices.asks[-1]
    return found


def describe(
    engine: Engine, figures: Figures, window: Window, issue: int, voices: Voices, foreseen: Forecast, *, is_wide: bool
) -> Issue:
    """Everything about an issue except its counts, heat, level and status."""
    from nhipcau.engine.kinds import group_questions
    from nhipcau.engine.labels.label import label_issue

    rows = np.array(voices.rows, np.int64)
    press = figures.is_press[rows]
    usable = np.flatnonzero(press) if press.any() and not is_wide else np.arange(len(rows))
    may_quote = bool(is_wide or press.any())
    sampled = usable[np.linspace(0, len(usable) - 1, min(LABEL_TEXTS, len(usable))).astype(int)]
    places = _places(engine, figures, rows)
    label = label_issue(
        [voices.texts[k] for k in sampled],
        None,
        document_frequency=lambda words: share_of_posts(engine.state, words),
        may_quote=may_quote,
        places=[place["name"] for place in places[:2]],
    )
    mine = (figures.issue == issue) & (figures.time >= 0)
    times = figures.time[mine]
    fresh = figures.time[mine & ~figures.is_copy]
    asked = [k for k, is_asked in enumerate(voices.asks) if is_asked]
    questions = (
        group_questions(
            [voices.texts[k] for k in asked],
            [int(figures.author[rows[k]]) or None for k in asked],
            [int(figures.time[rows[k]]) for k in asked],
            lexicon=engine.lexicon,
            cues=engine.cues,
        )
        if is_wide
        else []
    )
    return {
        "id": issue,
        "label": label.text or f"#{issue}",
        "in_title_lang": label.lang,
        "keywords": list(label.keywords),
        "status": "steady",
        "level": "none",
        "heat": 0.0,
        "heat_parts": {"volume": 0.0, "growth": 0.0, "breadth": 0.0, "sources": 0.0, "open_questions": 0.0},
        "voices": 0,
        "press": 0,
        "copies": 0,
        "voices_total": 0,
        "distinct_authors": None,
        "distinct_sources": None,
        "first_seen": window.iso(int(times.min())) if len(times) else None,
        "last_seen": window.iso(int(times.max())) if len(times) else None,
        "series": _series(fresh if len(fresh) else times, window),
        "places": places,
        **forecast_parts(foreseen, window),
        "kinds": voices.kinds,
        "questions": [{"text": question.text, "voices": question.voices} for question in questions],
        "excerpts": excerpts_of(figures, window, voices, rows, label.keywords, is_wide=is_wide),
        "excerpts_withheld": None,
        "evidence": [voices.ids[k] for k in range(len(rows)) if not figures.is_copy[rows[k]]][-MOST_EVIDENCE:],
        "history": _history(engine, figures, window, issue),
        "related": [],
    }


class ForecastParts(TypedDict):
    """What a brief says of an issue's next hours, and of how the same method did on its past."""

    forecast: list[ForecastHour]
    forecast_totals: dict[str, Range]
    forecast_reason: str | None
    backtest: Backtest | None


def forecast_parts(foreseen: Forecast, window: Window) -> ForecastParts:
    """Put a forecast into the shape of the brief."""
    totals = {24: foreseen.next_24, 72: foreseen.next_72}
    start = _first_hour_ahead(window) * HOUR - window.zone_seconds
    return {
        "forecast": [
            {
                "time": window.iso(start + hour * HOUR) or "",
                "mean": round(float(foreseen.mean[hour]), 3),
                "median": round(float(foreseen.median[hour]), 3),
                "lo80": round(float(foreseen.low[hour]), 3),
                "hi80": round(float(foreseen.high[hour]), 3),
            }
            for hour in range(len(foreseen.mean))
        ],
        "forecast_totals": {
            str(hours): {"mean": round(total.mean, 2), "lo80": round(total.low, 2), "hi80": round(total.high, 2)}
            for hours, total in totals.items()
            if total is not None
        },
        "forecast_reason": foreseen.reason,
        "backtest": None
        if foreseen.backtest is None
        else {
            "of": "median",
            "mase": foreseen.backtest.mase,
            "coverage": foreseen.backtest.coverage,
            "calibration": round(foreseen.backtest.calibration, 4),
            "windows": foreseen.backtest.windows,
            "hours": foreseen.backtest.hours,
            "mase_24": foreseen.backtest.mase_24,
            "coverage_24": foreseen.backtest.coverage_24,
            "windows_24": foreseen.backtest.windows_24,
        },
    }


def forecasts(figures: Figures, window: Window, issues: NDArray[np.int64]) -> Sequence[Forecast]:
    """Forecast of each issue, from its hours and the rhythm of the whole stream."""
    from nhipcau.engine.forecasting.driver import forecast_many
    from nhipcau.engine.forecasting.model import no_forecast

    if not figures.has_times:
        return [no_forecast("no-times") for _ in issues]
    last_hour = _first_hour_ahead(window) - 1
    timed = figures.time >= 0
    oldest = int(figures.time[timed].min(initial=window.until))
    first_hour = (oldest + window.zone_seconds) // HOUR
    hours = int(last_hour - first_hour + 1)
    if hours < 1:
        return [no_forecast("too-short") for _ in issues]

    def series(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        return hourly(figures.time[mask], first_hour=first_hour, hours=hours, zone_seconds=window.zone_seconds)

    fresh = timed & ~figures.is_copy
    return forecast_many(
        [series(fresh & (figures.issue == issue)) for issue in issues], last_hour=int(last_hour), stream=series(fresh)
    )


def _first_hour_ahead(window: Window) -> int:
    """Find the first hour to forecast, in local hours since 1970; one of which most has passed counts as past."""
    return (window.until + window.zone_seconds + HOUR // 2) // HOUR


def _series(times: NDArray[np.int64], window: Window) -> list[tuple[str, int]]:
    """Count posts an hour from the first one on, at most two weeks or the window, whichever is longer."""
    if not len(times):
        return []
    last = (window.until + window.zone_seconds) // HOUR
    most = max(SERIES_DAYS * 24, (window.until - window.since) // HOUR + 1)
    first = max((int(times.min()) + window.zone_seconds) // HOUR, last - most + 1)
    counts = hourly(times, first_hour=first, hours=int(last - first + 1), zone_seconds=window.zone_seconds)
    return [
        (window.iso((first + hour) * HOUR - window.zone_seconds) or "", int(count)) for hour, count in enumerate(counts)
    ]


def _places(engine: Engine, figures: Figures, rows: NDArray[np.int64]) -> list[IssuePlace]:
    counted: Counter[int] = Counter()
    for row in rows:
        if not figures.is_copy[row]:
            counted.update(set(figures.places[figures.place_offsets[row] : figures.place_offsets[row + 1]].tolist()))
    listed: list[IssuePlace] = []
    for place, voices in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_PLACES]:
        unit = engine.gazetteer.describe(place)
        listed.append(
            {
                "code": unit.code,
                "name": unit.full_name,
                "voices": voices,
                "ambiguous": meanings(engine, unit.candidates),
            }
        )
    return listed


def meanings(engine: Engine, candidates: Sequence[str]) -> list[str]:
    """Name the provinces or units that an ambiguous name may lie in."""
    names = []
    for code in candidates[:6]:
        row = engine.gazetteer.row_of(code)
        if row is None:
            continue
        unit = engine.gazetteer.describe(row)
        above = engine.gazetteer.row_of(unit.province) if unit.province else None
        province = f", {engine.gazetteer.describe(above).name}" if above is not None else ""
        names.append(f"{unit.full_name}{province}")
    return names


def _history(engine: Engine, figures: Figures, window: Window, issue: int) -> list[IssueEvent]:
    """List the last merges into this issue, and the split it came from."""
    events: list[IssueEvent] = []
    name: Literal["merged", "split"]
    for kind, one, other, seq in engine.history:
        if kind == MERGED and one == issue:
            name, partner = "merged", other
        elif kind == SPLIT and other == issue:
            name, partner = "split", one
        else:
            continue
        place = int(np.searchsorted(figures.seq, seq))
        time = int(figures.time[place]) if place < len(figures.seq) and figures.seq[place] == seq else -1
        if time > window.until:
            continue
        events.append({"time": window.iso(time), "event": name, "other": int(partner)})
    return events[-8:]


def relate(issues: Sequence[Issue], voices: dict[int, Voices], figures: Figures, encoder: Encoder) -> None:
    """Fill in which of the shown issues seem to be about one matter.

    Parameters
    ----------
    issues
        The issues shown.
    voices
        The voices of these and of others that tell what is usual, by issue.
    figures, encoder
        Which posts are copies, and what makes vectors of texts.
    """
    from nhipcau.engine.dense.related import related

    ids = list(voices)
    heads = [
        [text for row, text in zip(each.rows, each.texts, strict=True) if not figures.is_copy[row]][-HEAD_TEXTS:]
        for each in voices.values()
    ]
    found = dict(zip(ids, related(heads, encoder), strict=True))
    shown = {issue["id"] for issue in issues}
    for issue in issues:
        issue["related"] = [
            {"id": ids[other.place], "similarity": round(other.similarity, 3)}
            for other in found[issue["id"]]
            if ids[other.place] in shown
        ]
