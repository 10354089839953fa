"""Issues of an earlier moment, against what they were when that moment was the present."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nhipcau.engine.grouping._kernels import MERGED, SPLIT
from nhipcau.engine.grouping.past import issues_after
from nhipcau.engine.grouping.state import GroupState
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.writing import write_sample
from nhipcau.engine.stream import Engine


def test_issues_of_every_moment_are_those_of_then(tmp_path: Path) -> None:
    summary = write_sample(tmp_path / "sample.jsonl", days=5, posts_per_day=900, seed=3)
    reader = PostReader([summary.path], ReadOptions(author_key=bytes(32)))
    engine = Engine(keep=False)
    threads: list[np.ndarray] = []
    seen: list[tuple[int, np.ndarray, np.ndarray]] = []
    pieces = (batch.slice(start, 300) for batch in reader.batches() for start in range(0, batch.num_rows, 300))
    for piece in pieces:
        threads.extend(numbers for _, numbers in engine.take([piece]))
        known = np.unique(np.concatenate(threads))
        seen.append((engine.seq, known, engine.issues_of(known)))
    kinds = {kind for kind, *_ in engine.state.history}
    assert kinds == {MERGED, SPLIT}
    wrong = total = 0
    for posts, known, issues in seen:
        found = issues_after(engine.state, known, posts=posts)
        wrong += int((found != issues).sum())
        total += len(known)
    # only a thread that was taken in and left again since then cannot be told
    assert wrong <= 0.002 * total


def test_what_happened_since_is_taken_back() -> None:
    state = GroupState.empty()
    state.thread_issue = np.array([0, 1, 2, 3])
    # 1 is taken into 0; then thread 2 leaves 0 as issue 2; then issue 2 is taken into 3
    state.history = [(MERGED, 0, 1, 10), (SPLIT, 0, 2, 20), (MERGED, 2, 3, 30)]
    every = np.array([0, 1, 2, 3])
    assert issues_after(state, every, posts=10).tolist() == [0, 1, 0, 3]
    assert issues_after(state, every, posts=11).tolist() == [0, 0, 0, 3]
    assert issues_after(state, every, posts=21).tolist() == [0, 0, 2, 3]
    assert issues_after(state, every, posts=31).tolist() == [0, 0, 2, 2]
