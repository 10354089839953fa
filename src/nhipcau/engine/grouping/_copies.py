"""The compiled loop that finds near copies. Private: `grouper.py` is the door.

Each post that is no copy is remembered under its anchors, the pairs of neighbouring words with the smallest hashes (a
sketch in the sense of Broder 1997, "On the resemblance and containment of documents"); a copy shares most of them. An
anchor leads to the posts that had it last.
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._ahead import look_ahead
from nhipcau.engine.grouping._typing import OPTIONS, Array, Copies, Number

ANCHORS = 8  # pairs under which a post is remembered
FEWEST_WORDS = 5  # where either post has fewer different ones, only the same words are a copy
FEWEST_PAIRS = 3  # with fewer, a post is remembered under its words as a whole alone
FEWEST_HITS = 2  # anchors that a candidate has to share, where there are at least twice as many


@njit(**OPTIONS)
def _find_anchors(features: Array, anchors: Array, mask: Number) -> tuple[int, int]:
    """Write the anchors of a post; gives how many there are, and its number of different words."""
    words = 0
    count = 0
    whole = np.uint64(1469598103934665603)
    for k in range(features.shape[0]):
        feature = features[k]
        if feature & 1:
            # sorted by hash: the first pairs are those with the smallest
            if count < ANCHORS:
                anchors[count] = (feature >> 1) & mask
                count += 1
        else:
            words += 1
            whole = (whole ^ np.uint64(feature)) * np.uint64(1099511628211)
    if count < FEWEST_PAIRS:
        anchors[0] = np.int64((whole >> np.uint64(20)) & np.uint64(mask))
        return 1, words
    return count, words


@njit(**OPTIONS)
def _overlap(features: Array, words: Number, sketch: Array, other: Number) -> float:
    """Jaccard of two sets of words; of the smallest hashes of their union where one is longer than a sketch."""
    width = sketch.shape[0]
    limit = width if (words > width or other > width) else 2 * width
    stop = features.shape[0]
    stored = min(other, width)
    i = 0
    j = 0
    both = 0
    union = 0
    while union < limit:
        while i < stop and features[i] & 1:
            i += 1
        if j >= stored:
            if i >= stop or other > width:
                break
            i += 1
        elif i >= stop or sketch[j] < features[i]:
            j += 1
        elif features[i] < sketch[j]:
            i += 1
        else:
            i += 1
            j += 1
            both += 1
        union += 1
    return 1.0 if union == 0 else both / union


@njit(**OPTIONS)
def fold(
    offsets: Array,
    features: Array,
    copies: Copies,
    threshold: Number,
) -> tuple[Array, Array]:
    """Find for each post the earlier post that it is a near copy of.

    Gives for each post the place in the ring of its head: a new place where it is a head itself (then `is_head`).
    """
    sketches, sketch_length, anchored, ring = copies.sketches, copies.sketch_length, copies.anchored, copies.ring
    posts = offsets.shape[0] - 1
    places = np.empty(posts, np.int64)
    is_head = np.empty(posts, np.bool_)
    capacity = sketches.shape[0]
    mask = anchored.shape[0] - 1
    depth = anchored.shape[1]
    anchors = np.empty(ANCHORS, np.int64)
    hits = np.zeros(capacity, np.uint8)
    found = np.empty(ANCHORS * depth, np.int64)
    for post in range(posts):
        own = features[offsets[post] : offsets[post + 1]]
        count, words = _find_anchors(own, anchors, mask)
        total = 0
        for k in range(count):
            look_ahead(anchored, (anchors[k], 0))
        for k in range(count):
            for position in range(depth):
                place = anchored[anchors[k], position]
                if place <= 0:
                    break
                if hits[place] == 0:
                    found[total] = place
                    total += 1
                hits[place] += 1
        fewest = FEWEST_HITS if count >= 2 * FEWEST_HITS else 1
        best = -1
        best_value = threshold
        for k in range(total):
            place = found[k]
            if hits[place] >= fewest:
                other = sketch_length[place]
                value = _overlap(own, words, sketches[place], other)
                if min(words, other) < FEWEST_WORDS and (value < 1.0 or other != words):
                    value = 0.0
                if value > best_value or (value == best_value and (best < 0 or place < best)):
                    best_value = value
                    best = place
            hits[place] = 0
        if best >= 0:
            places[post] = best
            is_head[post] = False
            continue
        place = max(1, ring[0])
        ring[0] = (place + 1) % capacity
        _remember(own, words, place, anchors, count, copies)
        places[post] = place
        is_head[post] = True
    return places, is_head


@njit(**OPTIONS)
def _remember(
    features: Array,
    words: Number,
    place: Number,
    anchors: Array,
    count: Number,
    copies: Copies,
) -> None:
    """Keep a post in the ring, over the oldest, and in front of each of its anchors.

    Anchors of the post that was there before may still lead to the place; the comparison of words tells.
    """
    sketches, anchored = copies.sketches, copies.anchored
    width = sketches.shape[1]
    kept = 0
    for k in range(features.shape[0]):
        if features[k] & 1 == 0 and kept < width:
            sketches[place, kept] = features[k]
            kept += 1
    copies.sketch_length[place] = words
    for k in range(count):
        row = anchored[anchors[k]]
        for position in range(row.shape[0] - 1, 0, -1):
            row[position] = row[position - 1]
        row[0] = place
