"""The floor: from how many distinct people on words may be shown, and what is left of an issue below it."""

from __future__ import annotations

from typing import Any

from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.issues.models.issues import Issue
from nhipcau.network.spelling import folded


def reaches_floor(distinct_authors: int | None) -> bool:
    """Whether so many people speak that their words may be shown; an unknown number is too few."""
    return distinct_authors is not None and distinct_authors >= DEFAULT_FLOOR


def without_words(issue: Issue) -> dict[str, Any]:
    """Give the fields of an issue without what people said: what is quoted of the press stays, and its name."""
    press = [one for one in issue.excerpts if one.get("kind") == "press"]
    return {
        "excerpts": press,
        "excerpts_withheld": "few-authors",
        "questions": [],
        "threads": [{**one, "words": ""} for one in issue.threads],
        "search_text": folded(issue.label, *issue.keywords, *(one["text"] for one in press)),
    }
