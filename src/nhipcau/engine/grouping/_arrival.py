"""A post comes: its vector, its chance, and the issue that it joins or opens. Private: `grouper.py` is the door."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._logarithm import log
from nhipcau.engine.grouping._members import open_thread, take_post
from nhipcau.engine.grouping._revision import revise
from nhipcau.engine.grouping._search import nearest_issue
from nhipcau.engine.grouping._sparse import weight_of_heaviest
from nhipcau.engine.grouping._typing import (
    GROWTH,
    LEAN,
    OPTIONS,
    SINCE_REVISION,
    STREAM,
    ZERO,
    Array,
    Live,
    Number,
    Rules,
)

HEAVY = 20  # heaviest features by which a post looks for its like


@njit(**LEAN)
def _weigh(features: Array, base: Array, start: Number, length: Number, live: Live, rules: Rules) -> float:
    """Write the unit vector of a post; gives its chance, the cosine that it has with the stream before it."""
    table, post, means, weights = live.table, live.post, live.room_weights, live.rarities
    growth = live.scalars[GROWTH]
    total = live.scalars[STREAM] / growth
    # nothing but looks in memory here, so that they need not wait for each other
    for k in range(length):
        feature = features[start + k]
        post[k].feature = feature
        weights[k] = table[feature].posts
        means[k] = table[feature].mean
    # posts with the feature are growth times too many, as is what they are set against
    prior, once = np.float32((total + rules.prior_posts) * growth), np.float32(growth)
    for k in range(length):
        rarity = log(np.float32(1) + prior / (weights[k] + once))
        # rarity ** 1.5: a rare word tells more of the matter than its share of the information
        weights[k] = base[start + k] * rarity * np.sqrt(rarity)
    square = 0.0
    product = 0.0
    for k in range(length):
        square += weights[k] * weights[k]
        product += weights[k] * means[k]
    scale = 1.0 / np.sqrt(square) if square > 0 else 0.0
    for k in range(length):
        post[k].weight = weights[k] * np.float32(scale)
    return (product * scale / growth + 0.5) / (total + 1.0)


@njit(**LEAN)
def _learn(length: Number, live: Live, rules: Rules) -> None:
    """Count a post into the stream. With growing increments old posts weigh less and less without a pass over all."""
    table, post, scalars = live.table, live.post, live.scalars
    growth = scalars[GROWTH]
    for k in range(length):
        table[post[k].feature].posts += growth
        table[post[k].feature].mean += post[k].weight * growth
    scalars[STREAM] += growth
    scalars[GROWTH] *= rules.decay
    if scalars[GROWTH] > 1e6:
        for k in range(table.shape[0]):
            table[k].posts /= scalars[GROWTH]
            table[k].mean /= scalars[GROWTH]
        scalars[STREAM] /= scalars[GROWTH]
        scalars[GROWTH] = 1.0


@njit(**LEAN)
def _see_copy(place: Number, now: Number, seq: Number, place_thread: Array, live: Live) -> int:
    """A near copy keeps the thread of what it copies alive and changes nothing else; gives the thread's number."""
    threads = live.threads
    number = place_thread[place, 0]
    thread = place_thread[place, 1]
    if threads[thread].number == number:
        threads[thread].seen = seq
        if now > threads[thread].last:
            threads[thread].last = now
            issue = threads[thread].issue
            live.issues[issue].last = max(live.issues[issue].last, now)
    return number


@njit(**OPTIONS)
def assign(
    offsets: Array,
    features: Array,
    base: Array,
    times: Array,
    places: Array,
    is_head: Array,
    place_thread: Array,
    first_seq: Number,
    live: Live,
    rules: Rules,
) -> Array:
    """Put each post of a batch into a thread; gives the number of the thread for each post, int64[n]."""
    posts = offsets.shape[0] - 1
    numbers = np.empty(posts, np.int64)
    for post in range(posts):
        seq = first_seq + post
        place = places[post]
        now = times[post]
        if not is_head[post]:
            numbers[post] = _see_copy(place, now, seq, place_thread, live)
            continue
        length = offsets[post + 1] - offsets[post]
        chance = _weigh(features, base, offsets[post], length, live, rules)
        floor = weight_of_heaviest(live.post, ZERO, length, ZERO + HEAVY, live.room_weights)
        issue, value = nearest_issue(live.post, ZERO, length, floor, 1.0, chance, 1.0, now, ZERO - 1, live, rules)
        if issue >= 0 and value >= rules.join_at_once:
            thread = take_post(issue, length, floor, chance, now, seq, live)
        else:
            thread = open_thread(length, chance, now, seq, live)
            if value >= rules.join:
                live.issues[live.threads[thread].issue].changed = 1
        numbers[post] = live.threads[thread].number
        place_thread[place, 0] = numbers[post]
        place_thread[place, 1] = thread
        _learn(length, live, rules)
        live.counters[SINCE_REVISION] += 1
        if live.counters[SINCE_REVISION] >= rules.period:
            live.counters[SINCE_REVISION] = 0
            revise(seq, live, rules)
    return numbers


@njit(**OPTIONS)
def resolve(threads: Array, thread_issue: Array, issue_parent: Array) -> Array:
    """The issue that each thread belongs to today, int64[n]."""
    result = np.empty(threads.shape[0], np.int64)
    for k in range(threads.shape[0]):
        issue = thread_issue[threads[k]]
        while issue_parent[issue] != issue:
            issue = issue_parent[issue]
        result[k] = issue
    return result
