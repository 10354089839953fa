"""The compiled loop that turns words into sparse features. Private: `grouper.py` is the door."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import LEAN, OPTIONS, Array, Number

DIGIT_BITS = 7
FEW = 16  # numbers that are sorted one by one


@njit(**LEAN)
def _sort(numbers: Array, room: Array, counts: Array, size: Number, bits: Number) -> None:
    """Sort the first numbers, of at most so many bits: digit by digit from the last, for no branch foresees a hash."""
    if size <= FEW:
        for k in range(1, size):
            number = numbers[k]
            place = k
            while place > 0 and numbers[place - 1] > number:
                numbers[place] = numbers[place - 1]
                place -= 1
            numbers[place] = number
        return
    last = (1 << DIGIT_BITS) - 1
    source, target = numbers, room
    for shift in range(0, bits, DIGIT_BITS):
        counts[:] = 0
        for k in range(size):
            counts[(source[k] >> shift) & last] += 1
        place = 0
        for digit in range(last + 1):
            count = counts[digit]
            counts[digit] = place
            place += count
        for k in range(size):
            digit = (source[k] >> shift) & last
            target[counts[digit]] = source[k]
            counts[digit] += 1
        source, target = target, source
    if (bits + DIGIT_BITS - 1) // DIGIT_BITS % 2:
        for k in range(size):
            numbers[k] = room[k]


@njit(**OPTIONS)
def represent(offsets: Array, words: Array, bigram_weight: Number, buckets: Number) -> tuple[Array, Array, Array]:
    """Hashed unigrams and bigrams of each post, sorted and counted: offsets, features, base weights."""
    posts = offsets.shape[0] - 1
    out_offsets = np.zeros(posts + 1, np.int64)
    features = np.empty(2 * words.shape[0] + 1, np.int32)
    weights = np.empty(2 * words.shape[0] + 1, np.float32)
    mask = np.uint64(buckets - 1)
    found = np.empty(64, np.int32)
    room = np.empty(64, np.int32)
    counts = np.empty(1 << DIGIT_BITS, np.int32)
    bits = 1  # of a feature: those of its bucket, and whether it is a pair
    while buckets >> bits:
        bits += 1
    bits += 1
    count = 0
    for post in range(posts):
        start = offsets[post]
        length = offsets[post + 1] - start
        if found.shape[0] < 2 * length:
            found = np.empty(4 * length, np.int32)
            room = np.empty(4 * length, np.int32)
        size = 0
        for k in range(length):
            word = words[start + k]
            found[size] = np.int32(((word ^ (word >> np.uint64(29))) & mask) << np.uint64(1))
            size += 1
            if k + 1 < length:
                pair = word * np.uint64(0x9E3779B97F4A7C15) + words[start + k + 1]
                pair ^= pair >> np.uint64(31)
                pair *= np.uint64(0xBF58476D1CE4E5B9)
                pair ^= pair >> np.uint64(27)
                found[size] = np.int32(((pair & mask) << np.uint64(1)) | np.uint64(1))
                size += 1
        _sort(found, room, counts, size, bits)
        k = 0
        while k < size:
            bucket = found[k]
            times = 1
            while k + times < size and found[k + times] == bucket:
                times += 1
            # the last bit tells a pair from a word, so that the two never share a feature's weight
            base = 1.0 + np.log(np.float64(times)) if times > 1 else 1.0
            features[count] = bucket
            weights[count] = np.float32(base * bigram_weight if bucket & 1 else base)
            count += 1
            k += times
        out_offsets[post + 1] = count
    return out_offsets, features[:count], weights[:count]
