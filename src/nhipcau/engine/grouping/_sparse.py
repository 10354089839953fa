"""Sparse vectors: product, sum, heaviest features. Private.

A vector is a stretch of an array of entries, no feature twice and in no order that means anything: where it starts and
how long it is go with it.
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import LEAN, SPOTS, ZERO, Array, Laid, Number, Table

NOTHING = 1e-6  # what is left of a weight that was taken away


@njit(**LEAN)
def lay_out(vectors: Table, start: Number, length: Number, laid: Laid) -> None:
    """Lay a vector out by its features: those it shares with others are found by looking. `clear` must follow."""
    for k in range(length):
        spot = vectors[start + k].feature & (SPOTS - 1)
        laid.chain[k] = laid.spots[spot]
        laid.spots[spot] = k + 1


@njit(**LEAN)
def clear(vectors: Table, start: Number, length: Number, laid: Laid) -> None:
    """Take up a vector that was laid out."""
    for k in range(length):
        laid.spots[vectors[start + k].feature & (SPOTS - 1)] = 0


@njit(**LEAN)
def _hits(laid: Laid, other: Table, start: Number, length: Number) -> int:
    """List the entries of another vector whose spot is taken; gives how many they are.

    No turn waits for the one before, as each would where two sorted vectors are gone through side by side.
    """
    count: Number = ZERO
    for k in range(start, start + length):
        laid.hits[count] = k
        count += laid.spots[other[k].feature & (SPOTS - 1)] > 0
    return count


@njit(**LEAN)
def _place_of(feature: Number, vectors: Table, start: Number, laid: Laid) -> int:
    """The place of a feature in the vector that is laid out, counted from 1; 0 if it has none."""
    place = laid.spots[feature & (SPOTS - 1)]
    while place > 0 and vectors[start + place - 1].feature != feature:
        place = laid.chain[place - 1]
    return place


@njit(**LEAN)
def dot(vectors: Table, start: Number, laid: Laid, other: Table, other_start: Number, other_length: Number) -> float:
    """Dot product of the vector that is laid out and another."""
    total = 0.0
    for hit in range(_hits(laid, other, other_start, other_length)):
        entry = np.int64(laid.hits[hit])
        place = _place_of(other[entry].feature, vectors, start, laid)
        if place > 0:
            total += vectors[start + place - 1].weight * other[entry].weight
    return total


@njit(**LEAN)
def _norm(vectors: Table, start: Number, length: Number) -> float:
    """Squared length. Four sums side by side: one would wait for itself at each turn."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = start + length // 4 * 4
    for k in range(start, whole, 4):
        a += vectors[k].weight * vectors[k].weight
        b += vectors[k + 1].weight * vectors[k + 1].weight
        c += vectors[k + 2].weight * vectors[k + 2].weight
        d += vectors[k + 3].weight * vectors[k + 3].weight
    for k in range(whole, start + length):
        a += vectors[k].weight * vectors[k].weight
    return (a + b) + (c + d)


@njit(**LEAN)
def _without_nothing(vectors: Table, start: Number, length: Number) -> int:
    """Let features go of which nothing is left; gives the length."""
    kept: Number = ZERO
    for k in range(start, start + length):
        if vectors[k].weight > NOTHING:
            vectors[start + kept].feature = vectors[k].feature
            vectors[start + kept].weight = vectors[k].weight
            kept += 1
    return kept


@njit(**LEAN)
def _copy(vectors: Table, start: Number, other: Table, other_start: Number, length: Number) -> None:
    for k in range(length):
        vectors[start + k].feature = other[other_start + k].feature
        vectors[start + k].weight = other[other_start + k].weight


@njit(**LEAN)
def _copy_heaviest(
    vectors: Table, start: Number, capacity: Number, room: Table, length: Number, room_weights: Array
) -> int:
    """Write a vector that is longer than its capacity without its lightest features; gives its length.

    A quarter of the room is cleared at once, so that a full vector is not gone through for every post.
    """
    for k in range(length):
        room_weights[k] = room[k].weight
    floor = nth_heaviest(room_weights, length, capacity - capacity // 4)
    surplus = -capacity  # more than 0 where too many are equally light
    lightest = np.float32(np.inf)
    for k in range(length):
        if room_weights[k] >= floor:
            surplus += 1
            lightest = min(lightest, room_weights[k])
    kept: Number = ZERO
    for k in range(length):
        weight = room[k].weight
        if weight < floor:
            continue
        if surplus > 0 and weight == lightest:
            surplus -= 1
            continue
        vectors[start + kept].feature = room[k].feature
        vectors[start + kept].weight = weight
        kept += 1
    return kept


@njit(**LEAN)
def add(
    vectors: Table,
    start: Number,
    length: Number,
    capacity: Number,
    other: Table,
    other_start: Number,
    other_length: Number,
    laid: Laid,
    room: Table,
    room_weights: Array,
) -> tuple[int, float]:
    """Add another vector in place; over capacity the lightest features go. Gives length and norm²."""
    if length == 0 and other_length <= capacity:
        _copy(vectors, start, other, other_start, other_length)
        return other_length, _norm(vectors, start, other_length)
    lay_out(other, other_start, other_length, laid)
    for k in range(other_length):
        laid.is_shared[k] = False
    fresh = other_length
    for hit in range(_hits(laid, vectors, start, length)):
        entry = np.int64(laid.hits[hit])
        place = _place_of(vectors[entry].feature, other, other_start, laid)
        if place > 0:
            vectors[entry].weight += other[other_start + place - 1].weight
            laid.is_shared[place - 1] = True
            fresh -= 1
    clear(other, other_start, other_length, laid)
    if length + fresh > capacity:
        _copy(room, ZERO, vectors, start, length)
        longer = _append(room, length, other, other_start, other_length, laid)
        kept = _copy_heaviest(vectors, start, capacity, room, longer, room_weights)
    else:
        kept = _append(vectors, start + length, other, other_start, other_length, laid) - start
    return kept, _norm(vectors, start, kept)


@njit(**LEAN)
def _append(vectors: Table, end: Number, other: Table, other_start: Number, other_length: Number, laid: Laid) -> Number:
    """Write the features of another vector that are not shared behind an end; gives the new one."""
    for k in range(other_length):
        if not laid.is_shared[k]:
            vectors[end].feature = other[other_start + k].feature
            vectors[end].weight = other[other_start + k].weight
            end += 1
    return end


@njit(**LEAN)
def take_away(
    vectors: Table, start: Number, length: Number, other: Table, other_start: Number, other_length: Number, laid: Laid
) -> tuple[int, float]:
    """Take another vector away in place; features of which nothing is left go. Gives length and norm²."""
    lay_out(other, other_start, other_length, laid)
    for hit in range(_hits(laid, vectors, start, length)):
        entry = np.int64(laid.hits[hit])
        place = _place_of(vectors[entry].feature, other, other_start, laid)
        if place > 0:
            vectors[entry].weight -= other[other_start + place - 1].weight
    clear(other, other_start, other_length, laid)
    kept = _without_nothing(vectors, start, length)
    return kept, _norm(vectors, start, kept)


@njit(**LEAN)
def weight_of_heaviest(vectors: Table, start: Number, length: Number, count: Number, room_weights: Array) -> Number:
    """The weight that the `count` heaviest features reach."""
    if length <= count:
        return np.float32(0.0)
    for k in range(length):
        room_weights[k] = vectors[start + k].weight
    return nth_heaviest(room_weights, length, count)


@njit(**LEAN)
def nth_heaviest(weights: Array, length: Number, nth: Number) -> Number:
    """A bar that as near as `nth` weights reach (more, where more are equal).

    Counting all of them again and again for bars between two others is quicker than to sort them: nothing in the inner
    loop depends on what was found.
    """
    low = weights[0]
    high = weights[0]
    for k in range(length):
        low = min(low, weights[k])
        high = max(high, weights[k])
    if length <= nth:
        return low
    # four bytes a count: twice as many are compared at once
    above_low, above_high = np.int32(length), np.int32(1)
    halve = False
    while True:
        share = 0.5 if halve else (above_low - nth) / (above_low - above_high)
        bar = weights.dtype.type(low + (high - low) * share)
        if bar <= low or bar >= high:
            if halve:
                return low
            halve = True
            continue
        count: Number = np.int32(0)
        for k in range(length):
            count += np.int32(weights[k] >= bar)
        if count == nth:
            return bar
        if count > nth:
            low, above_low = bar, count
        else:
            high, above_high = bar, count
        halve = not halve
