"""Sparse vectors against dictionaries, and the bar that the heaviest reach against sorting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.grouping import _sparse
from nhipcau.engine.grouping._typing import ENTRY, SPOTS, Laid

WEIGHTS = st.floats(0.125, 8, width=32)
FEATURES = st.one_of(st.integers(0, 30), st.integers(1, 9).map(lambda k: k * SPOTS))  # some share a spot
VECTORS = st.dictionaries(FEATURES, WEIGHTS, max_size=20)
Vector = dict[int, float]


def laid_out(vector: Vector, *, capacity: int) -> np.ndarray:
    entries = np.zeros(capacity, ENTRY)
    entries[: len(vector)] = sorted(vector.items())
    return entries


def read(entries: np.ndarray, length: int) -> Vector:
    return {int(entry["feature"]): float(entry["weight"]) for entry in entries[:length]}


def product(one: Vector, other: Vector, laid: Laid) -> float:
    a, b = laid_out(one, capacity=32), laid_out(other, capacity=32)
    _sparse.lay_out(a, 0, len(one), laid)
    found: float = _sparse.dot(a, 0, laid, b, 0, len(other))
    _sparse.clear(a, 0, len(one), laid)
    return found


def nothing_laid() -> Laid:
    return Laid(np.zeros(SPOTS, np.int32), np.zeros(32, np.int32), np.zeros(128, np.int32), np.zeros(32, np.bool_))


def added(one: Vector, other: Vector, *, capacity: int = 64) -> Vector:
    entries, laid = laid_out(one, capacity=capacity), nothing_laid()
    room, weights = np.zeros(256, ENTRY), np.zeros(256, np.float32)
    second = laid_out(other, capacity=32)
    length, norm = _sparse.add(entries, 0, len(one), capacity, second, 0, len(other), laid, room, weights)
    return checked(entries, length, norm, laid)


def taken_away(one: Vector, other: Vector) -> Vector:
    entries, laid = laid_out(one, capacity=64), nothing_laid()
    length, norm = _sparse.take_away(entries, 0, len(one), laid_out(other, capacity=32), 0, len(other), laid)
    return checked(entries, length, norm, laid)


def checked(entries: np.ndarray, length: int, norm: float, laid: Laid) -> Vector:
    found = read(entries, length)
    assert len(found) == length, "no feature twice"
    assert norm == pytest.approx(sum(weight * weight for weight in found.values()), rel=1e-5)
    assert not laid.spots.any(), "nothing is laid out between two comparisons"
    return found


@settings(deadline=None)
@given(VECTORS, VECTORS)
def test_product_and_sum_are_those_of_dictionaries(one: Vector, other: Vector) -> None:
    laid = nothing_laid()
    assert (
        product(other, one, laid)
        == pytest.approx(product(one, other, laid), rel=1e-5)
        == pytest.approx(sum(weight * other.get(feature, 0.0) for feature, weight in one.items()), rel=1e-5)
    )
    assert not laid.spots.any(), "nothing is laid out between two comparisons"
    both = {feature: one.get(feature, 0.0) + other.get(feature, 0.0) for feature in {*one, *other}}
    assert added(one, other) == pytest.approx(both, rel=1e-5)


@settings(deadline=None)
@given(VECTORS, VECTORS)
def test_adding_and_taking_away_leaves_the_vector(one: Vector, other: Vector) -> None:
    back = taken_away(added(one, other), other)
    assert {feature: weight for feature, weight in back.items() if weight > 1e-3} == pytest.approx(one, rel=1e-3)


@settings(deadline=None)
@given(VECTORS, VECTORS)
def test_what_is_taken_away_in_full_is_gone(one: Vector, other: Vector) -> None:
    kept = {feature: weight for feature, weight in one.items() if feature not in other}
    assert taken_away(one, {**other, **{feature: one[feature] for feature in one if feature in other}}) == kept


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 30), WEIGHTS, min_size=17, max_size=30))
def test_over_capacity_the_lightest_go(other: Vector) -> None:
    found = added({40: 9.0}, other, capacity=16)
    assert len(found) <= 16
    assert 40 in found
    lightest_kept = min(found.values())
    assert sum(weight > lightest_kept for weight in [9.0, *other.values()]) < 16


@settings(deadline=None)
@given(st.lists(WEIGHTS, min_size=1, max_size=80), st.integers(1, 80))
def test_the_bar_lets_through_as_many_as_asked(weights: list[float], nth: int) -> None:
    array = np.array(weights, np.float32)
    bar = _sparse.nth_heaviest(array.copy(), len(array), nth)
    wanted = np.sort(array)[::-1][min(nth, len(array)) - 1]
    assert sorted(array[array >= bar]) == sorted(array[array >= wanted])
