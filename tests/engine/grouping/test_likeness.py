"""The measure that makes issues, against its plain version."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.grouping import _likeness
from tests.engine.grouping import naive_grouping as naive


def unit(features: list[int]) -> naive.Vector:
    return {feature: 1 / math.sqrt(len(set(features))) for feature in features}


posts = st.lists(st.integers(0, 9), min_size=1, max_size=5).map(unit)
groups = st.lists(posts, min_size=1, max_size=5)


def total(group: list[naive.Vector]) -> naive.Vector:
    summed: naive.Vector = {}
    for post in group:
        for feature, weight in post.items():
            summed[feature] = summed.get(feature, 0.0) + weight
    return summed


def measured(one: list[naive.Vector], other: list[naive.Vector], chance: float, looseness: float = 9.0) -> float:
    first, second = total(one), total(other)
    return float(
        _likeness.likeness(
            naive.dot(first, second),
            float(len(one)),
            float(len(other)),
            chance * len(one),
            chance * len(other),
            _likeness.cohesion(naive.dot(first, first), float(len(one))),
            _likeness.cohesion(naive.dot(second, second), float(len(other))),
            looseness,
        )
    )


@given(groups, groups, st.floats(0.001, 0.05))
def test_sums_of_vectors_tell_what_all_pairs_would(
    one: list[naive.Vector], other: list[naive.Vector], chance: float
) -> None:
    plain = naive.likeness(one, other, ([chance] * len(one), [chance] * len(other)), 9.0)
    assert measured(one, other, chance) == pytest.approx(plain, rel=1e-6, abs=1e-9)


@given(groups, groups)
def test_it_does_not_matter_which_group_is_named_first(one: list[naive.Vector], other: list[naive.Vector]) -> None:
    assert measured(one, other, 0.01) == pytest.approx(measured(other, one, 0.01))


def test_a_loose_group_takes_what_a_tight_one_would_not() -> None:
    post = unit([0, 10, 11, 12])
    loose = [unit([0, 1]), unit([0, 2]), unit([0, 3]), unit([0, 4])]
    tight = [unit([0, 1])] * 4
    assert measured([post], loose, 0.01) > measured([post], tight, 0.01)


def test_what_only_chance_joins_has_no_likeness() -> None:
    assert measured([unit([0, 1])], [unit([2, 3])], 0.01) < 0


def test_groups_that_are_hardly_tighter_than_chance_do_not_lower_the_bar() -> None:
    field = [unit([0, *range(10 * k + 1, 10 * k + 9)]) for k in range(6)]
    post = unit([0, *range(100, 108)])
    assert measured([post], field, 0.1) < measured([post], field, 0.1, looseness=0.0)


@given(groups, st.floats(0.001, 0.05))
def test_the_bar_of_a_group_is_where_a_post_begins_to_be_worth_a_look(group: list[naive.Vector], chance: float) -> None:
    summed = total(group)
    bar = _likeness.bar_of(naive.dot(summed, summed), float(len(group)), chance * len(group))
    value = _likeness.likeness(
        bar, 1.0, float(len(group)), chance, chance * len(group), 1.0,
        _likeness.cohesion(naive.dot(summed, summed), float(len(group))), 0.0,
    )  # fmt: skip
    assert value == pytest.approx(_likeness.WORTH_A_LOOK, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(("now", "last", "left"), [(100, 100, 1.0), (600, 100, 0.5), (100, 600, 1.0), (-1, 5, 1.0)])
def test_a_match_weakens_with_time_and_never_without_times(now: int, last: int, left: float) -> None:
    assert _likeness.aging(now, last, 500.0) == pytest.approx(left)
