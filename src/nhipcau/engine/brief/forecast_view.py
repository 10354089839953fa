"""The forecast of one issue in words, with how the same method did on the past."""

from __future__ import annotations

from typing import Final

from nhipcau.engine.brief.model import Backtest, Issue, Range
from nhipcau.engine.brief.words import Words

WEAK_ERROR: Final = 1.0
"""From here up, repeating the day before is as good."""
NARROW_COVERAGE: Final = 0.7
"""Below this share, an interval that is called 80 % misleads."""


def expects_nothing(total: Range) -> bool:
    """Whether not one more is expected, nor within the interval."""
    return round(total["mean"]) <= 0 and round(total["hi80"]) <= 0


def is_over(issue: Issue) -> bool:
    """Whether the forecast is that nothing more comes at all."""
    return bool(issue["forecast_totals"]) and all(map(expects_nothing, issue["forecast_totals"].values()))


def forecast_sentences(issue: Issue, words: Words) -> tuple[str, ...]:
    """Say the expected totals, then what must be known to read them; empty where there is no forecast."""
    if not issue["forecast"]:
        return ()
    totals = sorted(issue["forecast_totals"].items(), key=lambda item: int(item[0]))
    if is_over(issue):
        return (words("forecast.nothing", hours=totals[-1][0]),)
    sentences = [_total_sentence(hours, total, words) for hours, total in totals]
    caveat = f"forecast-caveat.{issue['forecast_reason']}"
    return (*sentences, words(caveat)) if caveat in words else tuple(sentences)


def _total_sentence(hours: str, total: Range, words: Words) -> str:
    """Say one total; that of nothing in words, for "about 0, from 0 to 0" says nothing to a reader."""
    if expects_nothing(total):
        return words("forecast.nothing", hours=hours)
    high = words.number(total["hi80"])
    if round(total["mean"]) <= 0:
        return words("forecast.hardly", hours=hours, high=high)
    low = words.number(max(total["lo80"], 0.0))
    return words("forecast.total", hours=hours, voices=words("count.voices", round(total["mean"])), low=low, high=high)


def headline_forecast(issue: Issue, words: Words) -> str:
    """Say the next 24 hours in short; empty where there is no forecast of them."""
    total = issue["forecast_totals"].get("24")
    if total is None or not issue["forecast"]:
        return ""
    if expects_nothing(total):
        return words("headline.hottest_nothing")
    high = words.number(total["hi80"])
    if round(total["mean"]) <= 0:
        return words("headline.hottest_hardly", high=high)
    low = words.number(max(total["lo80"], 0.0))
    return words("headline.hottest_forecast", voices=words("count.voices", round(total["mean"])), low=low, high=high)


def no_forecast_sentence(issue: Issue, words: Words) -> str:
    """Say why there is no forecast; empty where there is one."""
    if issue["forecast"]:
        return ""
    key = f"no-forecast.{issue['forecast_reason']}"
    return words(key if key in words else "no-forecast.other")


def backtest_sentences(backtest: Backtest | None, words: Words) -> str:
    """Say how good the forecast was on the past, and warn where it was not."""
    if backtest is None or backtest["mase"] is None:
        return words("forecast.backtest_none")
    told = {
        "windows": words.number(backtest["windows"]),
        "hours": words.number(backtest["hours"]),
        "mase": words.number(backtest["mase"], decimals=2),
    }
    coverage = backtest["coverage"]
    if coverage is None:
        sentences = [words("forecast.backtest_error", **told)]
    else:
        sentences = [words("forecast.backtest", hits=_hits(coverage, words), **told)]
    error_24, coverage_24 = backtest["mase_24"], backtest["coverage_24"]
    if backtest["windows_24"] and error_24 is not None and coverage_24 is not None:
        mase = words.number(error_24, decimals=2)
        sentences.append(words("forecast.backtest_total", mase=mase, hits=_hits(coverage_24, words)))
    if backtest["mase"] >= WEAK_ERROR:
        sentences.append(words("forecast.backtest_weak"))
    if coverage is not None and coverage < NARROW_COVERAGE:
        sentences.append(words("forecast.backtest_narrow"))
    return " ".join(sentences)


def _hits(coverage: float, words: Words) -> str:
    return words.number(round(coverage * 10))
