"""The words of the engine's brief in the language of whoever asks, so that pages and briefs speak alike.

What only pages say is in the catalogues of this room, as with every other page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from nhipcau.engine.brief.forecast_view import backtest_sentences, forecast_sentences, no_forecast_sentence
from nhipcau.engine.brief.model import DEFAULT_FLOOR, matter_of
from nhipcau.engine.brief.words import LANGUAGES, Words, words_for
from nhipcau.issues.floor import reaches_floor
from nhipcau.issues.models.issues import Issue

BACKTEST = ("mase", "coverage", "windows", "hours", "mase_24", "coverage_24", "windows_24")


def words_now(*, press: int = 0, voices: int = 0) -> Words:
    """Give the words about voices of people, articles, or both."""
    language = get_language()
    known = language if language in LANGUAGES else "vi"
    return words_for(known, zone=settings.TIME_ZONE, matter=matter_of(press=press, voices=voices))


def forecast_told(issue: Issue) -> list[str]:
    """Say what is expected next, or why nothing is, and how the same method did on the past of the issue."""
    words = words_now(press=issue.press, voices=issue.voices)
    kept = issue.backtest or {}
    said: Any = {
        "forecast": issue.forecast,
        "forecast_totals": kept.get("totals") or {},
        "forecast_reason": kept.get("reason"),
    }
    if not issue.forecast:
        return [no_forecast_sentence(said, words)]
    backtest: Any = {name: kept.get(name) for name in BACKTEST} if kept.get("mase") is not None else None
    return [*forecast_sentences(said, words), backtest_sentences(backtest, words)]


def withheld_told(issue: Issue) -> str:
    """Say why words of people are not quoted; empty where they are."""
    if issue.voices and issue.press >= issue.voices:
        return ""
    if reaches_floor(issue.distinct_authors):
        return ""
    reason = "unknown-authors" if issue.distinct_authors is None else "few-authors"
    return words_now()(f"withheld.{reason}", floor=str(DEFAULT_FLOOR))


def unknowns_told(facts: dict[str, Any]) -> list[str]:
    """Say what is not known of the whole."""
    words = words_now(press=int(facts.get("press") or 0), voices=int(facts.get("posts") or 0))
    told = (words.unknown(one["code"], one.get("values") or {}) for one in facts.get("unknowns") or [])
    return [sentence for sentence in told if sentence]
