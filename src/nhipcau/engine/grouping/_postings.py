"""The inverted index: under each feature the issues that had it last, the latest first. Private.

The only posting of a feature lies in the table of features itself, more of them side by side in a block, so that
looking through them is one look in memory. A full block forgets its oldest posting: an issue may be listed under a
feature that no longer leads to it. Postings of issues that are closed stay until their place is needed.
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import FREE_BLOCK, LEAN, SWEPT, Live, Number, Table

GENERATIONS = 1 << 30
"""Handles are counted up to here and then anew."""

SWEEPS = 16
"""The whole index is swept in so many turns."""


@njit(**LEAN)
def means_an_issue(standing: Table, handle: Number) -> bool:
    """Whether the issue that was posted by this handle is still there."""
    return standing[handle & (standing.shape[0] - 1)].handle == handle


@njit(**LEAN)
def forget(issue: Number, live: Live) -> None:
    """Let all postings of an issue mean nothing from now on."""
    standing = live.standing
    standing[issue].handle = (standing[issue].handle + standing.shape[0]) & (GENERATIONS - 1)
    live.issues[issue].postings = 0


@njit(**LEAN)
def _place_of(postings: Table, standing: Table, block: Number, handle: Number) -> tuple[int, int]:
    """An issue's place in a block, -1 if it has none; and the first place that another may take."""
    width = postings.shape[1]
    free = -1
    for place in range(width):
        found = np.int64(postings[block, place].handle)
        if found == handle:
            return place, free
        if found < 0:
            return -1, place if free < 0 else free
        if free < 0 and not means_an_issue(standing, found):
            free = place
    return -1, width - 1 if free < 0 else free


@njit(**LEAN)
def _to_front(postings: Table, block: Number, place: Number, handle: Number, weight: Number) -> None:
    """Put a posting first; those before `place` move back by one."""
    for k in range(place, 0, -1):
        postings[block, k].handle = postings[block, k - 1].handle
        postings[block, k].weight = postings[block, k - 1].weight
    postings[block, 0].handle = handle
    postings[block, 0].weight = weight


@njit(**LEAN)
def _post(feature: Number, handle: Number, weight: Number, room: Number, live: Live) -> bool:
    """Put an issue in front of those of a feature, or add to its posting; true where it is newly listed."""
    row, postings, standing = live.table[feature], live.postings, live.standing
    head = np.int64(row.head)
    if head >= 0:
        place, free = _place_of(postings, standing, head, handle)
        if place >= 0:
            _to_front(postings, head, place, handle, postings[head, place].weight + weight)
            return False
        if room:
            _to_front(postings, head, free, handle, weight)
        return room
    if head == -2 - handle:
        row.weight += weight
        return False
    if not room:
        return False
    if head == -1 or not means_an_issue(standing, -2 - head):
        row.head = -2 - handle
        row.weight = weight
        return True
    block = live.counters[FREE_BLOCK]
    if block < 0:
        return False
    live.counters[FREE_BLOCK] = -2 - live.block_links[block]
    live.block_links[block] = feature
    postings[block, 1].handle = -2 - head
    postings[block, 1].weight = row.weight
    postings[block, 0].handle = handle
    postings[block, 0].weight = weight
    row.head = block
    return True


@njit(**LEAN)
def post_vector(issue: Number, vectors: Table, start: Number, length: Number, floor: Number, live: Live) -> None:
    """Post an issue under the features of a vector of at least `floor`, or add to its postings; they come to front."""
    count = live.issues[issue].postings
    most = live.issue_features.shape[1]
    handle = np.int64(live.standing[issue].handle)
    for k in range(start, start + length):
        weight = vectors[k].weight
        if weight >= floor and weight > 0 and _post(vectors[k].feature, handle, weight, count < most, live):
            live.issue_features[issue, count] = vectors[k].feature
            count += 1
    live.issues[issue].postings = count


@njit(**LEAN)
def move_postings(gone: Number, keep: Number, live: Live) -> None:
    """Give the postings of one issue to another; where that has its own, the weights add up."""
    issues, listed, postings = live.issues, live.issue_features, live.postings
    standing = live.standing
    old, new = np.int64(standing[gone].handle), np.int64(standing[keep].handle)
    count = issues[keep].postings
    most = listed.shape[1]
    for k in range(issues[gone].postings):
        feature = listed[gone, k]
        row = live.table[feature]
        block = np.int64(row.head)
        if block == -2 - old and count < most:
            row.head = -2 - new
            listed[keep, count] = feature
            count += 1
        if block < 0:
            continue
        place, _ = _place_of(postings, standing, block, old)
        if place < 0:
            continue
        own, _ = _place_of(postings, standing, block, new)
        if own >= 0:
            postings[block, own].weight += postings[block, place].weight
        elif count < most:
            postings[block, place].handle = new
            listed[keep, count] = feature
            count += 1
    issues[keep].postings = count


@njit(**LEAN)
def sweep(live: Live) -> None:
    """Clear a part of the index of what means nothing any more; the next call goes on where this one ends."""
    postings, links = live.postings, live.block_links
    blocks, width = postings.shape
    first = live.counters[SWEPT]
    stop = min(blocks, first + max(1, blocks // SWEEPS))
    for block in range(first, stop):
        feature = links[block]
        if feature < 0:
            continue
        kept = 0
        for place in range(width):
            handle = np.int64(postings[block, place].handle)
            if handle < 0:
                break
            weight = postings[block, place].weight
            postings[block, place].handle = -1
            if means_an_issue(live.standing, handle):
                postings[block, kept].handle = handle
                postings[block, kept].weight = weight
                kept += 1
        if kept < 2:
            live.table[feature].head = -2 - postings[block, 0].handle if kept else -1
            live.table[feature].weight = postings[block, 0].weight
            postings[block, 0].handle = -1
            links[block] = -2 - live.counters[FREE_BLOCK]
            live.counters[FREE_BLOCK] = block
    live.counters[SWEPT] = 0 if stop == blocks else stop
