"""Grouping: the same posts give the same issues, twins meet, copies fold, what drifts parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import token_hash, tokenize
from nhipcau.engine.grouping.grouper import group, issues_of, revised, share_of_posts
from nhipcau.engine.grouping.state import GroupSettings, GroupState
from nhipcau.engine.grouping.words import words_of

LEXICON = Lexicon.load()
SMALL = GroupSettings(threads=512, copies=1024, buckets=1 << 14, period=16)
MATTERS = {
    "flood": ["Đường Lê Lợi ngập sâu", "nước ngập sâu đường Lê Lợi không đi được", "ngập nước ở Lê Lợi sâu quá"],
    "power": ["Mất điện từ tối qua ở khu phố", "khu phố mất điện bao giờ có điện lại", "mất điện cả đêm qua"],
    "water": ["Nước máy đục có mùi hôi", "nước máy mấy hôm nay đục ngầu", "nước máy có mùi lạ và đục"],
}


def words(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    array = pa.array(texts, pa.string())
    tokens = tokenize(array, lexicon=LEXICON)
    return tokens.offsets, words_of(tokens, array)


def issues(texts: list[str], *, cuts: list[int] | None = None, state: GroupState | None = None) -> list[int]:
    state = state or GroupState.empty(SMALL)
    threads, start = [], 0
    for stop in [*(cuts or []), len(texts)]:
        offsets, hashes = words(texts[start:stop])
        times = np.arange(start, stop) * 60
        threads.append(group(state, offsets=offsets, words=hashes, times=times, first_seq=start).threads)
        start = stop
    return issues_of(revised(state, seq=len(texts)), np.concatenate(threads)).tolist()


def stream(seed: int, count: int) -> list[str]:
    """A stream of the matters above, with words of their own added at random."""
    rng = np.random.default_rng(seed)
    names = list(MATTERS)
    texts = []
    for _ in range(count):
        matter = MATTERS[names[rng.integers(len(names))]]
        extra = " ".join(f"từ{rng.integers(40)}" for _ in range(rng.integers(0, 4)))
        texts.append(f"{matter[rng.integers(len(matter))]} {extra}")
    return texts


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 5), st.lists(st.integers(1, 119), max_size=6))
def test_batch_borders_change_nothing(seed: int, borders: list[int]) -> None:
    texts = stream(seed, 120)
    assert issues(texts, cuts=sorted(set(borders))) == issues(texts)


def test_the_three_matters_are_kept_apart_and_each_together() -> None:
    numbers = issues([text for texts in MATTERS.values() for text in texts])
    flood, power, water = (set(numbers[3 * place : 3 * place + 3]) for place in range(len(MATTERS)))
    assert flood.isdisjoint(power)
    assert flood.isdisjoint(water)
    assert power.isdisjoint(water)


def test_accented_and_unaccented_twins_are_in_one_issue() -> None:
    texts = stream(3, 150)
    both = [text for pair in zip(texts, map(strip_diacritics, texts), strict=True) for text in pair]
    found = issues(both)
    assert found[0::2] == found[1::2]


def test_copies_fold_and_do_not_grow_a_thread() -> None:
    text = "Cả xóm em mất nước ba ngày nay rồi mà chưa thấy ai báo gì, mong chính quyền xem giúp bà con"
    copies = [text, text.upper(), f"{text} ạ", text.replace("xem", "coi")]
    state = GroupState.empty(SMALL)
    offsets, hashes = words(copies)
    grouped = group(state, offsets=offsets, words=hashes, times=np.zeros(4, np.int64), first_seq=0)
    assert grouped.is_head.tolist() == [True, False, False, False]
    assert len(set(grouped.threads.tolist())) == 1
    assert state.live.threads["size"].max() == 1.0


def test_different_short_posts_do_not_fold() -> None:
    state = GroupState.empty(SMALL)
    offsets, hashes = words(["mất điện", "mất nước", "hóng", ""])
    grouped = group(state, offsets=offsets, words=hashes, times=np.zeros(4, np.int64), first_seq=0)
    assert grouped.is_head.all()


def test_more_threads_than_room_push_out_the_quietest() -> None:
    texts = [f"chuyện{number} riêng{number} lạ{number} khác{number}" for number in range(2000)]
    state = GroupState.empty(replace(SMALL, buckets=1 << 18))
    found = issues(texts, state=state)
    assert len(set(found)) > 1900
    assert int((state.live.threads["number"] >= 0).sum()) <= SMALL.threads


def test_english_endings_meet() -> None:
    array = pa.array(["fishing floods burned", "fish flood burn", "bus glass crisis"])
    tokens = tokenize(array, lexicon=LEXICON)
    hashes = words_of(tokens, array)
    assert hashes[:3].tolist() == hashes[3:6].tolist() == [token_hash(word) for word in ("fish", "flood", "burn")]
    assert hashes[6:].tolist() == [token_hash(word) for word in ("bus", "glass", "crisis")]


def test_share_of_posts_counts_each_post_once() -> None:
    state = GroupState.empty(SMALL)
    issues(["ngập ngập ngập", "ngập đường", "nắng đẹp", "trời xanh"], state=state)
    share = share_of_posts(state, np.array([token_hash("ngap"), token_hash("nang"), token_hash("bao")], np.uint64))
    assert share == pytest.approx([0.5, 0.25, 0.0], abs=1e-3)
