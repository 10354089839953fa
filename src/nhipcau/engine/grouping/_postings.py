"""The inverted index: under each feature the issues that had it last, the latest first. Private.

The postings of a feature lie side by side in a block, so that looking through them is one look in memory. A full block
forgets its oldest posting: an issue may be listed under a feature that no longer leads to it.
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
def post_features(issue: Number, features: Array, weights: Array, length: Number, floor: Number, live: Live) -> None:
    """Post an issue under the features of at least `floor`, or add to its postings there; they come to the front."""
    rows, listed = live.issues, live.issue_features
    most = listed.shape[1]
    for k in range(length):
        if weights[k] < floor or weights[k] <= 0:
            continue
        feature = features[k]
        block = live.table[feature].head
        place = -1
        if block >= 0:
            place = _find(block, issue, live)
            if place >= 0:
                _to_front(block, place, issue, live.block_weights[block, place] + weights[k], live)
                continue
        count = rows[issue].postings
        if count >= most:
            continue
        if block < 0:
            block = live.counters[FREE_BLOCK]
            if block < 0:
                continue
            live.counters[FREE_BLOCK] = live.block_next[block]
            live.table[feature].head = block
        _to_front(block, min(-place - 1, live.block_issues.shape[1] - 1), issue, weights[k], live)
        listed[issue, count] = feature
        rows[issue].postings = count + 1


@njit(**OPTIONS)
def drop_postings(issue: Number, live: Live) -> None:
    """Take an issue out of the index."""
    for k in range(live.issues[issue].postings):
        feature = live.issue_features[issue, k]
        block = live.table[feature].head
        if block >= 0:
            place = _find(block, issue, live)
            if place >= 0:
                _remove(feature, block, place, live)
    live.issues[issue].postings = 0


@njit(**OPTIONS)
def move_postings(gone: Number, keep: Number, live: Live) -> None:
    """Give the postings of one issue to another; where that has its own, the weights add up."""
    rows, listed = live.issues, live.issue_features
    for k in range(rows[gone].postings):
        feature = listed[gone, k]
        block = live.table[feature].head
        place = _find(block, gone, live) if block >= 0 else -1
        if place < 0:
            continue
        own = _find(block, keep, live)
        count = rows[keep].postings
        if own >= 0:
            live.block_weights[block, own] += live.block_weights[block, place]
            _remove(feature, block, place, live)
        elif count < listed.shape[1]:
            live.block_issues[block, place] = keep
            listed[keep, count] = feature
            rows[keep].postings = count + 1
        else:
            _remove(feature, block, place, live)
    rows[gone].postings = 0
