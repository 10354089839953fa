"""The live issue that stands nearest to a post or to another issue. Private."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._ahead import look_ahead
from nhipcau.engine.grouping._likeness import WORTH_A_LOOK, aging, cohesion, likeness
from nhipcau.engine.grouping._members import vector_of
from nhipcau.engine.grouping._sparse import clear, dot, lay_out
from nhipcau.engine.grouping._typing import LEAN, LOOKED_AT, ZERO, Array, Live, Number, Rules, Table

FAR = 0.5  # share of the best likeness so far below which an estimate ends the search
HOPELESS = 0.3  # share of the bar below which a candidate's estimate ends the search
A_LINE = 8  # postings that come into the cache together


@njit(**LEAN)
def _keep_best(held: Number, issue: Number, value: Number, number: Number, live: Live) -> int:
    """Keep the candidates of the largest values, the older number first among equals; gives how many are held."""
    near = live.near
    place = held
    while place > 0 and (
        value > near[place - 1].value or (value == near[place - 1].value and number < near[place - 1].number)
    ):
        place -= 1
    if place == LOOKED_AT:
        return held
    for k in range(min(held, LOOKED_AT - 1), place, -1):
        near[k].value = near[k - 1].value
        near[k].number = near[k - 1].number
        near[k].issue = near[k - 1].issue
    near[place].value = value
    near[place].number = number
    near[place].issue = issue
    return min(held + 1, LOOKED_AT)


@njit(**LEAN)
def likeness_of(issue: Number, other: Number, live: Live, rules: Rules) -> float:
    """Compare two live issues in full."""
    row = live.issues[issue]
    start, length = vector_of(issue, live)
    lay_out(live.vectors, start, length, live.laid)
    value = _compared(
        live.vectors, start, row.size, row.chance, cohesion(row.norm, row.size), row.last, other, live, rules
    )
    clear(live.vectors, start, length, live.laid)
    return value


@njit(**LEAN)
def _likeness_to(
    other: Number, shared: Number, size: Number, chance: Number, own_cohesion: Number, live: Live, rules: Rules
) -> float:
    """Likeness of a vector to a live issue with which it shares so much."""
    row = live.issues[other]
    return likeness(
        shared, size, row.size, chance, row.chance, own_cohesion, cohesion(row.norm, row.size), rules.looseness
    )


@njit(**LEAN)
def _compared(
    vectors: Table,
    start: Number,
    size: Number,
    chance: Number,
    own_cohesion: Number,
    last: Number,
    other: Number,
    live: Live,
    rules: Rules,
) -> float:
    """Likeness of the vector that is laid out to a live issue, compared in full."""
    row = live.issues[other]
    other_start, other_length = vector_of(other, live)
    shared = dot(vectors, start, live.laid, live.vectors, other_start, other_length)
    age = aging(max(last, row.last), min(last, row.last), rules.half_life)
    return _likeness_to(other, shared, size, chance, own_cohesion, live, rules) * age


@njit(**LEAN)
def _add_up(
    weight: Number, handle: Number, other_weight: Number, own: Number, count: Number, standing: Table, touched: Array
) -> int:
    """Add a shared feature to what a vector shares with an issue; gives how many issues are touched."""
    other = handle & (standing.shape[0] - 1)
    row = standing[other]
    if row.handle != handle or other == own:
        return count
    if row.partial == 0.0:
        touched[count] = other
        count += 1
    row.partial += weight * other_weight
    return count


@njit(**LEAN)
def _gather(vectors: Table, start: Number, length: Number, floor: Number, own: Number, live: Live) -> Number:
    """Add up what a vector shares with each issue by its features of at least `floor`; gives how many are touched.

    All that lies far away in memory is looked at before it is needed, so that one look need not wait for another.
    """
    table, postings, standing, touched = live.table, live.postings, live.standing, live.touched
    heavy, weights = live.room, live.room_weights
    found = ZERO
    for k in range(start, start + length):
        if vectors[k].weight >= floor:
            heavy[found].feature = table[vectors[k].feature].head
            heavy[found].weight = vectors[k].weight
            weights[found] = table[vectors[k].feature].weight
            found += 1
    for k in range(found):
        if heavy[k].feature >= 0:
            for place in range(0, postings.shape[1], A_LINE):
                look_ahead(postings, (np.int64(heavy[k].feature), place))
    count = ZERO
    for k in range(found):
        head = np.int64(heavy[k].feature)
        weight = heavy[k].weight
        if head < -1:
            count = _add_up(weight, -2 - head, weights[k], own, count, standing, touched)
        if head < 0:
            continue
        for place in range(postings.shape[1]):
            handle = np.int64(postings[head, place].handle)
            if handle < 0:
                break
            count = _add_up(weight, handle, postings[head, place].weight, own, count, standing, touched)
    return count


@njit(**LEAN)
def _choose(count: Number, size: Number, chance: Number, own_cohesion: Number, live: Live, rules: Rules) -> Number:
    """Put the touched issues of the best estimates into `near`, the best first; gives how many they are."""
    standing, touched, shares = live.standing, live.touched, live.shares
    firm = WORTH_A_LOOK * own_cohesion
    # the ground of two issues is at least `looseness` times chance: see `likeness`
    least = (1.0 + HOPELESS * rules.join * (rules.looseness - 1.0)) * np.sqrt(size * chance)
    worth = ZERO
    for k in range(count):
        other = np.int64(touched[k])
        partial = standing[other].partial
        standing[other].partial = 0.0
        # most candidates share one common word: they are told by one look
        bar = min(standing[other].bar, firm * standing[other].size)
        if partial < size * bar or partial < least * standing[other].pull:
            continue
        look_ahead(live.issues, (other,))
        touched[worth] = other
        shares[worth] = partial
        worth += 1
    held = ZERO
    for k in range(worth):
        other = np.int64(touched[k])
        estimate = _likeness_to(other, shares[k], size, chance, own_cohesion, live, rules)
        if estimate > HOPELESS * rules.join:
            held = _keep_best(held, other, estimate, live.issues[other].number, live)
    return held


@njit(**LEAN)
def nearest_issue(
    vectors: Table,
    start: Number,
    length: Number,
    floor: Number,
    size: Number,
    chance: Number,
    own_cohesion: Number,
    last: Number,
    own: Number,
    live: Live,
    rules: Rules,
) -> tuple[Number, float]:
    """The live issue other than `own` with the largest likeness to a vector, and that likeness; -1 if none is near.

    Issues are found under the features of at least `floor`, which gives an estimate; the best few are compared in full.
    """
    near = live.near
    held = _choose(_gather(vectors, start, length, floor, own, live), size, chance, own_cohesion, live, rules)
    best = ZERO - 1
    best_value = 0.0
    if held == 0:
        return best, best_value
    lay_out(vectors, start, length, live.laid)
    for attempt in range(held):
        other = near[attempt].issue
        if near[attempt].value < FAR * best_value:
            break
        value = _compared(vectors, start, size, chance, own_cohesion, last, other, live, rules)
        if value > best_value or (
            value == best_value and best >= 0 and near[attempt].number < live.issues[best].number
        ):
            best_value = value
            best = other
    clear(vectors, start, length, live.laid)
    return best, best_value
