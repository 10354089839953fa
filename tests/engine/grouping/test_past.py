"""Issues of an earlier moment, against what they were when that moment was the present."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nhipcau.engine.grouping._typing import SPLIT
from nhipcau.engine.grouping.grouper import issues_of
from nhipcau.engine.grouping.past import issues_after
from nhipcau.engine.grouping.state import GroupSettings, GroupState
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.writing import write_sample
from nhipcau.engine.stream import Engine


def test_issues_of_every_moment_are_those_of_then(tmp_path: Path) -> None:
    summary = write_sample(tmp_path / "sample.jsonl", days=5, posts_per_day=900, seed=3)
    reader = PostReader([summary.path], ReadOptions(author_key=bytes(32)))
    # parts that would stay with their issue by default leave it here, so that there are splits to take back
    engine = Engine(keep=False, settings=GroupSettings(part=0.6, period=128))
    threads: list[np.ndarray] = []
    seen: list[tuple[int, np.ndarray, np.ndarray]] = []
    pieces = (batch.slice(start, 300) for batch in reader.batches() for start in range(0, batch.num_rows, 300))
    for piece in pieces:
        threads.extend(numbers for _, numbers in engine.take([piece]))
        known = np.unique(np.concatenate(threads))
        seen.append((engine.seq, known, issues_of(engine.state, known)))
    assert any(kind == SPLIT for kind, *_ in engine.state.history)
    assert (engine.state.merged_at > 0).any()
    wrong = total = 0
    for posts, known, issues in seen:
        found = issues_after(engine.state, known, posts=posts)
        wrong += int((found != issues).sum())
        total += len(known)
    # only a thread that was taken in and left again since then cannot be told
    assert wrong <= 0.01 * total


def test_what_happened_since_is_taken_back() -> None:
    state = GroupState.empty()
    state.thread_issue = np.array([0, 1, 2, 3])
    # 1 is taken into 0; then thread 2 leaves 0 as issue 2; then issue 2 is taken into 3
    state.issue_parent, state.merged_at = np.array([0, 0, 2, 2]), np.array([0, 10, 0, 30])
    state.history = [(SPLIT, 0, 2, 20)]
    every = np.array([0, 1, 2, 3])
    assert issues_after(state, every, posts=10).tolist() == [0, 1, 0, 3]
    assert issues_after(state, every, posts=11).tolist() == [0, 0, 0, 3]
    assert issues_after(state, every, posts=21).tolist() == [0, 0, 2, 3]
    assert issues_after(state, every, posts=31).tolist() == [0, 0, 2, 2]
