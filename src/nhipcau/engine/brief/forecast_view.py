"""The forecast of one issue in words, with how the same method did on the past."""

from __future__ import annotations

from typing import Final

from nhipcau.engine.brief.model import Backtest, Issue
from nhipcau.engine.brief.words import Words

WEAK_ERROR: Final = 1.0
"""From here up, repeating the day before is as good."""
NARROW_COVERAGE: Final = 0.7
"""Below this share, an interval that is called 80 % misleads."""


def forecast_sentences(issue: Issue, words: Words) -> tuple[str, ...]:
    """Say the expected totals, then what must be known to read them; empty where there is no forecast."""
    if not issue["forecast"]:
        return ()
    totals = sorted(issue["forecast_totals"].items(), key=lambda item: int(item[0]))
    sentences = [
        words(
            "forecast.total",
            hours=hours,
            voices=words("count.voices", round(total["mean"])),
            low=words.number(max(total["lo80"], 0.0)),
            high=words.number(total["hi80"]),
        )
        for hours, total in totals
    ]
    caveat = f"forecast-caveat.{issue['forecast_reason']}"
    return (*sentences, words(caveat)) if caveat in words else tuple(sentences)


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
