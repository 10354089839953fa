"""The inverted index: under each feature the issues that had it last, the latest first. Private.

The only posting of a feature lies in the table of features itself, more of them side by side in a block, so that
looking through them is one look in memory. A full block forgets its oldest posting: an issue may be listed under a
feature that no longer leads to it.
"""

from __future__ import annotations

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import FREE_BLOCK, OPTIONS, Array, Live, Number


@njit(**OPTIONS)
def _find(block: Number, issue: Number, live: Live) -> int:
    """The issue's place in a block, or the first free one after the last posting, negative and less one."""
    width = live.block_issues.shape[1]
    for place in range(width):
        found = live.block_issues[block, place]
        if found == issue:
            return place
        if found < 0:
            return -place - 1
    return -width - 1


@njit(**OPTIONS)
def _to_front(block: Number, place: Number, issue: Number, weight: Number, live: Live) -> None:
    """Put a posting first; those before `place` move back by one."""
    issues, weights = live.block_issues, live.block_weights
    for k in range(place, 0, -1):
        issues[block, k] = issues[block, k - 1]
        weights[block, k] = weights[block, k - 1]
    issues[block, 0] = issue
    weights[block, 0] = weight


@njit(**OPTIONS)
def _remove(feature: Number, block: Number, place: Number, live: Live) -> None:
    """Take a posting out; an empty block is free again."""
    issues, weights = live.block_issues, live.block_weights
    last = issues.shape[1] - 1
    while place < last and issues[block, place + 1] >= 0:
        issues[block, place] = issues[block, place + 1]
        weights[block, place] = weights[block, place + 1]
        place += 1
    issues[block, place] = -1
    if place == 0:
        live.table[feature].head = -1
        live.block_next[block] = live.counters[FREE_BLOCK]
        live.counters[FREE_BLOCK] = block


@njit(**OPTIONS)
def _post(feature: Number, issue: Number, weight: Number, room: Number, live: Live) -> bool:
    """Put an issue in front of those of a feature, or add to its posting; true where it is newly listed."""
    row = live.table[feature]
    if row.head == -1:
        if room:
            row.head = -2 - issue
            row.weight = weight
        return room
    if row.head < -1:
        if row.head == -2 - issue:
            row.weight += weight
            return False
        block = live.counters[FREE_BLOCK]
        if not room or block < 0:
            return False
        live.counters[FREE_BLOCK] = live.block_next[block]
        live.block_issues[block, 0] = -2 - row.head
        live.block_weights[block, 0] = row.weight
        row.head = block
        _to_front(block, 1, issue, weight, live)
        return True
    place = _find(row.head, issue, live)
    if place >= 0:
        _to_front(row.head, place, issue, live.block_weights[row.head, place] + weight, live)
        return False
    if room:
        _to_front(row.head, min(-place - 1, live.block_issues.shape[1] - 1), issue, weight, live)
    return room


@njit(**OPTIONS)
def post_features(issue: Number, features: Array, weights: Array, length: Number, floor: Number, live: Live) -> None:
    """Post an issue under the features of at least `floor`, or add to its postings there; they come to the front."""
    count = live.issues[issue].postings
    most = live.issue_features.shape[1]
    for k in range(length):
        if weights[k] < floor or weights[k] <= 0:
            continue
        if _post(features[k], issue, weights[k], count < most, live):
            live.issue_features[issue, count] = features[k]
            count += 1
    live.issues[issue].postings = count


@njit(**OPTIONS)
def drop_postings(issue: Number, live: Live) -> None:
    """Take an issue out of the index."""
    for k in range(live.issues[issue].postings):
        feature = live.issue_features[issue, k]
        row = live.table[feature]
        if row.head == -2 - issue:
            row.head = -1
        elif row.head >= 0:
            place = _find(row.head, issue, live)
            if place >= 0:
                _remove(feature, row.head, place, live)
    live.issues[issue].postings = 0


@njit(**OPTIONS)
def move_postings(gone: Number, keep: Number, live: Live) -> None:
    """Give the postings of one issue to another; where that has its own, the weights add up."""
    rows, listed = live.issues, live.issue_features
    count = rows[keep].postings
    most = listed.shape[1]
    for k in range(rows[gone].postings):
        feature = listed[gone, k]
        row = live.table[feature]
        if row.head == -2 - gone:
            row.head = -1
            if count < most:
                row.head = -2 - keep
                listed[keep, count] = feature
                count += 1
            continue
        block = row.head
        place = _find(block, gone, live) if block >= 0 else -1
        if place < 0:
            continue
        own = _find(block, keep, live)
        if own >= 0:
            live.block_weights[block, own] += live.block_weights[block, place]
            _remove(feature, block, place, live)
        elif count < most:
            live.block_issues[block, place] = keep
            listed[keep, count] = feature
            count += 1
        else:
            _remove(feature, block, place, live)
    rows[keep].postings = count
    rows[gone].postings = 0
