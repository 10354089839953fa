"""Threads and issues as rows: opening, growing, merging, parting, making room. Private.

When that is to happen is decided in `_arrival.py` (a post comes) and `_revision.py` (every so often).
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._likeness import bar_of
from nhipcau.engine.grouping._postings import drop_postings, move_postings, post_features
from nhipcau.engine.grouping._sparse import add_sorted, dot_sorted, weight_of_heaviest
from nhipcau.engine.grouping._typing import (
    EVENTS,
    FREE_ISSUE,
    FREE_THREAD,
    MERGED,
    NEXT_ISSUE,
    NEXT_THREAD,
    OPTIONS,
    SPLIT,
    Array,
    Live,
    Number,
)

FIRST_POSTINGS = 32  # heaviest features under which a new issue is posted
MOST_PARTS = 8  # threads of one issue that are kept apart; more of them flow together
SMALLEST_PART = 3.0  # posts of a thread that is worth keeping apart when its issue merges
OWN_VECTOR = 4.0  # posts from which an issue of one thread has a vector of its own, which is wider


@njit(**OPTIONS)
def vector_of(issue: Number, live: Live) -> tuple[Array, Array, Number]:
    """Features, weights and length of an issue's vector."""
    slot = live.issues[issue].slot
    if slot >= 0:
        return live.slot_features[slot], live.slot_weights[slot], live.slot_length[slot]
    thread = live.issues[issue].thread
    return live.thread_features[thread], live.thread_weights[thread], live.threads[thread].length


@njit(**OPTIONS)
def _take_slot(issue: Number, live: Live) -> bool:
    """Give an issue a vector of its own; false where none is left."""
    issues = live.issues
    if issues[issue].slot >= 0:
        return True
    if live.slot_free[0] == 0:
        return False
    features, weights, length = vector_of(issue, live)
    slot = live.slot_free[live.slot_free[0]]
    live.slot_free[0] -= 1
    live.slot_features[slot, :length] = features[:length]
    live.slot_weights[slot, :length] = weights[:length]
    live.slot_length[slot] = length
    issues[issue].slot = slot
    return True


@njit(**OPTIONS)
def _free_slot(issue: Number, live: Live) -> None:
    slot = live.issues[issue].slot
    if slot >= 0:
        live.slot_length[slot] = 0
        live.slot_free[0] += 1
        live.slot_free[live.slot_free[0]] = slot
        live.issues[issue].slot = -1


@njit(**OPTIONS)
def _add_to_slot(issue: Number, features: Array, weights: Array, length: Number, sign: float, live: Live) -> None:
    slot = live.issues[issue].slot
    live.slot_length[slot], live.issues[issue].norm = add_sorted(
        live.slot_features[slot],
        live.slot_weights[slot],
        live.slot_length[slot],
        features,
        weights,
        length,
        sign,
        live.room_features,
        live.room_weights,
    )


@njit(**OPTIONS)
def _record(kind: Number, issue: Number, other: Number, seq: Number, live: Live) -> None:
    """Note a merge or a split for the history."""
    place = live.counters[EVENTS]
    if place < live.events.shape[0]:
        live.events[place, 0] = kind
        live.events[place, 1] = issue
        live.events[place, 2] = other
        live.events[place, 3] = seq
        live.counters[EVENTS] = place + 1


@njit(**OPTIONS)
def _set_bar(issue: Number, live: Live) -> None:
    row = live.issues[issue]
    live.bars[issue] = bar_of(row.norm, row.size, row.chance)


@njit(**OPTIONS)
def _open_issue(thread: Number, live: Live) -> int:
    """A new issue with one thread."""
    threads, issues = live.threads, live.issues
    issue = live.counters[FREE_ISSUE]
    live.counters[FREE_ISSUE] = issues[issue].thread
    number = live.counters[NEXT_ISSUE]
    live.counters[NEXT_ISSUE] += 1
    live.issue_parent[number] = number
    live.thread_issue[threads[thread].number] = number
    issues[issue].number = number
    issues[issue].norm = threads[thread].norm
    issues[issue].size = threads[thread].size
    issues[issue].chance = threads[thread].chance
    issues[issue].last = threads[thread].last
    issues[issue].thread = thread
    issues[issue].parts = 1
    issues[issue].slot = -1
    issues[issue].postings = 0
    issues[issue].looked = threads[thread].size
    issues[issue].changed = 0
    threads[thread].issue = issue
    threads[thread].after = -1
    _set_bar(issue, live)
    post_features(
        issue,
        live.thread_features[thread],
        live.thread_weights[thread],
        threads[thread].length,
        weight_of_heaviest(live.thread_weights[thread], threads[thread].length, FIRST_POSTINGS),
        live,
    )
    return issue


@njit(**OPTIONS)
def open_thread(
    features: Array, weights: Array, length: Number, chance: Number, now: Number, seq: Number, live: Live
) -> int:
    """A new thread with one post, in a new issue."""
    threads = live.threads
    if live.counters[FREE_THREAD] < 0:
        _make_room(live)
    thread = live.counters[FREE_THREAD]
    live.counters[FREE_THREAD] = threads[thread].after
    threads[thread].number = live.counters[NEXT_THREAD]
    live.counters[NEXT_THREAD] += 1
    threads[thread].length, norm = add_sorted(
        live.thread_features[thread],
        live.thread_weights[thread],
        0,
        features,
        weights,
        length,
        1.0,
        live.room_features,
        live.room_weights,
    )
    threads[thread].norm = max(norm, 1e-9)
    threads[thread].size = 1.0
    threads[thread].chance = chance
    threads[thread].last = now
    threads[thread].seen = seq
    _open_issue(thread, live)
    return thread


@njit(**OPTIONS)
def _nearest_part(issue: Number, features: Array, weights: Array, length: Number, live: Live) -> int:
    """The thread of an issue whose direction is nearest to a vector."""
    threads = live.threads
    walk = live.issues[issue].thread
    if live.issues[issue].parts == 1:
        return walk
    best = walk
    best_value = -1.0
    while walk >= 0:
        value = dot_sorted(
            features, weights, length, live.thread_features[walk], live.thread_weights[walk], threads[walk].length
        ) / np.sqrt(threads[walk].norm)
        if value > best_value or (value == best_value and threads[walk].number < threads[best].number):
            best_value = value
            best = walk
        walk = threads[walk].after
    return best


@njit(**OPTIONS)
def _grow_thread(
    thread: Number,
    features: Array,
    weights: Array,
    length: Number,
    size: Number,
    chance: Number,
    last: Number,
    live: Live,
) -> None:
    threads = live.threads
    threads[thread].length, norm = add_sorted(
        live.thread_features[thread],
        live.thread_weights[thread],
        threads[thread].length,
        features,
        weights,
        length,
        1.0,
        live.room_features,
        live.room_weights,
    )
    threads[thread].norm = max(norm, 1e-9)
    threads[thread].size += size
    threads[thread].chance += chance
    threads[thread].last = max(threads[thread].last, last)


@njit(**OPTIONS)
def take_post(
    issue: Number,
    features: Array,
    weights: Array,
    length: Number,
    floor: Number,
    chance: Number,
    now: Number,
    seq: Number,
    live: Live,
) -> int:
    """Put a post into the nearest thread of a live issue; gives the thread."""
    threads, issues = live.threads, live.issues
    thread = _nearest_part(issue, features, weights, length, live)
    if issues[issue].slot < 0 and issues[issue].size + 1.0 >= OWN_VECTOR:
        _take_slot(issue, live)
    _grow_thread(thread, features, weights, length, 1.0, chance, now, live)
    threads[thread].seen = seq
    if issues[issue].slot >= 0:
        _add_to_slot(issue, features, weights, length, 1.0, live)
    else:
        issues[issue].norm = threads[thread].norm
    issues[issue].size += 1.0
    issues[issue].chance += chance
    _set_bar(issue, live)
    issues[issue].last = max(issues[issue].last, now)
    if issues[issue].size < 8.0 or issues[issue].size >= 1.25 * issues[issue].looked:
        issues[issue].changed = 1
    post_features(issue, features, weights, length, floor, live)
    return thread


@njit(**OPTIONS)
def _leave_issue(thread: Number, live: Live) -> None:
    """Take a thread out of its issue; an issue without threads is closed."""
    threads, issues = live.threads, live.issues
    issue = threads[thread].issue
    before = -1
    walk = issues[issue].thread
    while walk != thread:
        before = walk
        walk = threads[walk].after
    if before < 0:
        issues[issue].thread = threads[thread].after
    else:
        threads[before].after = threads[thread].after
    issues[issue].parts -= 1
    issues[issue].size -= threads[thread].size
    issues[issue].chance -= threads[thread].chance
    if issues[issue].parts == 0:
        _close(issue, live)
        return
    if issues[issue].slot >= 0:
        _add_to_slot(
            issue, live.thread_features[thread], live.thread_weights[thread], threads[thread].length, -1.0, live
        )
    _set_bar(issue, live)


@njit(**OPTIONS)
def _close(issue: Number, live: Live) -> None:
    """Free the row of an issue without threads."""
    drop_postings(issue, live)
    _free_slot(issue, live)
    live.issues[issue].number = -1
    live.issues[issue].changed = 0
    live.issues[issue].thread = live.counters[FREE_ISSUE]
    live.counters[FREE_ISSUE] = issue


@njit(**OPTIONS)
def _free_thread(thread: Number, live: Live) -> None:
    live.threads[thread].number = -1
    live.threads[thread].length = 0
    live.threads[thread].after = live.counters[FREE_THREAD]
    live.counters[FREE_THREAD] = thread


@njit(**OPTIONS)
def _make_room(live: Live) -> None:
    """Drop the sixteenth of the threads that were quiet longest; a larger thread counts as fresher."""
    threads = live.threads
    capacity = threads.shape[0]
    worth = np.empty(capacity, np.float64)
    for thread in range(capacity):
        worth[thread] = np.inf
        if threads[thread].number >= 0:
            worth[thread] = threads[thread].seen + 0.25 * capacity * min(8.0, np.log2(threads[thread].size))
    order = np.argsort(worth, kind="mergesort")
    for k in range(max(1, capacity // 16)):
        if threads[order[k]].number >= 0:
            _leave_issue(order[k], live)
            _free_thread(order[k], live)


@njit(**OPTIONS)
def merge(keep: Number, gone: Number, seq: Number, live: Live) -> bool:
    """Put all of one issue into another; false where no room for its vector is left."""
    threads, issues = live.threads, live.issues
    if not _take_slot(keep, live):
        return False
    features, weights, length = vector_of(gone, live)
    _add_to_slot(keep, features, weights, length, 1.0, live)
    walk = issues[gone].thread
    while walk >= 0:
        after = threads[walk].after
        if threads[walk].size >= SMALLEST_PART and issues[keep].parts < MOST_PARTS:
            threads[walk].after = issues[keep].thread
            issues[keep].thread = walk
            threads[walk].issue = keep
            issues[keep].parts += 1
        else:
            own_features, own_weights = live.thread_features[walk], live.thread_weights[walk]
            nearest = _nearest_part(keep, own_features, own_weights, threads[walk].length, live)
            _grow_thread(
                nearest,
                own_features,
                own_weights,
                threads[walk].length,
                threads[walk].size,
                threads[walk].chance,
                threads[walk].last,
                live,
            )
            threads[nearest].seen = max(threads[nearest].seen, threads[walk].seen)
            _free_thread(walk, live)
        walk = after
    issues[keep].size += issues[gone].size
    issues[keep].chance += issues[gone].chance
    _set_bar(keep, live)
    issues[keep].last = max(issues[keep].last, issues[gone].last)
    move_postings(gone, keep, live)
    live.issue_parent[issues[gone].number] = issues[keep].number
    if issues[gone].size >= SMALLEST_PART:
        _record(MERGED, issues[keep].number, issues[gone].number, seq, live)
    _close(gone, live)
    return True


@njit(**OPTIONS)
def part(thread: Number, seq: Number, live: Live) -> int:
    """Let a thread leave its issue with a new number; gives the place of the new issue."""
    issue = live.threads[thread].issue
    _leave_issue(thread, live)
    fresh = _open_issue(thread, live)
    _record(SPLIT, live.issues[issue].number, live.issues[fresh].number, seq, live)
    return fresh
