"""Three ways to find the head of each post: the engine, MinHash with LSH (rensa), and all pairs compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rensa import RMinHash, RMinHashLSH

from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.redaction import redact
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.grouping import _copies, _features
from nhipcau.engine.grouping.grouper import group
from nhipcau.engine.grouping.state import GroupSettings, GroupState
from nhipcau.engine.grouping.words import words_of

STEP_ROWS = 4096
OVERLAP = GroupSettings().copy_overlap
FEWEST_WORDS = 5
"""Shorter texts are copies only of the same words."""

Heads = NDArray[np.int64]


@dataclass(frozen=True)
class Words:
    """Cleaned posts: where each one's words begin, and the words."""

    offsets: NDArray[np.int64]
    words: NDArray[np.uint64]

    def sets(self) -> list[frozenset[int]]:
        """The words of each post."""
        return [
            frozenset(self.words[begin:stop].tolist())
            for begin, stop in zip(self.offsets[:-1], self.offsets[1:], strict=True)
        ]


def cleaned(texts: Sequence[str], lexicon: Lexicon) -> Words:
    """Redact, tokenise and hash, as the engine does."""
    array = redact(pa.array(texts, pa.string()))
    tokens = tokenize(array, lexicon=lexicon)
    return Words(tokens.offsets, words_of(tokens, array))


def ours(posts: Words) -> tuple[Heads, float]:
    """`group`, in steps as the engine takes them; the time is that of folding alone."""
    count = len(posts.offsets) - 1
    state = GroupState.empty()
    places, is_head = [], []
    for start in range(0, count, STEP_ROWS):
        stop = min(start + STEP_ROWS, count)
        offsets = posts.offsets[start : stop + 1]
        grouped = group(
            state,
            offsets=offsets - offsets[0],
            words=posts.words[offsets[0] : offsets[-1]],
            times=np.full(stop - start, -1, np.int64),
            first_seq=start,
        )
        places.append(grouped.places)
        is_head.append(grouped.is_head)
    found = np.concatenate(places)
    heads_at = np.flatnonzero(np.concatenate(is_head))
    if len(heads_at) >= state.settings.copies:
        raise ValueError("more posts than the ring remembers: heads cannot be told by their place")
    alone, seconds = _folded(posts)
    if not np.array_equal(alone, found):
        raise ValueError("folding alone gives other heads than grouping")
    return heads_at[found - 1], seconds  # the first place of the ring stays empty


def _folded(posts: Words) -> tuple[NDArray[np.int64], float]:
    state = GroupState.empty()
    begin = time.process_time()
    offsets, features, _ = _features.represent(
        posts.offsets, posts.words, state.settings.bigram_weight, state.settings.buckets
    )
    places, _ = _copies.fold(offsets, features, state.copies, state.settings.copy_overlap)
    return places, time.process_time() - begin


def minhash(posts: Words) -> tuple[Heads, float]:
    """MinHash of 128 permutations in 32 bands; a candidate is a copy where the estimate reaches the overlap."""
    begin = time.process_time()
    index = RMinHashLSH(threshold=OVERLAP, num_perm=128, num_bands=32)
    made: dict[int, RMinHash] = {}
    sets = posts.sets()
    sizes = [len(words) for words in sets]
    heads = np.empty(len(posts.offsets) - 1, np.int64)
    for post, words in enumerate(sets):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update([str(word) for word in words])
        best, best_value = post, 0.0
        for other in sorted(index.query(sketch)):
            value = sketch.jaccard(made[other])
            least = 1.0 if min(len(words), sizes[other]) < FEWEST_WORDS else OVERLAP
            if value >= least and value > best_value:
                best, best_value = other, value
        heads[post] = best
        if best == post:
            index.insert(post, sketch)
            made[post] = sketch
    return heads, time.process_time() - begin


def exact(posts: Words) -> tuple[Heads, float]:
    """Every pair that shares a word, by the Jaccard of their words: what folding can reach at this overlap."""
    begin = time.process_time()
    sets = posts.sets()
    sizes = np.array([len(words) for words in sets])
    holders: dict[int, list[int]] = {}
    heads = np.empty(len(sets), np.int64)
    of_no_words = -1
    for post, words in enumerate(sets):
        best = post
        if not words:
            best = of_no_words if of_no_words >= 0 else post
            of_no_words = best
        lists = [holders[word] for word in words if word in holders]
        if lists:
            shared = np.bincount(np.concatenate(lists), minlength=post)
            overlap = shared / (sizes[: len(shared)] + len(words) - shared)
            few = np.minimum(sizes[: len(shared)], len(words)) < FEWEST_WORDS
            overlap[(overlap < OVERLAP) | (few & (overlap < 1.0))] = 0.0
            if overlap.max() > 0.0:
                best = int(np.argmax(overlap))
        heads[post] = best
        if best == post:
            for word in words:
                holders.setdefault(word, []).append(post)
    return heads, time.process_time() - begin


SYSTEMS: dict[str, Callable[[Words], tuple[Heads, float]]] = {
    "nhipcau": ours,
    "rensa MinHash LSH": minhash,
    "all pairs (ceiling)": exact,
}
