"""Sparse vectors that are sorted by feature: product, sum, heaviest features. Private."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import OPTIONS, Array, Number


@njit(**OPTIONS)
def dot_sorted(
    features: Array, weights: Array, length: Number, other_features: Array, other_weights: Array, other_length: Number
) -> float:
    """Dot product of two vectors."""
    total = 0.0
    i = 0
    j = 0
    while i < length and j < other_length:
        a = features[i]
        b = other_features[j]
        if a == b:
            total += weights[i] * other_weights[j]
        i += a <= b
        j += b <= a
    return total


@njit(**OPTIONS)
def add_sorted(
    features: Array,
    weights: Array,
    length: Number,
    other_features: Array,
    other_weights: Array,
    other_length: Number,
    sign: float,
    room_features: Array,
    room_weights: Array,
) -> tuple[int, float]:
    """Add `sign` times the other vector in place; over capacity the lightest features go. Gives length and norm²."""
    capacity = features.shape[0]
    i = 0
    j = 0
    count = 0
    while i < length or j < other_length:
        if j >= other_length or (i < length and features[i] < other_features[j]):
            room_features[count] = features[i]
            room_weights[count] = weights[i]
            i += 1
        elif i >= length or other_features[j] < features[i]:
            room_features[count] = other_features[j]
            room_weights[count] = sign * other_weights[j]
            j += 1
        else:
            room_features[count] = features[i]
            room_weights[count] = weights[i] + sign * other_weights[j]
            i += 1
            j += 1
        if room_weights[count] > 1e-6:
            count += 1
    floor = np.float32(-1.0)
    if count > capacity:
        # a sixteenth of the room is cleared at once, so that a full vector is not sorted for every post
        kept_most = capacity - capacity // 16
        floor = np.partition(room_weights[:count], count - kept_most)[count - kept_most]
    kept = 0
    norm = 0.0
    for k in range(count):
        if room_weights[k] >= floor and kept < capacity:
            features[kept] = room_features[k]
            weights[kept] = room_weights[k]
            norm += room_weights[k] * room_weights[k]
            kept += 1
    return kept, norm


@njit(**OPTIONS)
def weight_of_heaviest(weights: Array, length: Number, count: Number) -> Number:
    """The weight that the `count` heaviest features reach."""
    if length <= count:
        return np.float32(0.0)
    return np.partition(weights[:length], length - count)[length - count]
