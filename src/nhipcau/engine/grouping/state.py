"""The running state of grouping: plain arrays, made empty here and saved and loaded as they are.

What the arrays mean is said in `_typing.py`; `grouper.py` is the door to what is done with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.grouping._typing import (
    CANDIDATE,
    ENTRY,
    FEATURE,
    ISSUE,
    ISSUE_WIDTH,
    LOOKED_AT,
    NEXT_ISSUE,
    NEXT_THREAD,
    POSTING,
    SPOTS,
    STANDING,
    THREAD,
    THREAD_WIDTH,
    Copies,
    Laid,
    Live,
)

SKETCH = 48
"""Smallest word features by which a remembered post is compared."""

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
    """All of the stream's present. Its arrays round-trip through `nhipcau.engine.checkpoint`."""

    settings: GroupSettings
    live: Live
    copies: Copies
    history: list[tuple[int, int, int, int]] = field(default_factory=list)  # kind, issue, other, seq

    @classmethod
    def empty(cls, settings: GroupSettings | None = None) -> GroupState:
        """A state that has seen nothing."""
        chosen = settings or GroupSettings()
        count, slots, blocks = chosen.threads, chosen.threads // 4, chosen.threads * BLOCKS_A_THREAD
        table = np.zeros(2 * chosen.buckets, FEATURE)
        table["head"] = -1
        standing = np.zeros(1 << (count - 1).bit_length(), STANDING)
        standing["handle"] = np.arange(len(standing))
        threads = np.zeros(count, THREAD)
        threads["number"], threads["after"] = -1, _free_list(count)
        issues = np.zeros(count, ISSUE)
        issues["number"], issues["thread"], issues["slot"] = -1, _free_list(count), -1
        counters = np.zeros(10, np.int64)
        counters[THREAD_WIDTH], counters[ISSUE_WIDTH] = chosen.thread_width, chosen.issue_width
        live = Live(
            table=table,
            postings=np.zeros((blocks, chosen.block_width), POSTING),
            block_links=-2 - _free_list(blocks),
            issue_features=np.zeros((count, chosen.issue_postings), np.int32),
            standing=standing,
            threads=threads,
            issues=issues,
            vectors=np.zeros(count * chosen.thread_width + slots * chosen.issue_width, ENTRY),
            slot_free=np.concatenate([[slots], np.arange(slots - 1, -1, -1)]).astype(np.int32),
            counters=counters,
            scalars=np.array([0.0, 1.0]),
            thread_issue=np.zeros(1 << 14, np.int64),
            issue_parent=np.zeros(1 << 14, np.int64),
            **_rooms(chosen),
        )
        copies = Copies(
            sketches=np.zeros((chosen.copies, SKETCH), np.int32),
            sketch_length=np.zeros(chosen.copies, np.int32),
            anchored=np.zeros((8 * chosen.copies, 8), np.int32),
            ring=np.zeros(1, np.int64),
            place_thread=np.full((chosen.copies, 2), -1, np.int64),
        )
        return cls(settings=chosen, live=live, copies=copies)

    @classmethod
    def from_arrays(cls, settings: GroupSettings, arrays: dict[str, Any]) -> GroupState:
        """The state that `arrays` was taken from."""
        live = {name: arrays[name] for name in Live._fields if name in arrays}
        copies = {name: arrays[name] for name in Copies._fields}
        return cls(settings=settings, live=Live(**live, **_rooms(settings)), copies=Copies(**copies))

    def arrays(self) -> dict[str, Array]:
        """Every array that has to be kept, by name."""
        kept = {name: part for name, part in self.live._asdict().items() if name not in _rooms(self.settings)}
        return {**kept, **self.copies._asdict()}

    def copy(self, *, over: GroupState | None = None) -> GroupState:
        """A state of its own that begins as this one; written over another that is needed no more, if given.

        Fresh memory costs several times what the copy does, and a stream that is looked at again and again needs one.
        """
        rooms = {} if over is None else over.arrays()
        copied = self.from_arrays(
            self.settings, {name: _copied(part, rooms.get(name)) for name, part in self.arrays().items()}
        )
        copied.history = list(self.history)
        return copied

    def make_room(self, *, posts: int, longest: int) -> None:
        """Let what grows with the stream hold so many posts more, the longest of so many features."""
        settings, live = self.settings, self.live
        threads, issues = int(live.counters[NEXT_THREAD]) + posts + 1, int(live.counters[NEXT_ISSUE]) + 2 * posts + 4096
        is_roomy = len(live.events) >= _most_events(settings, posts) and len(live.post) >= longest
        self.live = live._replace(
            thread_issue=_grown(live.thread_issue, threads),
            issue_parent=_grown(live.issue_parent, issues),
            **({} if is_roomy else _rooms(settings, posts=posts, longest=max(longest, len(live.post)))),
        )


def _most_events(settings: GroupSettings, posts: int) -> int:
    return 2 * posts + 2 * settings.threads


def _rooms(settings: GroupSettings, *, posts: int = 0, longest: int = 0) -> dict[str, Any]:
    """The rooms to work in of `Live`."""
    width = settings.issue_width + max(settings.issue_width, longest)
    return {
        "events": np.zeros((_most_events(settings, posts), 4), np.int64),
        "post": np.zeros(longest, ENTRY),
        "room": np.zeros(width + 1, ENTRY),
        "laid": Laid(
            spots=np.zeros(SPOTS, np.int32),
            chain=np.zeros(width + 1, np.int32),
            hits=np.zeros(width + 1, np.int32),
            is_shared=np.zeros(width + 1, np.bool_),
        ),
        "room_weights": np.zeros(width + 1, np.float32),
        "rarities": np.zeros(width + 1, np.float32),
        "touched": np.zeros(settings.threads, np.int32),
        "shares": np.zeros(settings.threads, np.float32),
        "near": np.zeros(LOOKED_AT, CANDIDATE),
        "worths": np.zeros(settings.threads),
    }


def _copied(part: Array, room: Array | None) -> Array:
    if room is None or room.shape != part.shape:
        return part.copy()
    np.copyto(room, part)
    return room


def _grown(numbers: Array, needed: int) -> Array:
    """The same numbers in an array that has room for `needed`."""
    return numbers if needed <= len(numbers) else np.resize(numbers, max(needed, 2 * len(numbers)))


def _free_list(count: int) -> Array:
    """Each row points to the next, the last to none, int32[count]."""
    following = np.arange(1, count + 1, dtype=np.int32)
    following[-1] = -1
    return following
