"""The running state holds together whatever comes: rows, vectors and index say the same, and it round-trips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.grouping._typing import FREE_BLOCK, FREE_ISSUE, FREE_THREAD, NEXT_THREAD, Live
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
    live = state.live
    threads, issues = live.threads, live.issues
    there = np.flatnonzero(issues["number"] >= 0).tolist()
    members = [row for issue in there for row in chain(issues[issue]["thread"], threads["after"])]
    assert sorted(members) == np.flatnonzero(threads["number"] >= 0).tolist()
    free = chain(int(live.counters[FREE_THREAD]), threads["after"])
    assert sorted(members + free) == list(range(len(threads)))
    assert sorted(there + chain(int(live.counters[FREE_ISSUE]), issues["thread"])) == list(range(len(issues)))
    for issue in there:
        rows = chain(issues[issue]["thread"], threads["after"])
        assert len(rows) == issues[issue]["parts"]
        assert (threads["issue"][rows] == issue).all()
        assert threads["size"][rows].sum() == pytest.approx(issues[issue]["size"])
        assert threads["chance"][rows].sum() == pytest.approx(issues[issue]["chance"])
        assert live.standing[issue]["size"] == pytest.approx(issues[issue]["size"])
    assert not live.standing["partial"].any()
    for row in members:
        start, length = row * state.settings.thread_width, threads[row]["length"]
        vector = live.vectors[start : start + length]
        assert len(np.unique(vector["feature"])) == length
        norm = float((vector["weight"].astype(float) ** 2).sum())
        assert norm == pytest.approx(threads[row]["norm"], rel=1e-4, abs=1e-6)
    slots = [int(slot) for slot in issues["slot"][there] if slot >= 0]
    unused = live.slot_free[1 : 1 + live.slot_free[0]].tolist()
    assert sorted(slots + unused) == list(range(len(live.slot_free) - 1))
    index_holds_together(live, set(live.standing["handle"][there].tolist()))


def index_holds_together(live: Live, handles: set[int]) -> None:
    """Each block is led to by one feature or free, and names no issue twice; `handles` are those of today."""
    heads = live.table["head"]
    led = {int(heads[feature]): feature for feature in np.flatnonzero(heads >= 0)}
    assert len(led) == (heads >= 0).sum()
    free = chain(int(live.counters[FREE_BLOCK]), -2 - live.block_links)
    assert sorted(list(led) + free) == list(range(len(live.block_links)))
    rows = len(live.standing)
    for block, feature in led.items():
        assert live.block_links[block] == feature
        listed = live.postings[block]["handle"].tolist()
        filled = listed.index(-1) if -1 in listed else len(listed)
        assert filled > 0
        assert set(listed[filled:]) <= {-1}
        today = [handle for handle in listed[:filled] if live.standing[handle % rows]["handle"] == handle]
        assert len(set(today)) == len(today)
        assert set(today) <= handles


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


def test_the_index_does_not_fill_with_what_is_gone() -> None:
    rng = np.random.default_rng(5)
    posts, length = 4000, 6
    words = rng.choice(rng.integers(1, 2**63, 600, dtype=np.uint64), posts * length)
    state = GroupState.empty(TINY)
    offsets = np.arange(posts + 1) * length
    group(state, offsets=offsets, words=words, times=np.arange(posts) * 600, first_seq=0)
    live = state.live
    holds_together(state)
    assert int(live.counters[NEXT_THREAD]) > 16 * TINY.threads
    handles = live.postings["handle"][live.block_links >= 0]
    means = live.standing["handle"][handles % len(live.standing)] == handles
    assert ((handles >= 0) & ~means).sum() <= 2 * ((handles >= 0) & means).sum()
    assert live.counters[FREE_BLOCK] >= 0


def test_an_issue_of_a_thread_is_never_younger_than_where_it_was_put() -> None:
    state = taken(4, 500, TINY)
    every = np.arange(500)
    assert (issues_of(state, every) <= state.live.thread_issue[every]).all()
