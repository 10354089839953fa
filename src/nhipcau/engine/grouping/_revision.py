"""Revising the issues: what has drifted parts, what turned out to be one merges, the best pairs first. Private."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._likeness import cohesion, likeness
from nhipcau.engine.grouping._members import SMALLEST_PART, merge, part, thread_vector, vector_of
from nhipcau.engine.grouping._search import likeness_of, nearest_issue
from nhipcau.engine.grouping._sparse import clear, dot, lay_out, weight_of_heaviest
from nhipcau.engine.grouping._typing import LEAN, OPTIONS, ZERO, Array, Live, Number, Rules

WIDE = 32  # heaviest features by which an issue looks for its like
TURNS = 12  # after each turn, those that merged look again
WORSE = 0.9


@njit(**LEAN)
def _part_one(issue: Number, seq: Number, live: Live, rules: Rules) -> bool:
    """Let the thread that stands farthest from the rest of its issue go, if it stands far enough."""
    threads, issues = live.threads, live.issues
    start, length = vector_of(issue, live)
    farthest = -1
    farthest_value = rules.part
    walk = issues[issue].thread
    lay_out(live.vectors, start, length, live.laid)
    while walk >= 0:
        size = threads[walk].size
        rest = issues[issue].size - size
        if size >= SMALLEST_PART and rest >= SMALLEST_PART:
            own, own_length = thread_vector(walk, live)
            shared = max(0.0, dot(live.vectors, start, live.laid, live.vectors, own, own_length) - threads[walk].norm)
            value = likeness(
                shared,
                size,
                rest,
                threads[walk].chance,
                max(issues[issue].chance - threads[walk].chance, 1e-12),
                cohesion(threads[walk].norm, size),
                cohesion(max(rest, issues[issue].norm - threads[walk].norm - 2 * shared), rest),
                rules.looseness,
            )
            if value < farthest_value:
                farthest_value = value
                farthest = walk
        walk = threads[walk].after
    clear(live.vectors, start, length, live.laid)
    if farthest < 0:
        return False
    part(farthest, seq, live)
    return True


@njit(**LEAN)
def _look(issue: Number, live: Live, rules: Rules) -> tuple[int, float]:
    """The issue nearest to this one."""
    row = live.issues[issue]
    start, length = vector_of(issue, live)
    return nearest_issue(
        live.vectors,
        start,
        length,
        weight_of_heaviest(live.vectors, start, length, ZERO + WIDE, live.room_weights),
        row.size,
        row.chance,
        cohesion(row.norm, row.size),
        row.last,
        issue,
        live,
        rules,
    )


@njit(**OPTIONS)
def revise(seq: Number, live: Live, rules: Rules) -> None:
    """Look once more at all issues that have changed."""
    issues = live.issues
    capacity = issues.shape[0]
    listed = np.empty(capacity, np.int64)
    values = np.empty(capacity, np.float64)
    partners = np.empty(capacity, np.int64)
    into = np.full(capacity, -1, np.int64)
    count = ZERO
    for issue in range(capacity):
        if issues[issue].number >= 0 and issues[issue].changed:
            if issues[issue].parts > 1:
                _part_one(issue, seq, live, rules)
            listed[count] = issue
            count += 1
    for _ in range(TURNS):
        pairs = ZERO
        for k in range(count):
            issue = listed[k]
            issues[issue].changed = 0
            issues[issue].looked = issues[issue].size
            best, value = _look(issue, live, rules)
            if best >= 0 and value >= rules.join:
                listed[pairs] = issue
                partners[pairs] = best
                values[pairs] = value
                pairs += 1
        if pairs == 0:
            break
        count = _merge_pairs(listed, partners, values, pairs, into, seq, live, rules)
    for k in range(count):
        issues[listed[k]].changed = 1  # next time, if the turns did not do


@njit(**LEAN)
def _survivor(issue: Number, into: Array) -> int:
    while into[issue] >= 0:
        issue = into[issue]
    return issue


@njit(**OPTIONS)
def _merge_pairs(
    listed: Array, partners: Array, values: Array, pairs: Number, into: Array, seq: Number, live: Live, rules: Rules
) -> int:
    """Merge pairs, the best first; lists the issues that have to look again and gives how many they are.

    Where one of a pair has merged before in this turn, the survivor is compared anew, and the pair waits for the next
    turn if it has become worse by more than `WORSE`.
    """
    issues = live.issues
    order = np.argsort(-values[:pairs], kind="mergesort")
    again = np.empty(2 * pairs, np.int64)
    count = 0
    for place in range(pairs):
        a = _survivor(listed[order[place]], into)
        b = _survivor(partners[order[place]], into)
        if a == b:
            continue
        value = values[order[place]]
        if a != listed[order[place]] or b != partners[order[place]] or issues[a].changed or issues[b].changed:
            value = likeness_of(a, b, live, rules)
            if value < rules.join or value < WORSE * values[order[place]]:
                again[count] = a
                count += 1
                continue
        keep, gone = (a, b) if issues[a].number < issues[b].number else (b, a)
        if merge(keep, gone, seq, live):
            into[gone] = keep
            issues[keep].changed = 1
            again[count] = keep
            count += 1
    fresh = 0
    for k in range(count):
        issue = _survivor(again[k], into)
        if issues[issue].looked >= 0:
            issues[issue].looked = -1.0  # listed
            listed[fresh] = issue
            fresh += 1
    return fresh
