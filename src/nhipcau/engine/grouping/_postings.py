"""The inverted index: under each feature the live issues that have it, the latest first. Private."""

from __future__ import annotations

from numba import njit

from nhipcau.engine.grouping._typing import FREE_POSTING, OPTIONS, Array, Live, Number

MOST_POSTINGS = 96
"""Features under which one issue is found."""
LONGEST_WALK = 16
"""Postings of a feature that are looked at."""


@njit(**OPTIONS)
def _unlink(node: Number, live: Live) -> None:
    postings, table = live.postings, live.table
    before = postings[node].previous
    after = postings[node].next
    if before >= 0:
        postings[before].next = after
    else:
        table[postings[node].feature].head = after
    if after >= 0:
        postings[after].previous = before


@njit(**OPTIONS)
def _link(node: Number, feature: Number, live: Live) -> None:
    postings, table = live.postings, live.table
    first = table[feature].head
    postings[node].next = first
    postings[node].previous = -1
    if first >= 0:
        postings[first].previous = node
    table[feature].head = node


@njit(**OPTIONS)
def _find(feature: Number, issue: Number, live: Live) -> int:
    """The issue's posting under the feature, among the latest; -1 if there is none."""
    postings = live.postings
    node = live.table[feature].head
    seen = 0
    while node >= 0 and seen < 2 * LONGEST_WALK:
        if postings[node].issue == issue:
            return node
        node = postings[node].next
        seen += 1
    return -1


@njit(**OPTIONS)
def post_features(issue: Number, features: Array, weights: Array, length: Number, floor: Number, live: Live) -> None:
    """Post an issue under the features of at least `floor`, or add to its postings there; they come to the front."""
    issues, postings = live.issues, live.postings
    fresh = issues[issue].postings == 0
    for k in range(length):
        if weights[k] < floor or weights[k] <= 0:
            continue
        node = -1 if fresh else _find(features[k], issue, live)
        if node >= 0:
            postings[node].weight += weights[k]
            if postings[node].previous >= 0:
                _unlink(node, live)
                _link(node, features[k], live)
            continue
        node = live.counters[FREE_POSTING]
        if issues[issue].postings >= MOST_POSTINGS or node < 0:
            continue
        live.counters[FREE_POSTING] = postings[node].sibling
        postings[node].feature = features[k]
        postings[node].issue = issue
        postings[node].weight = weights[k]
        _link(node, features[k], live)
        postings[node].sibling = issues[issue].posting
        issues[issue].posting = node
        issues[issue].postings += 1


@njit(**OPTIONS)
def drop_postings(issue: Number, live: Live) -> None:
    """Take an issue out of the index."""
    issues, postings = live.issues, live.postings
    node = issues[issue].posting
    while node >= 0:
        after = postings[node].sibling
        _unlink(node, live)
        postings[node].sibling = live.counters[FREE_POSTING]
        live.counters[FREE_POSTING] = node
        node = after
    issues[issue].posting = -1
    issues[issue].postings = 0


@njit(**OPTIONS)
def move_postings(gone: Number, keep: Number, live: Live) -> None:
    """Give the postings of one issue to another; where that has its own, the weights add up."""
    issues, postings = live.issues, live.postings
    node = issues[gone].posting
    while node >= 0:
        after = postings[node].sibling
        own = _find(postings[node].feature, keep, live)
        if own >= 0:
            postings[own].weight += postings[node].weight
        if own >= 0 or issues[keep].postings >= MOST_POSTINGS:
            _unlink(node, live)
            postings[node].sibling = live.counters[FREE_POSTING]
            live.counters[FREE_POSTING] = node
        else:
            postings[node].issue = keep
            postings[node].sibling = issues[keep].posting
            issues[keep].posting = node
            issues[keep].postings += 1
        node = after
    issues[gone].posting = -1
    issues[gone].postings = 0
