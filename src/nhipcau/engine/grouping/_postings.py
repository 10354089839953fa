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
def _place_of(postings: Table, block: Number, handle: Number) -> int:
    """An issue's place in a block, -1 if it has none."""
    for place in range(postings.shape[1]):
        found = np.int64(postings[block, place].handle)
        if found == handle:
            return place
        if found < 0:
            break
    return -1


@njit(**LEAN)
def _to_front(postings: Table, block: Number, place: Number, weight: Number) -> None:
    """Put the posting at a place first, with its new weight; those before it move back by one."""
    handle = postings[block, place].handle
    for k in range(place, 0, -1):
        postings[block, k].handle = postings[block, k - 1].handle
        postings[block, k].weight = postings[block, k - 1].weight
    postings[block, 0].handle = handle
    postings[block, 0].weight = weight


@njit(**LEAN)
def _put_first(postings: Table, standing: Table, block: Number, handle: Number, weight: Number) -> None:
    """Put a new posting first; the others move back.

    Where the block is full, they move over the first that means nothing any more, or the last goes.
    """
    put, put_weight = handle, weight
    is_full = postings[block, postings.shape[1] - 1].handle >= 0
    for place in range(postings.shape[1]):
        moved, moved_weight = np.int64(postings[block, place].handle), postings[block, place].weight
        postings[block, place].handle = put
        postings[block, place].weight = put_weight
        if moved < 0 or (is_full and not means_an_issue(standing, moved)):
            break
        put, put_weight = moved, moved_weight


@njit(**LEAN)
def _post(feature: Number, handle: Number, weight: Number, known: Number, room: Number, live: Live) -> bool:
    """Put an issue in front of those of a feature, or add to its posting; true where it is newly listed."""
    row, postings, standing = live.table[feature], live.postings, live.standing
    head = np.int64(row.head)
    if head >= 0:
        place = _place_of(postings, head, handle) if known else -1
        if place >= 0:
            _to_front(postings, head, place, postings[head, place].weight + weight)
            return False
        if room:
            _put_first(postings, standing, head, handle, weight)
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
    for place in range(2, postings.shape[1]):
        postings[block, place].handle = -1
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
    known = count > 0
    for k in range(start, start + length):
        weight = vectors[k].weight
        if weight >= floor and weight > 0 and _post(vectors[k].feature, handle, weight, known, count < most, live):
            live.issue_features[issue, count] = vectors[k].feature
            count += 1
    live.issues[issue].postings = count


@njit(**LEAN)
def _give(postings: Table, block: Number, old: Number, new: Number, room: Number) -> bool:
    """Give one issue's posting in a block to another, where there is room; where that has its own, they add up."""
    place = -1
    own = -1
    for k in range(postings.shape[1]):
        found = np.int64(postings[block, k].handle)
        if found < 0:
            break
        if found == old:
            place = k
        elif found == new:
            own = k
    if place < 0:
        return False
    if own >= 0:
        postings[block, own].weight += postings[block, place].weight
        return False
    if room:
        postings[block, place].handle = new
    return room


@njit(**LEAN)
def move_postings(gone: Number, keep: Number, live: Live) -> None:
    """Give the postings of one issue to another; those that are left mean nothing once the issue is closed."""
    issues, listed, standing = live.issues, live.issue_features, live.standing
    old, new = np.int64(standing[gone].handle), np.int64(standing[keep].handle)
    count = issues[keep].postings
    most = listed.shape[1]
    for k in range(issues[gone].postings):
        feature = listed[gone, k]
        row = live.table[feature]
        head = np.int64(row.head)
        given = False
        if head >= 0:
            given = _give(live.postings, head, old, new, count < most)
        elif head == -2 - old and count < most:
            row.head = -2 - new
            given = True
        if given:
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
