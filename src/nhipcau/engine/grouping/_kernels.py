"""The compiled inner loops of grouping. Private: `grouper.py` is the door, docs/decisions/0003-grouping-above-chance.md the why.

Vectors are sparse, sorted by feature, and sums of unit vectors of posts. A *thread* is a tight group of posts that is
never taken apart; an *issue* is a set of threads, which merges, splits and moves revise.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_OPTIONS = {"cache": True, "nogil": True, "fastmath": False, "boundscheck": False}

# columns of the integer and float scalars that the state carries through the kernel
THREADS, FREE_NODE, NODES, NEXT_THREAD, NEXT_ISSUE, HEADS, SINCE_MAINTENANCE, EVENTS, FREE_SLOT, CLOCK = range(10)
WEIGHT_OF_STREAM, GROWTH, WITHIN_SUM, WITHIN_COUNT, CHANCE_SUM, CHANCE_COUNT = range(6)
MERGED, SPLIT = 1, 2

WIDE = 48  # heaviest features by which an issue looks for its like
HEAVY = 24  # heaviest features by which a post does
POSTINGS = 16  # latest threads looked at under each feature
LOOKED_AT = 5  # candidates that are compared in full


@njit(**_OPTIONS)
def dot_sorted(left_features, left_weights, left_length, right_features, right_weights, right_length):
    """Dot product of two vectors that are sorted by feature."""
    total = 0.0
    i = 0
    j = 0
    while i < left_length and j < right_length:
        a = left_features[i]
        b = right_features[j]
        if a == b:
            total += left_weights[i] * right_weights[j]
            i += 1
            j += 1
        elif a < b:
            i += 1
        else:
            j += 1
    return total


@njit(**_OPTIONS)
def add_sorted(features, weights, length, other_features, other_weights, other_length, sign, room_f, room_w):
    """Add `sign` times the other vector in place; over capacity the lightest features go. Gives length and norm²."""
    capacity = features.shape[0]
    i = 0
    j = 0
    count = 0
    while i < length or j < other_length:
        if j >= other_length or (i < length and features[i] < other_features[j]):
            room_f[count] = features[i]
            room_w[count] = weights[i]
            i += 1
        elif i >= length or other_features[j] < features[i]:
            room_f[count] = other_features[j]
            room_w[count] = sign * other_weights[j]
            j += 1
        else:
            room_f[count] = features[i]
            room_w[count] = weights[i] + sign * other_weights[j]
            i += 1
            j += 1
        if room_w[count] > 1e-6:
            count += 1
    floor = -1.0
    if count > capacity:
        ordered = np.sort(room_w[:count])
        floor = ordered[count - capacity]
    kept = 0
    norm = 0.0
    for k in range(count):
        if room_w[k] >= floor and kept < capacity:
            features[kept] = room_f[k]
            weights[kept] = room_w[k]
            norm += room_w[k] * room_w[k]
            kept += 1
    return kept, norm


@njit(**_OPTIONS)
def _drop_node(node, heads, node_feature, node_next, node_previous, counters):
    """Take one posting out of its list and put it on the free list."""
    before = node_previous[node]
    after = node_next[node]
    if before >= 0:
        node_next[before] = after
    else:
        heads[node_feature[node]] = after
    if after >= 0:
        node_previous[after] = before
    node_next[node] = counters[FREE_NODE]
    counters[FREE_NODE] = node


@njit(**_OPTIONS)
def _index_feature(feature, weight, thread, known, heads, nodes, thread_nodes, thread_node_count, counters):
    """Post a thread under a feature, or add weight to its posting there: one of the first `known` ones."""
    node_feature, node_thread, node_weight, node_next, node_previous = nodes
    count = thread_node_count[thread]
    for k in range(known):
        node = thread_nodes[thread, k]
        if node_feature[node] == feature:
            node_weight[node] += weight
            return
    if count >= thread_nodes.shape[1]:
        return
    node = counters[FREE_NODE]
    if node < 0:
        return
    counters[FREE_NODE] = node_next[node]
    node_feature[node] = feature
    node_thread[node] = thread
    node_weight[node] = weight
    first = heads[feature]
    node_next[node] = first
    node_previous[node] = -1
    if first >= 0:
        node_previous[first] = node
    heads[feature] = node
    thread_nodes[thread, count] = node
    thread_node_count[thread] = count + 1


@njit(**_OPTIONS)
def _issue_vector(issue, issue_slot, issue_thread, thread_vectors, issue_vectors):
    """Where the vector of an issue lies: features, weights, length."""
    thread_features, thread_weights, thread_length = thread_vectors
    slot_features, slot_weights, slot_length = issue_vectors
    slot = issue_slot[issue]
    if slot >= 0:
        return slot_features[slot], slot_weights[slot], slot_length[slot]
    thread = issue_thread[issue]
    return thread_features[thread], thread_weights[thread], thread_length[thread]


@njit(**_OPTIONS)
def _within(norm, size, typical, prior):
    """Mean similarity of the pairs inside, drawn towards what is typical of the stream while there are few."""
    return max(1e-6, (norm - size + prior * typical) / (size * (size - 1.0) + prior))


@njit(**_OPTIONS)
def _aging(now, last, half_life):
    """How much a match weakens with the time since the last post: 1 at once, a half after `half_life` seconds."""
    if now <= last or last < 0 or now < 0:
        return 1.0
    return 2.0 ** (-(now - last) / half_life)


@njit(**_OPTIONS)
def _record(events, counters, kind, issue, other, seq):
    """Note a merge or a split for the history."""
    place = counters[EVENTS]
    if place < events.shape[0]:
        events[place, 0] = kind
        events[place, 1] = issue
        events[place, 2] = other
        events[place, 3] = seq
        counters[EVENTS] = place + 1


@njit(**_OPTIONS)
def _free_thread(thread, state, keep_issue):
    """Take a thread out of the live picture: its postings, its part of the issue's vector, its place."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    node_feature, node_thread, node_weight, node_next, node_previous = nodes
    for k in range(t_count[thread]):
        _drop_node(t_nodes[thread, k], heads, node_feature, node_next, node_previous, counters)
    t_count[thread] = 0
    if not keep_issue:
        _leave_issue(thread, state)
    t_number[thread] = -1
    t_issue[thread] = -1
    t_length[thread] = 0
    t_next[thread] = counters[FREE_SLOT]
    counters[FREE_SLOT] = thread
    counters[THREADS] -= 1


@njit(**_OPTIONS)
def _leave_issue(thread, state):
    """Take a thread out of its issue; an issue without threads is closed."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    (i_number, i_norm, i_size, i_chance, i_last, i_thread, i_threads, i_slot, i_dirty) = issues
    (s_features, s_weights, s_length, s_free) = vectors
    room_f, room_w = rooms
    issue = t_issue[thread]
    before = -1
    walk = i_thread[issue]
    while walk != thread:
        before = walk
        walk = t_next[walk]
    if before < 0:
        i_thread[issue] = t_next[thread]
    else:
        t_next[before] = t_next[thread]
    i_threads[issue] -= 1
    i_size[issue] -= t_size[thread]
    i_chance[issue] -= t_chance[thread]
    slot = i_slot[issue]
    if i_threads[issue] <= 1:
        if slot >= 0:
            s_length[slot] = 0
            s_free[0] += 1
            s_free[s_free[0]] = slot
            i_slot[issue] = -1
        if i_threads[issue] == 1:
            last = i_thread[issue]
            i_norm[issue] = t_norm[last]
            i_size[issue] = t_size[last]
            i_chance[issue] = t_chance[last]
        else:
            i_number[issue] = -1
    elif slot >= 0:
        length, norm = add_sorted(
            s_features[slot],
            s_weights[slot],
            s_length[slot],
            t_features[thread],
            t_weights[thread],
            t_length[thread],
            -1.0,
            room_f,
            room_w,
        )
        s_length[slot] = length
        i_norm[issue] = norm


@njit(**_OPTIONS)
def _join_issue(thread, issue, state):
    """Put a thread into an issue that lives; false where no room for the issue's vector is left."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    (i_number, i_norm, i_size, i_chance, i_last, i_thread, i_threads, i_slot, i_dirty) = issues
    (s_features, s_weights, s_length, s_free) = vectors
    room_f, room_w = rooms
    slot = i_slot[issue]
    if slot < 0:
        if s_free[0] == 0:
            return False
        slot = s_free[s_free[0]]
        s_free[0] -= 1
        i_slot[issue] = slot
        first = i_thread[issue]
        count = t_length[first]
        s_features[slot, :count] = t_features[first, :count]
        s_weights[slot, :count] = t_weights[first, :count]
        s_length[slot] = count
    length, norm = add_sorted(
        s_features[slot],
        s_weights[slot],
        s_length[slot],
        t_features[thread],
        t_weights[thread],
        t_length[thread],
        1.0,
        room_f,
        room_w,
    )
    s_length[slot] = length
    i_norm[issue] = norm
    i_size[issue] += t_size[thread]
    i_chance[issue] += t_chance[thread]
    i_last[issue] = max(i_last[issue], t_last[thread])
    t_next[thread] = i_thread[issue]
    i_thread[issue] = thread
    i_threads[issue] += 1
    t_issue[thread] = issue
    i_dirty[issue] = True
    return True


@njit(**_OPTIONS)
def _open_issue(thread, number, state):
    """A new issue with one thread, in the place that has the thread's own index (never taken by another issue)."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    (i_number, i_norm, i_size, i_chance, i_last, i_thread, i_threads, i_slot, i_dirty) = issues
    issue = thread
    if i_number[issue] >= 0:
        # the issue that was opened here lives on without this thread: take any free place
        issue = counters[CLOCK]
        while i_number[issue] >= 0:
            issue = (issue + 1) % i_number.shape[0]
        counters[CLOCK] = issue
    i_number[issue] = number
    i_norm[issue] = t_norm[thread]
    i_size[issue] = t_size[thread]
    i_chance[issue] = t_chance[thread]
    i_last[issue] = t_last[thread]
    i_thread[issue] = thread
    i_threads[issue] = 1
    i_slot[issue] = -1
    i_dirty[issue] = t_size[thread] > 1
    t_issue[thread] = issue
    t_next[thread] = -1
    return issue


@njit(**_OPTIONS)
def _make_room(state):
    """Drop the sixteenth of the threads that were quiet longest; a larger thread counts as fresher."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    capacity = t_number.shape[0]
    worth = np.empty(capacity, np.float64)
    for thread in range(capacity):
        worth[thread] = np.inf
        if t_number[thread] >= 0:
            worth[thread] = t_seen[thread] + 0.25 * capacity * min(8.0, np.log2(t_size[thread]))
    order = np.argsort(worth, kind="mergesort")
    for k in range(max(1, capacity // 16)):
        if t_number[order[k]] >= 0:
            _free_thread(order[k], state, False)


@njit(**_OPTIONS)
def _pair_value(shared, size_a, size_b, chance_a, chance_b, within_a, within_b):
    """How far the mean similarity between two groups stands above chance and near their own cohesion."""
    between = shared / (size_a * size_b)
    chance = np.sqrt(max(chance_a / size_a * (chance_b / size_b), 1e-12))
    within = np.sqrt(within_a * within_b)
    return between / np.sqrt(chance * within)


@njit(**_OPTIONS)
def _keep_best(best, values, numbers, held, candidate, value, number):
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


@njit(**_OPTIONS)
def _best_partner(issue, state, settings, partial, touched, posting_limit):
    """The live issue that stands nearest to this one, with the value and the shared weight."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    (i_number, i_norm, i_size, i_chance, i_last, i_thread, i_threads, i_slot, i_dirty) = issues
    (s_features, s_weights, s_length, s_free) = vectors
    node_feature, node_thread, node_weight, node_next, node_previous = nodes
    join_thread, join_issue, prior, half_life, part_issue = settings
    features, weights, length = _issue_vector(
        issue, i_slot, i_thread, (t_features, t_weights, t_length), (s_features, s_weights, s_length)
    )
    floor = np.float32(0.0)
    if length > WIDE:
        floor = np.partition(weights[:length], length - WIDE)[length - WIDE]
    count = 0
    for k in range(length):
        if weights[k] < floor:
            continue
        node = heads[features[k]]
        seen = 0
        while node >= 0 and seen < posting_limit:
            other = t_issue[node_thread[node]]
            if other != issue:
                if partial[other] == 0.0:
                    touched[count] = other
                    count += 1
                partial[other] += weights[k] * node_weight[node]
            node = node_next[node]
            seen += 1
    typical = (scalars[WITHIN_SUM] + 0.02) / (scalars[WITHIN_COUNT] + 0.1)
    within = _within(i_norm[issue], i_size[issue], typical, prior)
    best = -1
    best_value = 0.0
    near = np.empty(LOOKED_AT, np.int64)
    near_values = np.empty(LOOKED_AT, np.float64)
    near_numbers = np.empty(LOOKED_AT, np.int64)
    held = 0
    for k in range(count):
        other = touched[k]
        held = _keep_best(near, near_values, near_numbers, held, other, partial[other] / i_size[other], i_number[other])
        partial[other] = 0.0
    for attempt in range(held):
        pick = near[attempt]
        o_features, o_weights, o_length = _issue_vector(
            pick, i_slot, i_thread, (t_features, t_weights, t_length), (s_features, s_weights, s_length)
        )
        shared = dot_sorted(features, weights, length, o_features, o_weights, o_length)
        value = _pair_value(
            shared,
            i_size[issue],
            i_size[pick],
            i_chance[issue],
            i_chance[pick],
            within,
            _within(i_norm[pick], i_size[pick], typical, prior),
        )
        early = min(i_last[issue], i_last[pick])
        value *= _aging(max(i_last[issue], i_last[pick]), early, half_life)
        if value > best_value:
            best_value = value
            best = pick
    return best, best_value


@njit(**_OPTIONS)
def maintain(state, settings, partial, touched, thread_issue, issue_parent, seq):
    """Merge what turned out to be one, best pairs first; take out threads that have drifted from their issue."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    (i_number, i_norm, i_size, i_chance, i_last, i_thread, i_threads, i_slot, i_dirty) = issues
    (s_features, s_weights, s_length, s_free) = vectors
    join_thread, join_issue, prior, half_life, part_issue = settings
    capacity = i_number.shape[0]
    typical = (scalars[WITHIN_SUM] + 0.02) / (scalars[WITHIN_COUNT] + 0.1)
    listed = np.empty(capacity, np.int64)
    values = np.empty(capacity, np.float64)
    partners = np.empty(capacity, np.int64)
    changed = 0
    for issue in range(capacity):
        if i_number[issue] >= 0 and i_dirty[issue]:
            listed[changed] = issue
            changed += 1
    # splits: a thread that stands far from the rest of its issue goes its own way
    for k in range(changed):
        issue = listed[k]
        if i_threads[issue] < 2 or i_slot[issue] < 0:
            continue
        slot = i_slot[issue]
        worst = -1
        worst_value = part_issue
        walk = i_thread[issue]
        looked = 0
        while walk >= 0 and looked < 32:
            looked += 1
            rest = i_size[issue] - t_size[walk]
            if t_size[walk] >= 3 and rest >= 3:
                shared = (
                    dot_sorted(
                        t_features[walk],
                        t_weights[walk],
                        t_length[walk],
                        s_features[slot],
                        s_weights[slot],
                        s_length[slot],
                    )
                    - t_norm[walk]
                )
                rest_norm = max(rest, i_norm[issue] - t_norm[walk] - 2 * shared)
                value = _pair_value(
                    max(shared, 0.0),
                    t_size[walk],
                    rest,
                    t_chance[walk],
                    max(i_chance[issue] - t_chance[walk], 1e-12),
                    _within(t_norm[walk], t_size[walk], typical, prior),
                    _within(rest_norm, rest, typical, prior),
                )
                if value < worst_value:
                    worst_value = value
                    worst = walk
            walk = t_next[walk]
        if worst >= 0:
            _leave_issue(worst, state)
            number = counters[NEXT_ISSUE]
            counters[NEXT_ISSUE] += 1
            issue_parent[number] = number
            thread_issue[t_number[worst]] = number
            _open_issue(worst, number, state)
            _record(events, counters, SPLIT, i_number[issue], number, seq)
    for turn in range(6):
        count = 0
        for k in range(changed):
            issue = listed[k]
            if i_number[issue] < 0 or not i_dirty[issue]:
                continue
            best, value = _best_partner(issue, state, settings, partial, touched, POSTINGS)
            if best >= 0 and value >= join_issue:
                listed[count] = issue
                partners[count] = best
                values[count] = value
                count += 1
            else:
                i_dirty[issue] = False
        if count == 0:
            break
        order = np.argsort(-values[:count], kind="mergesort")
        merged = np.zeros(capacity, np.bool_)
        for place in range(count):
            a = listed[order[place]]
            b = partners[order[place]]
            if merged[a] or merged[b] or i_number[a] < 0 or i_number[b] < 0:
                continue
            # the older number lives on
            keep, gone = (a, b) if i_number[a] < i_number[b] else (b, a)
            whole = True
            walk = i_thread[gone]
            gone_number = i_number[gone]
            while walk >= 0:
                after = t_next[walk]
                if not _join_issue(walk, keep, state):
                    whole = False
                    break
                walk = after
            if not whole:
                i_dirty[a] = False
                continue
            if i_slot[gone] >= 0:
                s_length[i_slot[gone]] = 0
                s_free[0] += 1
                s_free[s_free[0]] = i_slot[gone]
                i_slot[gone] = -1
            i_number[gone] = -1
            issue_parent[gone_number] = i_number[keep]
            merged[keep] = True
            merged[gone] = True
            i_dirty[keep] = True
            _record(events, counters, MERGED, i_number[keep], gone_number, seq)
        # whoever took part looks again; the list may name a place twice, which does no harm
        fresh = 0
        seen = np.zeros(capacity, np.bool_)
        for place in range(count):
            for issue in (listed[place], partners[place]):
                if i_number[issue] >= 0 and not seen[issue]:
                    seen[issue] = True
                    i_dirty[issue] = True
                    partial[issue] = 0.0
                    values[fresh] = issue
                    fresh += 1
        for place in range(fresh):
            listed[place] = np.int64(values[place])
        changed = fresh
    for k in range(changed):
        i_dirty[listed[k]] = False


@njit(**_OPTIONS)
def assign(
    offsets,
    features,
    base,
    times,
    places,
    is_head,
    place_thread,
    seqs,
    document_frequency,
    mean,
    state,
    settings,
    partial,
    touched,
    thread_issue,
    issue_parent,
    decay,
    period,
):
    """Put each post of a batch into a thread; gives the number of the thread for each post."""
    threads, issues, vectors, heads, nodes, counters, scalars, events, rooms = state
    (
        t_features,
        t_weights,
        t_length,
        t_norm,
        t_size,
        t_chance,
        t_last,
        t_seen,
        t_issue,
        t_number,
        t_nodes,
        t_count,
        t_next,
    ) = threads
    (i_number, i_norm, i_size, i_chance, i_last, i_thread, i_threads, i_slot, i_dirty) = issues
    (s_features, s_weights, s_length, s_free) = vectors
    node_feature, node_thread, node_weight, node_next, node_previous = nodes
    room_f, room_w = rooms
    join_thread, join_issue, prior, half_life, part_issue = settings
    posts = offsets.shape[0] - 1
    numbers = np.empty(posts, np.int64)
    issue_partial = np.zeros(i_number.shape[0], np.float64)
    issue_touched = np.empty(i_number.shape[0], np.int64)
    longest = 1
    for post in range(posts):
        longest = max(longest, offsets[post + 1] - offsets[post])
    weights = np.empty(longest, np.float32)
    near = np.empty(LOOKED_AT, np.int64)
    near_values = np.empty(LOOKED_AT, np.float64)
    near_numbers = np.empty(LOOKED_AT, np.int64)
    for post in range(posts):
        place = places[post]
        if not is_head[post]:
            number = place_thread[place, 0]
            thread = place_thread[place, 1]
            numbers[post] = number
            if t_number[thread] == number:
                t_seen[thread] = seqs[post]
                if times[post] > t_last[thread]:
                    t_last[thread] = times[post]
                    issue = t_issue[thread]
                    i_last[issue] = max(i_last[issue], times[post])
            continue
        start = offsets[post]
        length = offsets[post + 1] - start
        own = features[start : start + length]
        stream = scalars[WEIGHT_OF_STREAM]
        growth = scalars[GROWTH]
        # with growing increments an old post weighs less and less, without a pass over the table
        total = stream / growth
        square = 0.0
        for k in range(length):
            frequency = document_frequency[own[k]] / growth
            weight = base[start + k] * np.log(1.0 + (total + 1.0) / (frequency + 1.0))
            weights[k] = weight
            square += weight * weight
        scale = 1.0 / np.sqrt(square) if square > 0 else 0.0
        chance = 0.5
        for k in range(length):
            weights[k] *= scale
            chance += weights[k] * mean[own[k]] / growth
        chance /= total + 1.0
        floor = np.float32(0.0)
        if length > HEAVY:
            floor = np.partition(weights[:length], length - HEAVY)[length - HEAVY]
        # candidates: threads that share the post's heaviest features
        count = 0
        for k in range(length):
            if weights[k] < floor:
                continue
            node = heads[own[k]]
            seen = 0
            while node >= 0 and seen < POSTINGS:
                thread = node_thread[node]
                if partial[thread] == 0.0:
                    touched[count] = thread
                    count += 1
                partial[thread] += weights[k] * node_weight[node]
                node = node_next[node]
                seen += 1
        now = times[post]
        scalars[CHANCE_SUM] += chance
        scalars[CHANCE_COUNT] += 1.0
        if scalars[CHANCE_COUNT] > 8192.0:
            scalars[CHANCE_SUM] *= 0.5
            scalars[CHANCE_COUNT] *= 0.5
        usual = scalars[CHANCE_SUM] / scalars[CHANCE_COUNT]
        typical = (scalars[WITHIN_SUM] + 0.02) / (scalars[WITHIN_COUNT] + 0.1)
        issue_count = 0
        held = 0
        for k in range(count):
            thread = touched[k]
            issue = t_issue[thread]
            if issue_partial[issue] == 0.0:
                issue_touched[issue_count] = issue
                issue_count += 1
            issue_partial[issue] += partial[thread]
            held = _keep_best(
                near,
                near_values,
                near_numbers,
                held,
                thread,
                partial[thread] / np.sqrt(t_norm[thread]),
                t_number[thread],
            )
            partial[thread] = 0.0
        best_thread = -1
        best_value = join_thread
        for attempt in range(held):
            pick = near[attempt]
            pick_value = near_values[attempt]
            length_of = np.sqrt(t_norm[pick])
            bound = join_thread * np.sqrt(usual)
            if pick_value < 0.4 * bound:
                break
            cosine = dot_sorted(own, weights, length, t_features[pick], t_weights[pick], t_length[pick]) / length_of
            value = cosine * _aging(now, t_last[pick], half_life) / np.sqrt(usual)
            if value > best_value:
                best_value = value
                best_thread = pick
        best_issue = -1
        if best_thread < 0:
            best_value = join_issue
            held = 0
            for k in range(issue_count):
                issue = issue_touched[k]
                held = _keep_best(
                    near, near_values, near_numbers, held, issue, issue_partial[issue] / i_size[issue], i_number[issue]
                )
            for attempt in range(held):
                pick = near[attempt]
                # the postings hold most of what two texts share: far below the bound, the rest cannot help
                if (
                    _pair_value(
                        issue_partial[pick],
                        1.0,
                        i_size[pick],
                        chance,
                        i_chance[pick],
                        typical,
                        _within(i_norm[pick], i_size[pick], typical, prior),
                    )
                    < 0.4 * join_issue
                ):
                    continue
                o_features, o_weights, o_length = _issue_vector(
                    pick, i_slot, i_thread, (t_features, t_weights, t_length), (s_features, s_weights, s_length)
                )
                shared = dot_sorted(own, weights, length, o_features, o_weights, o_length)
                value = _pair_value(
                    shared,
                    1.0,
                    i_size[pick],
                    chance,
                    i_chance[pick],
                    typical,
                    _within(i_norm[pick], i_size[pick], typical, prior),
                )
                value *= _aging(now, i_last[pick], half_life)
                if value > best_value:
                    best_value = value
                    best_issue = pick
        for k in range(issue_count):
            issue_partial[issue_touched[k]] = 0.0
        if best_thread >= 0:
            thread = best_thread
            scalars[WITHIN_SUM] += (
                dot_sorted(own, weights, length, t_features[thread], t_weights[thread], t_length[thread])
                / t_size[thread]
            )
            scalars[WITHIN_COUNT] += 1.0
            # what is typical follows the stream: the past fades over some thousands of joins
            if scalars[WITHIN_COUNT] > 4096.0:
                scalars[WITHIN_SUM] *= 0.5
                scalars[WITHIN_COUNT] *= 0.5
        else:
            if counters[FREE_SLOT] < 0:
                _make_room(state)
                if best_issue >= 0 and i_number[best_issue] < 0:
                    best_issue = -1
            thread = counters[FREE_SLOT]
            counters[FREE_SLOT] = t_next[thread]
            counters[THREADS] += 1
            t_number[thread] = counters[NEXT_THREAD]
            counters[NEXT_THREAD] += 1
            t_length[thread] = 0
            t_norm[thread] = 0.0
            t_size[thread] = 0.0
            t_chance[thread] = 0.0
            t_last[thread] = -1
            t_count[thread] = 0
        grown, norm = add_sorted(
            t_features[thread], t_weights[thread], t_length[thread], own, weights, length, 1.0, room_f, room_w
        )
        t_length[thread] = grown
        t_norm[thread] = max(norm, 1e-9)
        t_size[thread] += 1.0
        t_chance[thread] += chance
        t_last[thread] = max(t_last[thread], now)
        t_seen[thread] = seqs[post]
        if best_thread >= 0:
            issue = t_issue[thread]
            slot = i_slot[issue]
            i_size[issue] += 1.0
            i_chance[issue] += chance
            i_last[issue] = max(i_last[issue], now)
            i_dirty[issue] = True
            if slot >= 0:
                grown, norm = add_sorted(
                    s_features[slot], s_weights[slot], s_length[slot], own, weights, length, 1.0, room_f, room_w
                )
                s_length[slot] = grown
                i_norm[issue] = norm
            else:
                i_norm[issue] = t_norm[thread]
        else:
            if best_issue < 0 or not _join_issue(thread, best_issue, state):
                number = counters[NEXT_ISSUE]
                counters[NEXT_ISSUE] += 1
                issue_parent[number] = number
                _open_issue(thread, number, state)
            thread_issue[t_number[thread]] = i_number[t_issue[thread]]
        limit = 32 if best_thread < 0 else 8
        floor = np.float32(0.0)
        if length > limit:
            floor = np.partition(weights[:length], length - limit)[length - limit]
        known = t_count[thread]
        for k in range(length):
            if weights[k] >= floor and weights[k] > 0:
                _index_feature(own[k], weights[k], thread, known, heads, nodes, t_nodes, t_count, counters)
        for k in range(length):
            document_frequency[own[k]] += growth
            mean[own[k]] += weights[k] * growth
        scalars[WEIGHT_OF_STREAM] += growth
        scalars[GROWTH] *= decay
        if scalars[GROWTH] > 1e6:
            document_frequency /= scalars[GROWTH]
            mean /= scalars[GROWTH]
            scalars[WEIGHT_OF_STREAM] /= scalars[GROWTH]
            scalars[GROWTH] = 1.0
        place_thread[place, 0] = t_number[thread]
        place_thread[place, 1] = thread
        numbers[post] = t_number[thread]
        counters[HEADS] += 1
        counters[SINCE_MAINTENANCE] += 1
        if counters[SINCE_MAINTENANCE] >= period:
            counters[SINCE_MAINTENANCE] = 0
            maintain(state, settings, partial, touched, thread_issue, issue_parent, seqs[post])
    return numbers


@njit(**_OPTIONS)
def resolve(threads, thread_issue, issue_parent):
    """The issue that each thread belongs to today."""
    result = np.empty(threads.shape[0], np.int64)
    for k in range(threads.shape[0]):
        issue = thread_issue[threads[k]]
        while issue_parent[issue] != issue:
            issue = issue_parent[issue]
        result[k] = issue
    return result
