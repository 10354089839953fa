"""The live issue that stands nearest to a post or to another issue. Private."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._likeness import aging, cohesion, likeness
from nhipcau.engine.grouping._members import vector_of
from nhipcau.engine.grouping._sparse import dot_sorted
from nhipcau.engine.grouping._typing import OPTIONS, Array, Live, Number, Rules

LOOKED_AT = 5  # candidates that are compared in full
FAR = 0.5  # share of the best likeness so far below which an estimate ends the search
HOPELESS = 0.3  # share of the bar below which a candidate's estimate ends the search


@njit(**OPTIONS)
def _keep_best(
    best: Array, values: Array, numbers: Array, held: Number, candidate: Number, value: Number, number: Number
) -> int:
    """Keep the candidates with the largest values, the older number first among equals; gives how many are held."""
    room = best.shape[0]
    if held == room and (value < values[room - 1] or (value == values[room - 1] and number > numbers[room - 1])):
        return held
    place = held if held < room else room - 1
    while place > 0 and (value > values[place - 1] or (value == values[place - 1] and number < numbers[place - 1])):
        best[place] = best[place - 1]
        values[place] = values[place - 1]
        numbers[place] = numbers[place - 1]
        place -= 1
    best[place] = candidate
    values[place] = value
    numbers[place] = number
    return min(held + 1, room)


@njit(**OPTIONS)
def likeness_of(issue: Number, other: Number, live: Live, rules: Rules) -> float:
    """Compare two live issues in full."""
    issues = live.issues
    features, weights, length = vector_of(issue, live)
    other_features, other_weights, other_length = vector_of(other, live)
    one, two = issues[issue], issues[other]
    return likeness(
        dot_sorted(features, weights, length, other_features, other_weights, other_length),
        one.size,
        two.size,
        one.chance,
        two.chance,
        cohesion(one.norm, one.size),
        cohesion(two.norm, two.size),
        rules.looseness,
    ) * aging(max(one.last, two.last), min(one.last, two.last), rules.half_life)


@njit(**OPTIONS)
def nearest_issue(
    features: Array,
    weights: Array,
    length: Number,
    floor: Number,
    size: Number,
    chance: Number,
    own_cohesion: Number,
    last: Number,
    own: Number,
    live: Live,
    rules: Rules,
) -> tuple[int, float]:
    """The live issue other than `own` with the largest likeness to a vector, and that likeness; -1 if none is near.

    Issues are found under the features of at least `floor`, which gives an estimate; the best few are compared in full.
    """
    issues, partial, touched = live.issues, live.partial, live.touched
    block_issues, block_weights = live.block_issues, live.block_weights
    count = 0
    for k in range(length):
        weight = weights[k]
        if weight < floor:
            continue
        row = live.table[features[k]]
        block = row.head
        if block < 0:
            other = -2 - block
            if block < -1 and other != own:
                if partial[other] == 0.0:
                    touched[count] = other
                    count += 1
                partial[other] += weight * row.weight
            continue
        for place in range(block_issues.shape[1]):
            other = block_issues[block, place]
            if other < 0:
                break
            if other != own:
                if partial[other] == 0.0:
                    touched[count] = other
                    count += 1
                partial[other] += weight * block_weights[block, place]
    near = np.empty(LOOKED_AT, np.int64)
    near_values = np.empty(LOOKED_AT, np.float64)
    near_numbers = np.empty(LOOKED_AT, np.int64)
    held = 0
    # most candidates share one common word: they are told by one look at a short table
    is_post = own < 0
    least = chance
    for k in range(count):
        other = touched[k]
        if partial[other] < (live.bars[other] if is_post else least):
            partial[other] = 0.0
            continue
        estimate = likeness(
            partial[other],
            size,
            issues[other].size,
            chance,
            issues[other].chance,
            own_cohesion,
            cohesion(issues[other].norm, issues[other].size),
            rules.looseness,
        )
        partial[other] = 0.0
        if estimate > HOPELESS * rules.join:
            held = _keep_best(near, near_values, near_numbers, held, other, estimate, issues[other].number)
    best = -1
    best_value = 0.0
    for attempt in range(held):
        other = near[attempt]
        if near_values[attempt] < FAR * best_value:
            break
        other_features, other_weights, other_length = vector_of(other, live)
        shared = dot_sorted(features, weights, length, other_features, other_weights, other_length)
        value = likeness(
            shared,
            size,
            issues[other].size,
            chance,
            issues[other].chance,
            own_cohesion,
            cohesion(issues[other].norm, issues[other].size),
            rules.looseness,
        ) * aging(max(last, issues[other].last), min(last, issues[other].last), rules.half_life)
        if value > best_value or (value == best_value and best >= 0 and near_numbers[attempt] < issues[best].number):
            best_value = value
            best = other
    return best, best_value
