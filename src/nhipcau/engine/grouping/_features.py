"""The compiled loop that turns words into sparse features. Private: `grouper.py` is the door."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import OPTIONS, Array, Number


@njit(**OPTIONS)
def represent(offsets: Array, words: Array, bigram_weight: Number, buckets: Number) -> tuple[Array, Array, Array]:
    """Hashed unigrams and bigrams of each post, sorted and counted: offsets, features, base weights."""
    posts = offsets.shape[0] - 1
    out_offsets = np.zeros(posts + 1, np.int64)
    features = np.empty(2 * words.shape[0] + 1, np.int32)
    weights = np.empty(2 * words.shape[0] + 1, np.float32)
    mask = np.uint64(buckets - 1)
    room = np.empty(64, np.int64)
    count = 0
    for post in range(posts):
        start = offsets[post]
        length = offsets[post + 1] - start
        if room.shape[0] < 2 * length:
            room = np.empty(4 * length, np.int64)
        size = 0
        for k in range(length):
            word = words[start + k]
            room[size] = np.int64(((word ^ (word >> np.uint64(29))) & mask) << np.uint64(1))
            size += 1
            if k + 1 < length:
                pair = word * np.uint64(0x9E3779B97F4A7C15) + words[start + k + 1]
                pair ^= pair >> np.uint64(31)
                pair *= np.uint64(0xBF58476D1CE4E5B9)
                pair ^= pair >> np.uint64(27)
                room[size] = np.int64(((pair & mask) << np.uint64(1)) | np.uint64(1))
                size += 1
        part = room[:size]
        part.sort()
        k = 0
        while k < size:
            bucket = part[k]
            times = 1
            while k + times < size and part[k + times] == bucket:
                times += 1
            # the last bit tells a pair from a word, so that the two never share a feature's weight
            base = 1.0 + np.log(np.float64(times))
            features[count] = np.int32(bucket)
            weights[count] = np.float32(base * bigram_weight if bucket & 1 else base)
            count += 1
            k += times
        out_offsets[post + 1] = count
    return out_offsets, features[:count], weights[:count]
