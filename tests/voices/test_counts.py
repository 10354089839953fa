"""Counts over the log by day, issue and place are what counting one by one gives."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.queries.counts import KEYS, counts
from nhipcau.voices.sides import EVERYWHERE, THREADS, tally_of, write_sides
from nhipcau.voices.voicelog import VoiceLog
from tests.voices.voices_of_days import NOW, grouped, made_source, queue

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 27), date(2026, 11, 29)
ISSUE_OF = np.array([0, 1, 0, -1, 2, 1, 0, -1, 3, 1])


@pytest.fixture
def days_of_voices() -> None:
    """Three days of twelve voices each in four files, the first day put together."""
    source = made_source()
    for day in range(3):
        for part in range(4):
            queue(source, [f"{day} {part} {row}" for row in range(3)], at=NOW + timedelta(days=day))
            log_waiting(now=NOW + timedelta(days=day, seconds=part))
    write_sides(THREADS, grouped())
    assert put_together(now=NOW + timedelta(days=1)) == 1


def one_by_one() -> tuple[Counter[tuple[date, int, int]], Counter[tuple[date, int, int]]]:
    """The voices, and those that are no copies, of each day, issue and place."""
    day_of = {segment.first_seq: segment.day for segment in VoiceLog().segments()}
    voices: Counter[tuple[date, int, int]] = Counter()
    own: Counter[tuple[date, int, int]] = Counter()
    for row in grouped().to_pylist():
        issue = int(ISSUE_OF[row["thread"]]) if row["thread"] < len(ISSUE_OF) else -1
        day = day_of[max(first for first in day_of if first <= row["seq"])]
        for place in {EVERYWHERE, *row["places"]} if issue >= 0 else ():
            voices[day, issue, place] += 1
            own[day, issue, place] += not row["is_copy"]
    return voices, own


def test_every_cell_is_right(days_of_voices: None) -> None:
    voices, own = one_by_one()
    found = counts(since=FIRST, until=LAST, issue_of=ISSUE_OF)
    assert found.uncounted == 0
    rows = [tuple(row.values()) for row in found.table.to_pylist()]
    assert rows == [(*key, voices[key], own[key]) for key in sorted(voices)]


@pytest.mark.parametrize(
    "by", [("day", "issue"), ("day", "place"), ("issue",), ("place",), ("day",), ("issue", "place"), ()]
)
def test_fewer_keys_give_sums_of_the_same(days_of_voices: None, by: tuple[str, ...]) -> None:
    voices, _ = one_by_one()
    expected: Counter[tuple[object, ...]] = Counter()
    for key, count in voices.items():
        if "place" in by or key[2] == EVERYWHERE:
            expected[tuple(value for name, value in zip(KEYS, key, strict=True) if name in by)] += count
    found = counts(since=FIRST, until=LAST, issue_of=ISSUE_OF, by=by).table
    assert {tuple(list(row.values())[:-2]): row["voices"] for row in found.to_pylist()} == dict(expected)


def test_a_period_and_issues_are_chosen(days_of_voices: None) -> None:
    voices, _ = one_by_one()
    found = counts(since=FIRST, until=FIRST, issue_of=ISSUE_OF, issues=[1]).table
    assert {(row["day"], row["issue"]) for row in found.to_pylist()} == {(FIRST, 1)}
    assert sum(found.column("voices").to_pylist()) == sum(
        count for (day, issue, _), count in voices.items() if (day, issue) == (FIRST, 1)
    )


def test_voices_that_nobody_has_grouped_are_told(days_of_voices: None) -> None:
    queue(made_source(), ["mới", "mới nữa"], at=NOW + timedelta(days=2))
    log_waiting(now=NOW + timedelta(days=2, minutes=1))
    assert counts(since=FIRST, until=LAST, issue_of=ISSUE_OF).uncounted == 2


@pytest.mark.parametrize("issue_of", [ISSUE_OF, np.zeros(0, np.int32), np.full(20, -1)])
def test_an_empty_period_has_no_rows(issue_of: np.ndarray) -> None:
    assert counts(since=FIRST, until=LAST, issue_of=issue_of).table.num_rows == 0


def test_a_place_that_is_named_twice_counts_once() -> None:
    table = grouped().slice(0, 0)
    twice = table.from_pylist([{"seq": 0, "thread": 4, "is_copy": False, "places": [7, 7]}], schema=table.schema)
    assert [tuple(row.values()) for row in tally_of(twice).to_pylist()] == [(4, EVERYWHERE, 1, 1), (4, 7, 1, 1)]
    assert tally_of(table).num_rows == 0
