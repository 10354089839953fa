"""What the picture says of the whole: counts of the day, false-alarm rates, places, sources, what is not known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nhipcau.engine.brief import gaps
from nhipcau.engine.brief.assemble import BriefOptions
from nhipcau.engine.brief.model import DEFAULT_FLOOR, empty_brief
from nhipcau.issues.looking import Look
from nhipcau.issues.models.issues import Issue
from nhipcau.voices.queries.sources import source_names

MOST_ISSUES = 20
"""The hottest issues, whose gaps are told among what is not known."""


def facts_of(before: dict[str, Any], seen: Look, judged: Any, hottest: list[Issue], *, now: datetime) -> dict[str, Any]:
    """Make the facts; those that were not judged this time stay as they were."""
    figures, window = seen.figures, seen.window
    inside = figures.mask(window.since, window.until)
    brief = empty_brief()
    brief["posts"] = int(inside.sum())
    brief["press"] = int((inside & figures.is_press).sum())
    brief["folded"] = int((inside & figures.is_copy).sum())
    brief["issues_total"] = len(seen.found.ids)
    facts: dict[str, Any] = {
        **before,
        "since": window.iso(window.since),
        "as_of": window.iso(window.until),
        "floor": DEFAULT_FLOOR,
        **{name: brief[name] for name in ("posts", "press", "folded", "rejected", "issues_total")},
        "kinds": {name: int(count) for name, count in zip(brief["kinds"], seen.kinds.sum(axis=0), strict=True)},
    }
    if judged is None:
        return facts
    names = source_names()
    brief["sources"] = [{**one, "name": names.get(one["name"], one["name"])} for one in gaps.sources(figures, window)]
    for row in hottest:
        brief["issues"].append(
            {
                "excerpts_withheld": row.excerpts_withheld or None,
                "places": row.places,
                "forecast_reason": row.backtest.get("reason"),
                "backtest": row.backtest if "mase" in row.backtest else None,
            }  # type: ignore[typeddict-item]
        )
    unknowns = gaps.unknowns(brief, figures, window, BriefOptions(as_of=now))
    return {
        **facts,
        "alarms": judged.stated,
        "places": judged.places,
        "sources": brief["sources"],
        "unknowns": [one for one in unknowns if one["code"] != "issues-cut"],
    }
