"""The chart of one issue with its words and the tables that stand for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from nhipcau.engine.brief.charts import ChartWords, Expected, Palette, Tick, trend_chart
from nhipcau.engine.brief.forecast_view import is_over
from nhipcau.engine.brief.model import ForecastHour, Issue
from nhipcau.engine.brief.series import HOUR, Hours, by_day, midnights
from nhipcau.engine.brief.view import Chart, Table
from nhipcau.engine.brief.words import Words

CHART_HOURS: Final = 96
"""History shown before a forecast: enough for the daily rhythm, short enough for hours to be seen."""
MOST_STEPS: Final = 120
MOST_TICKS: Final = 6
TABLE_DAYS: Final = 14
FORECAST_ROW_HOURS: Final = 3
SPARSE: Final = "too-sparse"
SMALLEST_WRITTEN: Final = 0.05
"""Voices an hour that are still written as 0.1."""
SPARSE_STEP_HOURS: Final = 6
"""Where an hour has hardly a voice, steps of a quarter of a day are drawn, and no hourly band."""


def chart_of(
    issue: Issue,
    hours: Hours | None,
    *,
    as_of: datetime | None,
    label: str,
    words: Words,
    palette: Palette,
    key: str,
) -> Chart | None:
    """History and forecast of an issue; None where it has no series.

    Parameters
    ----------
    issue
        The issue, for its forecast.
    hours
        Its series.
    as_of
        Time of the brief: the last hour may go beyond it.
    label, words, palette, key
        What the chart is of, its words, its colours, and the start of its ids.
    """
    if hours is None:
        return None
    is_sparse = issue["forecast_reason"] == SPARSE
    # an issue that is over: its course says more than a forecast of nothing
    is_nothing = bool(issue["forecast"]) and is_over(issue)
    is_past = is_nothing or not any(hours.last(CHART_HOURS * SPARSE_STEP_HOURS).counts)
    if issue["forecast"] and not is_past:
        step = SPARSE_STEP_HOURS if is_sparse else 1
        shown = hours.last(CHART_HOURS * step if is_sparse else CHART_HOURS).summed(step)
    else:
        step = hours.step_for(MOST_STEPS)
        shown = hours.summed(step)
    # the hour that runs is drawn as it was so far
    ahead = [each for each in issue["forecast"] if datetime.fromisoformat(each["time"]) >= hours.end]
    foreseen = [] if is_past else ahead
    forecast = _means(foreseen, step) if is_sparse else _bands(foreseen)
    title = words("chart.title", label=label)
    description = _description(shown, forecast, as_of=as_of, step=step, has_band=not is_sparse, words=words)
    if is_nothing:
        description += " " + words("chart.forecast_nothing", span=words.hours(HOUR * len(issue["forecast"])))
    svg = trend_chart(
        shown.counts,
        forecast,
        ticks=_ticks(shown.start, step * (len(shown.counts) + len(forecast)), step=step, words=words),
        palette=palette,
        words=ChartWords(title, description, words("time.now"), words.number),
        key=key,
    )
    unit = words("chart.per_hour") if step == 1 else words("chart.per_step", step=words.hours(HOUR * step))
    tables = [_history_table(hours, words)]
    has_band = bool(forecast) and not is_sparse
    if has_band:
        tables.append(_forecast_table(issue["forecast"], words))
    return Chart(svg, title, description, unit, bool(forecast), has_band, tuple(tables))


def _bands(forecast: Sequence[ForecastHour]) -> list[Expected]:
    return [Expected(each["mean"], max(each["lo80"], 0.0), max(each["hi80"], 0.0)) for each in forecast]


def _means(forecast: Sequence[ForecastHour], step: int) -> list[Expected]:
    """Sum what is expected by steps, without a band: bounds of hours do not add up to bounds of a step."""
    sums = [sum(each["mean"] for each in forecast[start : start + step]) for start in range(0, len(forecast), step)]
    return [Expected(mean, mean, mean) for mean in sums]


def _description(
    shown: Hours, forecast: Sequence[Expected], *, as_of: datetime | None, step: int, has_band: bool, words: Words
) -> str:
    peak = max(shown.counts)
    end = shown.start + HOUR * step * len(shown.counts)
    told = {
        "first": words.short_moment(shown.start.isoformat()),
        "last": words.short_moment(min(end, as_of or end).isoformat()),
        "total": words("count.voices", sum(shown.counts)),
        "peak": words.number(peak),
        "peak_time": words.short_moment((shown.start + HOUR * step * shown.counts.index(peak)).isoformat()),
    }
    if step == 1:
        sentences = [words("chart.history", **told)]
    else:
        sentences = [words("chart.history_steps", step=words.hours(HOUR * step), **told)]
    if forecast:
        sentences.append(_forecast_sentence(forecast, step=step, has_band=has_band, words=words))
    return " ".join(sentences)


def _forecast_sentence(forecast: Sequence[Expected], *, step: int, has_band: bool, words: Words) -> str:
    """Say the average of an hour, and the total where that would be written as nothing."""
    span = words.hours(timedelta(hours=len(forecast) * step))
    total = sum(each.mean for each in forecast)
    mean = total / (len(forecast) * step)
    if mean < SMALLEST_WRITTEN:
        if round(total) <= 0:
            return words("chart.forecast_hardly", span=span)
        return words("chart.forecast_rare", span=span, voices=words("count.voices", round(total)))
    told = words.number(mean, decimals=0 if mean >= 10 else 1)
    return words("chart.forecast" if has_band else "chart.forecast_sparse", span=span, mean=told)


def _ticks(start: datetime, hours: int, *, step: int, words: Words) -> list[Tick]:
    days = midnights(start, hours, words.zone)
    every = -(-len(days) // MOST_TICKS) or 1
    # A label too near an edge would be cut.
    margin = hours * 0.06
    return [Tick(hour / step, words.day(day)) for hour, day in days[::every] if margin <= hour <= hours - margin]


def _history_table(hours: Hours, words: Words) -> Table:
    rows = []
    for day, parts in by_day(hours, words.zone, most=TABLE_DAYS):
        told = ["–" if part is None else words.number(part) for part in parts]
        rows.append((words.day(day), *told, words.number(sum(part or 0 for part in parts))))
    columns = (words("chart.day_column"), "0–6", "6–12", "12–18", "18–24", words("chart.total_column"))
    return Table(words("chart.history_caption"), columns, tuple(rows))


def _forecast_table(forecast: Sequence[ForecastHour], words: Words) -> Table:
    columns = tuple(words(f"chart.{name}_column") for name in ("time", "mean", "low", "high"))
    rows = tuple(
        (
            words.short_moment(each["time"]),
            *(words.number(max(each[name], 0.0), decimals=1) for name in ("mean", "lo80", "hi80")),
        )
        for each in forecast[::FORECAST_ROW_HOURS]
    )
    return Table(words("chart.forecast_caption"), columns, rows)
