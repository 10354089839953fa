"""The running state holds together whatever comes: rows, vectors and index say the same, and it round-trips."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.grouping._typing import FREE_BLOCK, FREE_ISSUE, FREE_THREAD
from nhipcau.engine.grouping.grouper import group, issues_of, revised
from nhipcau.engine.grouping.state import GroupSettings, GroupState

TINY = GroupSettings(threads=64, copies=128, buckets=1 << 12, period=16, thread_width=48, issue_width=96, block_width=4)


def taken(seed: int, posts: int, chosen: GroupSettings, state: GroupState | None = None) -> GroupState:
    """A state after posts of a few matters whose words wander."""
    rng = np.random.default_rng(seed)
    matters = rng.integers(1, 2**63, (12, 30), dtype=np.uint64)
    lengths = rng.integers(0, 14, posts)
    words = [rng.choice(matters[(k // 40 + rng.integers(3)) % 12], length) for k, length in enumerate(lengths.tolist())]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    state = state or GroupState.empty(chosen)
    hashes = np.concatenate([*words, np.zeros(0, np.uint64)]).astype(np.uint64)
    group(state, offsets=offsets, words=hashes, times=np.arange(posts) * 600, first_seq=0)
    return state


def chain(first: int, following: np.ndarray) -> list[int]:
    rows = []
    while first >= 0:
        rows.append(int(first))
        first = following[first]
    return rows


def holds_together(state: GroupState) -> None:
    threads, issues = state.threads, state.issues
    live = np.flatnonzero(issues["number"] >= 0).tolist()
    members = [row for issue in live for row in chain(issues[issue]["thread"], threads["after"])]
    assert sorted(members) == np.flatnonzero(threads["number"] >= 0).tolist()
    free = chain(int(state.counters[FREE_THREAD]), threads["after"])
    assert sorted(members + free) == list(range(len(threads)))
    assert sorted(live + chain(int(state.counters[FREE_ISSUE]), issues["thread"])) == list(range(len(issues)))
    for issue in live:
        rows = chain(issues[issue]["thread"], threads["after"])
        assert len(rows) == issues[issue]["parts"]
        assert (threads["issue"][rows] == issue).all()
        assert threads["size"][rows].sum() == pytest.approx(issues[issue]["size"])
        assert threads["chance"][rows].sum() == pytest.approx(issues[issue]["chance"])
    for row in members:
        length = threads[row]["length"]
        features, weights = state.thread_features[row, :length], state.thread_weights[row, :length]
        assert (np.diff(features) > 0).all()
        assert float((weights.astype(float) ** 2).sum()) == pytest.approx(threads[row]["norm"], rel=1e-4, abs=1e-6)
    slots = [int(slot) for slot in issues["slot"][live] if slot >= 0]
    unused = state.slot_free[1 : 1 + state.slot_free[0]].tolist()
    assert sorted(slots + unused) == list(range(len(state.slot_length)))
    heads = state.table["head"][state.table["head"] >= 0].tolist()
    assert set((-2 - state.table["head"][state.table["head"] < -1]).tolist()) <= set(live)
    blocks = Counter(heads + chain(int(state.counters[FREE_BLOCK]), state.block_next))
    assert set(blocks) == set(range(len(state.block_next)))
    assert max(blocks.values()) == 1
    for block in heads:
        listed = state.block_issues[block].tolist()
        filled = listed.index(-1) if -1 in listed else len(listed)
        assert filled > 0
        assert set(listed[filled:]) <= {-1}
        assert len(set(listed[:filled])) == filled
        assert set(listed[:filled]) <= set(live)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(0, 500), st.sampled_from([0.0, 0.15, 0.6]))
def test_rows_vectors_and_index_hold_together(seed: int, posts: int, part: float) -> None:
    holds_together(taken(seed, posts, replace(TINY, part=part)))


def test_looking_at_the_issues_changes_nothing_of_the_stream() -> None:
    state = taken(1, 300, TINY)
    before = state.copy()
    looked_at = revised(state, seq=300)
    holds_together(looked_at)
    for name, part in before.arrays().items():
        assert np.array_equal(part, state.arrays()[name]), name
    assert state.history == before.history


def test_a_state_goes_on_from_its_arrays_as_if_nothing_had_been() -> None:
    state = taken(2, 300, TINY)
    again = GroupState.from_arrays(TINY, {name: part.copy() for name, part in state.arrays().items()})
    for continued in (state, again):
        taken(3, 200, TINY, continued)
    for name, part in state.arrays().items():
        assert np.array_equal(part, again.arrays()[name]), name


def test_an_issue_of_a_thread_is_never_younger_than_where_it_was_put() -> None:
    state = taken(4, 500, TINY)
    every = np.arange(500)
    assert (issues_of(state, every) <= state.thread_issue[every]).all()
