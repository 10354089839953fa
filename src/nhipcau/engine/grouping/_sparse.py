"""Sparse vectors: product, sum, heaviest features. Private.

A vector is a stretch of an array of entries that is sorted by feature: where it starts and how long it is go with it.
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import LEAN, SPOTS, Array, Laid, Number, Table


@njit(**LEAN)
def lay_out(vectors: Table, start: Number, length: Number, laid: Laid) -> None:
    """Lay a vector out by its features, so that its product with others is found by looking; `clear` must follow."""
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
def dot(vectors: Table, start: Number, laid: Laid, other: Table, other_start: Number, other_length: Number) -> float:
    """Dot product of the vector that is laid out and another."""
    spots, chain, hits = laid.spots, laid.chain, laid.hits
    # no turn waits for the one before, as each would where two sorted vectors are gone through side by side
    count: Number = 0
    for k in range(other_start, other_start + other_length):
        hits[count] = k
        count += spots[other[k].feature & (SPOTS - 1)] > 0
    total = 0.0
    for hit in range(count):
        entry = np.int64(hits[hit])
        feature = other[entry].feature
        place = spots[feature & (SPOTS - 1)]
        while place > 0 and vectors[start + place - 1].feature != feature:
            place = chain[place - 1]
        if place > 0:
            total += vectors[start + place - 1].weight * other[entry].weight
    return total


@njit(**LEAN)
def _copy(vectors: Table, start: Number, other: Table, other_start: Number, length: Number) -> tuple[int, float]:
    """Write a vector where there is none. Gives length and norm²."""
    norm = 0.0
    for k in range(length):
        vectors[start + k].feature = other[other_start + k].feature
        vectors[start + k].weight = other[other_start + k].weight
        norm += other[other_start + k].weight * other[other_start + k].weight
    return length, norm


@njit(**LEAN)
def add(
    vectors: Table,
    start: Number,
    length: Number,
    capacity: Number,
    other: Table,
    other_start: Number,
    other_length: Number,
    sign: float,
    room: Table,
    room_weights: Array,
) -> tuple[int, float]:
    """Add `sign` times the other vector in place; over capacity the lightest features go. Gives length and norm²."""
    if length == 0 and other_length <= capacity:
        return _copy(vectors, start, other, other_start, other_length)
    i = start
    j = other_start
    stop = start + length
    other_stop = other_start + other_length
    count: Number = 0
    while i < stop or j < other_stop:
        a = vectors[i].feature if i < stop else np.int32(2147483647)
        b = other[j].feature if j < other_stop else np.int32(2147483647)
        weight = np.float32(0.0)
        if a <= b:
            weight += vectors[i].weight
            i += 1
        if b <= a:
            weight += np.float32(sign) * other[j].weight
            j += 1
        room[count].feature = min(a, b)
        room[count].weight = weight
        count += weight > 1e-6
    floor = np.float32(-1.0)
    surplus = 0
    lightest = floor
    if count > capacity:
        # a sixteenth of the room is cleared at once, so that a full vector is not sorted for every post
        for k in range(count):
            room_weights[k] = room[k].weight
        floor = nth_heaviest(room_weights, count, capacity - capacity // 16)
        lightest = np.float32(np.inf)
        for k in range(count):
            if room_weights[k] >= floor:
                surplus += 1
                lightest = min(lightest, room_weights[k])
        surplus -= capacity  # more than 0 where too many are equally light
    kept = 0
    norm = 0.0
    for k in range(count):
        weight = room[k].weight
        if weight < floor:
            continue
        if surplus > 0 and weight == lightest:
            surplus -= 1
            continue
        vectors[start + kept].feature = room[k].feature
        vectors[start + kept].weight = weight
        norm += weight * weight
        kept += 1
    return kept, norm


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
