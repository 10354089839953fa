"""What changed between two briefs: every issue once, in one course."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.brief.model import LEVELS
from nhipcau.issues.briefing.comparison import COURSES, compare

ISSUES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 12),
            "label": st.just("x"),
            "heat": st.floats(0, 100),
            "voices": st.integers(1, 500),
            "level": st.sampled_from(LEVELS),
        }
    ),
    unique_by=lambda issue: issue["id"],
)
OPPOSITE = {"new": "gone", "gone": "new", "rose": "fell", "fell": "rose", "same": "same"}


@given(before=ISSUES, now=ISSUES)
def test_every_issue_has_one_course_and_looking_back_turns_it(before: list[Any], now: list[Any]) -> None:
    changes = compare(before, now)
    assert sorted(change["id"] for change in changes) == sorted({issue["id"] for issue in [*before, *now]})
    assert [change["id"] for change in changes][: len(now)] == [issue["id"] for issue in now]
    assert {change["course"] for change in changes} <= set(COURSES)
    back = {change["id"]: change["course"] for change in compare(now, before)}
    assert {change["id"]: OPPOSITE[change["course"]] for change in changes} == back


@pytest.mark.parametrize(
    ("before", "now", "course"),
    [
        ((40.0, "none"), (45.0, "none"), "rose"),
        ((40.0, "none"), (44.9, "none"), "same"),
        ((40.0, "none"), (35.0, "none"), "fell"),
        ((40.0, "watch"), (20.0, "alert"), "rose"),
        ((40.0, "alert"), (60.0, "watch"), "fell"),
    ],
)
def test_level_weighs_more_than_heat(before: tuple[float, str], now: tuple[float, str], course: str) -> None:
    one, other = ({"id": 1, "label": "x", "heat": heat, "voices": 3, "level": level} for heat, level in (before, now))
    assert compare([one], [other])[0]["course"] == course
