"""Threads and issues as rows: opening, growing, merging, parting, making room. Private.

When that is to happen is decided in `_arrival.py` (a post comes) and `_revision.py` (every so often).
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._likeness import bar_of
from nhipcau.engine.grouping._postings import forget, move_postings, post_vector, sweep
from nhipcau.engine.grouping._sparse import add, clear, dot, lay_out, nth_heaviest, take_away, weight_of_heaviest
from nhipcau.engine.grouping._typing import (
    EVENTS,
    FREE_ISSUE,
    FREE_THREAD,
    ISSUE_WIDTH,
    LEAN,
    MERGED,
    NEXT_ISSUE,
    NEXT_THREAD,
    SPLIT,
    THREAD_WIDTH,
    ZERO,
    Live,
    Number,
    Table,
)

FIRST_POSTINGS = 28  # heaviest features under which a new issue is posted
MOST_PARTS = 8  # threads of one issue that are kept apart; more of them flow together
SMALLEST_PART = 3.0  # posts of a thread that is worth keeping apart when its issue merges
OWN_VECTOR = 4.0  # posts from which an issue of one thread has a vector of its own, which is wider


@njit(**LEAN)
def thread_vector(thread: Number, live: Live) -> tuple[Number, Number]:
    """Where a thread's vector begins, and its length."""
    return thread * live.counters[THREAD_WIDTH], live.threads[thread].length


@njit(**LEAN)
def vector_of(issue: Number, live: Live) -> tuple[Number, Number]:
    """Where an issue's vector begins, and its length."""
    slot = live.issues[issue].slot
    if slot >= 0:
        return _slot_start(slot, live), live.issues[issue].length
    return thread_vector(live.issues[issue].thread, live)


@njit(**LEAN)
def _slot_start(slot: Number, live: Live) -> int:
    return live.threads.shape[0] * live.counters[THREAD_WIDTH] + slot * live.counters[ISSUE_WIDTH]


@njit(**LEAN)
def _take_slot(issue: Number, live: Live) -> bool:
    """Give an issue a vector of its own; false where none is left."""
    issues, vectors = live.issues, live.vectors
    if issues[issue].slot >= 0:
        return True
    if live.slot_free[0] == 0:
        return False
    start, length = vector_of(issue, live)
    slot = np.int64(live.slot_free[live.slot_free[0]])
    live.slot_free[0] -= 1
    own = _slot_start(slot, live)
    for k in range(length):
        vectors[own + k].feature = vectors[start + k].feature
        vectors[own + k].weight = vectors[start + k].weight
    issues[issue].length = length
    issues[issue].slot = slot
    return True


@njit(**LEAN)
def _free_slot(issue: Number, live: Live) -> None:
    slot = live.issues[issue].slot
    if slot >= 0:
        live.slot_free[0] += 1
        live.slot_free[live.slot_free[0]] = slot
        live.issues[issue].slot = -1


@njit(**LEAN)
def _add_to_slot(issue: Number, vectors: Table, start: Number, length: Number, live: Live) -> None:
    issues = live.issues
    own = _slot_start(issues[issue].slot, live)
    width = live.counters[ISSUE_WIDTH]
    issues[issue].length, issues[issue].norm = add(
        live.vectors, own, issues[issue].length, width, vectors, start, length, live.laid, live.room, live.room_weights
    )


@njit(**LEAN)
def _take_from_slot(issue: Number, vectors: Table, start: Number, length: Number, live: Live) -> None:
    issues = live.issues
    own = _slot_start(issues[issue].slot, live)
    issues[issue].length, issues[issue].norm = take_away(
        live.vectors, own, issues[issue].length, vectors, start, length, live.laid
    )


@njit(**LEAN)
def _record(kind: Number, issue: Number, other: Number, seq: Number, live: Live) -> None:
    """Note a merge or a split for the history."""
    place = live.counters[EVENTS]
    if place < live.events.shape[0]:
        live.events[place, 0] = kind
        live.events[place, 1] = issue
        live.events[place, 2] = other
        live.events[place, 3] = seq
        live.counters[EVENTS] = place + 1


@njit(**LEAN)
def _set_bar(issue: Number, live: Live) -> None:
    row = live.issues[issue]
    live.standing[issue].bar = bar_of(row.norm, row.size, row.chance)
    live.standing[issue].size = row.size
    live.standing[issue].pull = np.sqrt(row.chance * row.size)


@njit(**LEAN)
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
    start, length = thread_vector(thread, live)
    floor = weight_of_heaviest(live.vectors, start, length, ZERO + FIRST_POSTINGS, live.room_weights)
    post_vector(issue, live.vectors, start, length, floor, live)
    return issue


@njit(**LEAN)
def open_thread(length: Number, chance: Number, now: Number, seq: Number, live: Live) -> int:
    """A new thread with the post that comes, in a new issue."""
    threads = live.threads
    if live.counters[FREE_THREAD] < 0:
        _make_room(live)
    thread = live.counters[FREE_THREAD]
    live.counters[FREE_THREAD] = threads[thread].after
    threads[thread].number = live.counters[NEXT_THREAD]
    live.counters[NEXT_THREAD] += 1
    threads[thread].length = 0
    threads[thread].size = 0.0
    threads[thread].chance = 0.0
    threads[thread].last = now
    threads[thread].seen = seq
    _grow_thread(thread, live.post, ZERO, length, 1.0, chance, now, live)
    _open_issue(thread, live)
    return thread


@njit(**LEAN)
def _nearest_part(issue: Number, vectors: Table, start: Number, length: Number, live: Live) -> int:
    """The thread of an issue whose direction is nearest to a vector."""
    threads = live.threads
    walk = live.issues[issue].thread
    if live.issues[issue].parts == 1:
        return walk
    best = walk
    best_value = -1.0
    lay_out(vectors, start, length, live.laid)
    while walk >= 0:
        own, own_length = thread_vector(walk, live)
        value = dot(vectors, start, live.laid, live.vectors, own, own_length) / np.sqrt(threads[walk].norm)
        if value > best_value or (value == best_value and threads[walk].number < threads[best].number):
            best_value = value
            best = walk
        walk = threads[walk].after
    clear(vectors, start, length, live.laid)
    return best


@njit(**LEAN)
def _grow_thread(
    thread: Number,
    vectors: Table,
    start: Number,
    length: Number,
    size: Number,
    chance: Number,
    last: Number,
    live: Live,
) -> None:
    """Add a vector of so many posts to a thread."""
    threads = live.threads
    own, own_length = thread_vector(thread, live)
    width = live.counters[THREAD_WIDTH]
    threads[thread].length, norm = add(
        live.vectors, own, own_length, width, vectors, start, length, live.laid, live.room, live.room_weights
    )
    threads[thread].norm = max(norm, 1e-9)
    threads[thread].size += size
    threads[thread].chance += chance
    threads[thread].last = max(threads[thread].last, last)


@njit(**LEAN)
def take_post(
    issue: Number, length: Number, floor: Number, chance: Number, now: Number, seq: Number, live: Live
) -> int:
    """Put the post that comes into the nearest thread of a live issue; gives the thread."""
    threads, issues = live.threads, live.issues
    thread = _nearest_part(issue, live.post, ZERO, length, live)
    if issues[issue].slot < 0 and issues[issue].size + 1.0 >= OWN_VECTOR:
        _take_slot(issue, live)
    _grow_thread(thread, live.post, ZERO, length, 1.0, chance, now, live)
    threads[thread].seen = seq
    if issues[issue].slot >= 0:
        _add_to_slot(issue, live.post, ZERO, length, live)
    else:
        issues[issue].norm = threads[thread].norm
    issues[issue].size += 1.0
    issues[issue].chance += chance
    _set_bar(issue, live)
    issues[issue].last = max(issues[issue].last, now)
    if issues[issue].size < 8.0 or issues[issue].size >= 1.25 * issues[issue].looked:
        issues[issue].changed = 1
    post_vector(issue, live.post, ZERO, length, floor, live)
    return thread


@njit(**LEAN)
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
        start, length = thread_vector(thread, live)
        _take_from_slot(issue, live.vectors, start, length, live)
    _set_bar(issue, live)


@njit(**LEAN)
def _close(issue: Number, live: Live) -> None:
    """Free the row of an issue without threads."""
    forget(issue, live)
    _free_slot(issue, live)
    live.issues[issue].number = -1
    live.issues[issue].changed = 0
    live.issues[issue].thread = live.counters[FREE_ISSUE]
    live.counters[FREE_ISSUE] = issue


@njit(**LEAN)
def _free_thread(thread: Number, live: Live) -> None:
    live.threads[thread].number = -1
    live.threads[thread].length = 0
    live.threads[thread].after = live.counters[FREE_THREAD]
    live.counters[FREE_THREAD] = thread


@njit(**LEAN)
def _worth(thread: Number, live: Live) -> float:
    """Which threads are kept: those seen last; a larger one counts as fresher."""
    row = live.threads[thread]
    return row.seen + 0.25 * live.threads.shape[0] * min(8.0, np.log2(row.size))


@njit(**LEAN)
def _make_room(live: Live) -> None:
    """Drop the sixteenth of the threads that are worth least."""
    threads = live.threads
    capacity = threads.shape[0]
    count = ZERO
    for thread in range(capacity):
        if threads[thread].number >= 0:
            live.worths[count] = -_worth(thread, live)
            count += 1
    bar = -nth_heaviest(live.worths, count, max(1, capacity // 16))
    for thread in range(capacity):
        if threads[thread].number >= 0 and _worth(thread, live) <= bar:
            _leave_issue(thread, live)
            _free_thread(thread, live)
    sweep(live)


@njit(**LEAN)
def merge(keep: Number, gone: Number, seq: Number, live: Live) -> bool:
    """Put all of one issue into another; false where no room for its vector is left."""
    threads, issues = live.threads, live.issues
    if not _take_slot(keep, live):
        return False
    start, length = vector_of(gone, live)
    _add_to_slot(keep, live.vectors, start, length, live)
    walk = issues[gone].thread
    while walk >= 0:
        after = threads[walk].after
        if threads[walk].size >= SMALLEST_PART and issues[keep].parts < MOST_PARTS:
            threads[walk].after = issues[keep].thread
            issues[keep].thread = walk
            threads[walk].issue = keep
            issues[keep].parts += 1
        else:
            start, length = thread_vector(walk, live)
            nearest = _nearest_part(keep, live.vectors, start, length, live)
            _grow_thread(
                nearest, live.vectors, start, length, threads[walk].size, threads[walk].chance, threads[walk].last, live
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
        _record(ZERO + MERGED, issues[keep].number, issues[gone].number, seq, live)
    _close(gone, live)
    return True


@njit(**LEAN)
def part(thread: Number, seq: Number, live: Live) -> int:
    """Let a thread leave its issue with a new number; gives the place of the new issue."""
    issue = live.threads[thread].issue
    _leave_issue(thread, live)
    fresh = _open_issue(thread, live)
    _record(ZERO + SPLIT, live.issues[issue].number, live.issues[fresh].number, seq, live)
    return fresh
