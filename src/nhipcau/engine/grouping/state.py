"""The running state of grouping: plain arrays, made empty here and saved and loaded as they are.

What the arrays mean stands beside each and in `_typing.py`; `grouper.py` is the door to what is done with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.grouping._typing import FEATURE, ISSUE, THREAD

BLOCKS_A_THREAD = 16
"""Room in the index, on average; when it is full, new issues are found under fewer features."""


@dataclass(frozen=True, kw_only=True)
class GroupSettings:
    """The one configuration for every stream. docs/decisions/0008 says what the numbers rest on.

    Parameters
    ----------
    join
        Two groups are one issue when their mean similarity stands this share as far above chance as that of the looser
        of the two does.
    join_at_once
        A post whose value is this high joins when it comes; lower ones wait for the next revision, where the best pairs
        of many go first.
    part
        A thread leaves its issue below this value.
    looseness
        No group counts as looser than this many times chance: what is only of one field does not flow together.
    prior_posts
        Posts that the document frequencies begin with.
    bigram_weight
        Weight of a pair of neighbouring words against a word.
    half_life_days
        A match counts half after so many days without a post.
    copy_overlap
        Posts that share this part of their words are near copies.
    threads
        How many threads live at once (memory is about 3 kB each); the longest quiet go first.
    thread_width, issue_width
        Features of the vectors of threads and of larger issues; over that, the lightest go.
    block_width
        Issues that are found under one feature, the latest.
    issue_postings
        Features under which one issue is found.
    copies
        How many posts are remembered for finding near copies.
    buckets
        Hash buckets of words, a power of two; pairs have as many again.
    memory_posts
        The running word frequencies forget half after so many posts.
    period
        Issues are revised after so many posts that are no copies.
    """

    join: float = 0.25
    join_at_once: float = 0.4
    part: float = 0.15
    looseness: float = 12.0
    prior_posts: float = 1000.0
    bigram_weight: float = 0.5
    half_life_days: float = 5.0
    copy_overlap: float = 0.7
    threads: int = 1 << 14
    thread_width: int = 192
    issue_width: int = 512
    block_width: int = 24
    issue_postings: int = 96
    copies: int = 1 << 16
    buckets: int = 1 << 19
    memory_posts: int = 1 << 18
    period: int = 1024


Array = NDArray[Any]


@dataclass
class GroupState:
    """All arrays of the stream's present. Every field round-trips through `nhipcau.engine.checkpoint`."""

    settings: GroupSettings
    table: Array  # FEATURE[2 * buckets]
    block_issues: Array  # int32[blocks, block_width], rows of issues under one feature, -1 after the last
    block_weights: Array  # float32[blocks, block_width]
    block_next: Array  # int32[blocks], next free block
    issue_features: Array  # int32[threads, issue_postings], features under which an issue is listed
    threads: Array  # THREAD[threads]
    thread_features: Array  # int32[threads, thread_width]
    thread_weights: Array  # float32[threads, thread_width]
    issues: Array  # ISSUE[threads]
    bars: Array  # float64[threads], what a post has to share with an issue at least to be worth a comparison
    slot_features: Array  # int32[slots, issue_width]
    slot_weights: Array  # float32[slots, issue_width]
    slot_length: Array  # int32[slots]
    slot_free: Array  # int32[slots + 1]
    counters: Array
    scalars: Array
    thread_issue: Array  # int64[], the issue that a thread was put into, by thread number
    issue_parent: Array  # int64[], the issue that an issue was merged into, by issue number (itself: none)
    sketches: Array  # int32[copies, 48], smallest word features of a remembered post
    sketch_length: Array
    anchored: Array  # int32[anchors, 8], the remembered posts that had an anchor last, -1 after the last
    ring: Array
    place_thread: Array  # int64[copies, 2], thread number and place of a remembered post
    history: list[tuple[int, int, int, int]] = field(default_factory=list)  # kind, issue, other, seq

    @classmethod
    def empty(cls, settings: GroupSettings | None = None) -> GroupState:
        """A state that has seen nothing."""
        chosen = settings or GroupSettings()
        count, width, slots = chosen.threads, chosen.thread_width, chosen.threads // 4
        table = np.zeros(2 * chosen.buckets, FEATURE)
        table["head"] = -1
        blocks = count * BLOCKS_A_THREAD
        threads = np.zeros(count, THREAD)
        threads["number"], threads["after"] = -1, _free_list(count)
        issues = np.zeros(count, ISSUE)
        issues["number"], issues["thread"] = -1, _free_list(count)
        free_slots = np.concatenate([[slots], np.arange(slots - 1, -1, -1)]).astype(np.int32)
        return cls(
            settings=chosen,
            table=table,
            block_issues=np.full((blocks, chosen.block_width), -1, np.int32),
            block_weights=np.zeros((blocks, chosen.block_width), np.float32),
            block_next=_free_list(blocks),
            issue_features=np.zeros((count, chosen.issue_postings), np.int32),
            threads=threads,
            thread_features=np.zeros((count, width), np.int32),
            thread_weights=np.zeros((count, width), np.float32),
            issues=issues,
            bars=np.zeros(count),
            slot_features=np.zeros((slots, chosen.issue_width), np.int32),
            slot_weights=np.zeros((slots, chosen.issue_width), np.float32),
            slot_length=np.zeros(slots, np.int32),
            slot_free=free_slots,
            counters=np.zeros(7, np.int64),
            scalars=np.array([0.0, 1.0]),
            thread_issue=np.zeros(1 << 14, np.int64),
            issue_parent=np.zeros(1 << 14, np.int64),
            sketches=np.zeros((chosen.copies, 48), np.int32),
            sketch_length=np.zeros(chosen.copies, np.int32),
            anchored=np.full((8 * chosen.copies, 8), -1, np.int32),
            ring=np.zeros(1, np.int64),
            place_thread=np.full((chosen.copies, 2), -1, np.int64),
        )

    @classmethod
    def from_arrays(cls, settings: GroupSettings, arrays: dict[str, Any]) -> GroupState:
        """The state that `arrays` was taken from."""
        return cls(settings=settings, **arrays)

    def arrays(self) -> dict[str, Array]:
        """Every array by name."""
        return {item.name: value for item in fields(self) if isinstance(value := getattr(self, item.name), np.ndarray)}

    def copy(self) -> GroupState:
        """A state of its own that begins as this one."""
        copied = self.from_arrays(self.settings, {name: part.copy() for name, part in self.arrays().items()})
        copied.history = list(self.history)
        return copied


def _free_list(count: int) -> Array:
    """Each row points to the next, the last to none, int32[count]."""
    following = np.arange(1, count + 1, dtype=np.int32)
    following[-1] = -1
    return following
