"""The running state of grouping: plain arrays, made empty here and saved and loaded as they are.

What the arrays mean stands beside each; what is done with them is in `_kernels.py`; `grouper.py` is the door.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class GroupSettings:
    """The one configuration. None of these is tuned to a data set; each has a plateau (docs/decisions/0003).

    Parameters
    ----------
    join_thread
        A post joins a thread when its cosine is this many times the geometric mean of 1 and the cosine that chance
        would give at its words' frequencies.
    join_issue
        Two groups are one issue when their mean similarity is this many times the geometric mean of what chance
        would give and of their own cohesion.
    part_issue
        A thread leaves its issue below this value of the same measure.
    bigram_weight
        Weight of a pair of neighbouring words against a word.
    half_life_days
        A match counts half after so many days without a post.
    copy_overlap
        Posts that share this part of their words are near copies.
    threads
        How many threads live at once (memory is about 3 kB each); the longest quiet go first.
    copies
        How many posts are remembered for finding near copies.
    buckets
        Hash buckets of words, a power of two; pairs have as many again.
    memory_posts
        The running word frequencies forget half after so many posts.
    period
        Merges and splits are looked at after so many posts that are no copies.
    """

    join_thread: float = 2.6
    join_issue: float = 1.6
    part_issue: float = 1.2
    prior: float = 2.0
    bigram_weight: float = 0.5
    half_life_days: float = 5.0
    copy_overlap: float = 0.7
    threads: int = 1 << 14
    thread_width: int = 192
    issue_width: int = 512
    copies: int = 1 << 16
    buckets: int = 1 << 19
    memory_posts: int = 1 << 18
    period: int = 256


Array = NDArray[Any]


@dataclass
class GroupState:
    """All arrays of the stream's present. Every field round-trips through `nhipcau.engine.checkpoint`."""

    settings: GroupSettings
    document_frequency: Array  # float32[2 * buckets], decayed count of posts with the feature, times growth
    mean: Array  # float32[2 * buckets], decayed sum of unit weights, times growth
    posting_heads: Array  # int32[2 * buckets], first posting of a feature or -1
    nodes: tuple[Array, ...]  # feature, thread, weight, next, previous of each posting
    threads: tuple[Array, ...]
    issues: tuple[Array, ...]
    vectors: tuple[Array, ...]
    counters: Array
    scalars: Array
    events: Array
    thread_issue: Array  # int64[], the issue that a thread was put into, by thread number
    issue_parent: Array  # int64[], the issue that an issue was merged into, by issue number (itself: none)
    sketches: Array  # int32[copies, 48], smallest word features of a remembered post
    sketch_length: Array
    copy_heads: Array
    copy_next: Array
    copy_previous: Array
    copy_key: Array
    ring: Array
    place_thread: Array  # int64[copies, 2], thread number and place of a remembered post
    history: list[tuple[int, int, int, int]] = field(default_factory=list)  # kind, issue, other, seq

    @classmethod
    def empty(cls, settings: GroupSettings | None = None) -> GroupState:
        """A state that has seen nothing."""
        chosen = settings or GroupSettings()
        features = 2 * chosen.buckets
        count, width, slots = chosen.threads, chosen.thread_width, chosen.threads // 4
        node_count = count * 40
        next_node = np.arange(1, node_count + 1, dtype=np.int32)
        next_node[-1] = -1
        next_thread = np.arange(1, count + 1, dtype=np.int32)
        next_thread[-1] = -1
        free = np.empty(slots + 1, np.int32)
        free[0] = slots
        free[1:] = np.arange(slots - 1, -1, -1)
        counters = np.zeros(10, np.int64)
        return cls(
            settings=chosen,
            document_frequency=np.zeros(features, np.float32),
            mean=np.zeros(features, np.float32),
            posting_heads=np.full(features, -1, np.int32),
            nodes=(
                np.zeros(node_count, np.int32),
                np.zeros(node_count, np.int32),
                np.zeros(node_count, np.float32),
                next_node,
                np.full(node_count, -1, np.int32),
            ),
            threads=(
                np.zeros((count, width), np.int32),
                np.zeros((count, width), np.float32),
                np.zeros(count, np.int32),
                np.zeros(count),
                np.zeros(count),
                np.zeros(count),
                np.full(count, -1, np.int64),
                np.zeros(count, np.int64),
                np.full(count, -1, np.int32),
                np.full(count, -1, np.int64),
                np.zeros((count, 64), np.int32),
                np.zeros(count, np.int32),
                next_thread,
            ),
            issues=(
                np.full(count, -1, np.int64),
                np.zeros(count),
                np.zeros(count),
                np.zeros(count),
                np.full(count, -1, np.int64),
                np.full(count, -1, np.int32),
                np.zeros(count, np.int32),
                np.full(count, -1, np.int32),
                np.zeros(count, np.bool_),
            ),
            vectors=(
                np.zeros((slots, chosen.issue_width), np.int32),
                np.zeros((slots, chosen.issue_width), np.float32),
                np.zeros(slots, np.int32),
                free,
            ),
            counters=counters,
            scalars=np.array([0.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
            events=np.zeros((4096, 4), np.int64),
            thread_issue=np.zeros(1 << 14, np.int64),
            issue_parent=np.zeros(1 << 14, np.int64),
            sketches=np.zeros((chosen.copies, 48), np.int32),
            sketch_length=np.zeros(chosen.copies, np.int32),
            copy_heads=np.full(1 << 18, -1, np.int32),
            copy_next=np.full(chosen.copies * 8, -1, np.int32),
            copy_previous=np.full(chosen.copies * 8, -1, np.int32),
            copy_key=np.full(chosen.copies * 8, -1, np.int32),
            ring=np.zeros(1, np.int64),
            place_thread=np.full((chosen.copies, 2), -1, np.int64),
        )

    @classmethod
    def from_arrays(cls, settings: GroupSettings, arrays: dict[str, Array]) -> GroupState:
        """The state that `arrays` was taken from."""
        parts: dict[str, Any] = {}
        for item in fields(cls):
            if item.name in arrays:
                parts[item.name] = arrays[item.name]
            elif f"{item.name}.0" in arrays:
                count = sum(name.startswith(f"{item.name}.") for name in arrays)
                parts[item.name] = tuple(arrays[f"{item.name}.{place}"] for place in range(count))
        return cls(settings=settings, **parts)

    def arrays(self) -> dict[str, Array]:
        """Every array by name, tuples spread as `name.0`, `name.1`, …"""
        found: dict[str, Array] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                found[item.name] = value
            elif isinstance(value, tuple):
                found.update({f"{item.name}.{place}": part for place, part in enumerate(value)})
        return found
