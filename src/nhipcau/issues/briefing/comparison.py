"""What changed from one brief to the next, issue by issue: new, rose, fell, much the same, gone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypedDict

from nhipcau.engine.brief.model import LEVELS

Course = Literal["new", "rose", "fell", "same", "gone"]
COURSES: Final[tuple[Course, ...]] = ("new", "rose", "fell", "same", "gone")
POINTS: Final = 5.0
"""Points of heat from which an issue rose or fell; a level that changed says so whatever the heat."""


class Change(TypedDict):
    """One issue in both briefs; null where it is not in one of them."""

    id: int
    label: str
    course: Course
    heat: float | None
    heat_before: float | None
    voices: int | None
    voices_before: int | None
    level: str | None
    level_before: str | None


def compare(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Compare the issues of two briefs: those of now in their order, then those that are gone in theirs.

    Parameters
    ----------
    before, now
        The issues of the earlier and the later brief, as in the engine's brief.

    Examples
    --------
    >>> compare([], [{"id": 4, "label": "ngập", "heat": 9.0, "voices": 3, "level": "none"}])[0]["course"]
    'new'
    """
    known = {issue["id"]: issue for issue in before}
    changes = [_change(known.get(issue["id"]), issue) for issue in now]
    present = {issue["id"] for issue in now}
    return changes + [_change(issue, None) for issue in before if issue["id"] not in present]


def _change(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Change:
    said = now or before or {}
    return {
        "id": int(said["id"]),
        "label": str(said["label"]),
        "course": _course(before, now),
        "heat": now["heat"] if now else None,
        "heat_before": before["heat"] if before else None,
        "voices": now["voices"] if now else None,
        "voices_before": before["voices"] if before else None,
        "level": now["level"] if now else None,
        "level_before": before["level"] if before else None,
    }


def _course(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Course:
    if before is None:
        return "new"
    if now is None:
        return "gone"
    levels = LEVELS.index(now["level"]) - LEVELS.index(before["level"])
    difference = now["heat"] - before["heat"]
    if levels > 0 or (levels == 0 and difference >= POINTS):
        return "rose"
    if levels < 0 or difference <= -POINTS:
        return "fell"
    return "same"
