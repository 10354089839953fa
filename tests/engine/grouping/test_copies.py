"""Near copies: borders of batches change nothing, the same words fold, other words do not, and breadth stays."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.cli import main
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.grouping.grouper import group
from nhipcau.engine.grouping.state import GroupSettings, GroupState
from nhipcau.engine.grouping.words import words_of
from tests.engine.grouping.naive_copies import Words, heads, overlap

LEXICON = Lexicon.load()
SMALL = GroupSettings(threads=256, copies=1024, period=64)
VOCABULARY = [
    "mưa",
    "ngập",
    "điện",
    "nước",
    "đường",
    "cầu",
    "chợ",
    "trường",
    "xã",
    "phường",
    "hôm",
    "nay",
    "sáng",
    "tối",
]
TEXT = st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)
STREAM = st.lists(TEXT, min_size=1, max_size=8).flatmap(lambda texts: st.lists(st.sampled_from(texts), max_size=30))


def folded(texts: list[str], cuts: list[int] | None = None) -> tuple[list[int], list[Words]]:
    """The head of each post by its place in the stream, and the words that were compared."""
    state = GroupState.empty(SMALL)
    places, is_head, words = [], [], []
    borders = sorted({0, len(texts), *(cut for cut in cuts or [] if cut < len(texts))})
    for start, stop in pairwise(borders):
        array = pa.array(texts[start:stop], pa.string())
        tokens = tokenize(array, lexicon=LEXICON)
        hashes = words_of(tokens, array)
        times = np.arange(start, stop)
        grouped = group(state, offsets=tokens.offsets, words=hashes, times=times, first_seq=start)
        places += grouped.places.tolist()
        is_head += grouped.is_head.tolist()
        ends = tokens.offsets.tolist()
        words += [frozenset(hashes[i:j].tolist()) for i, j in pairwise(ends)]
    heads_at = [post for post, flag in enumerate(is_head) if flag]
    return [heads_at[place - 1] for place in places], words  # the first place of the ring stays empty


def test_a_state_whose_places_were_counted_from_nought_goes_on() -> None:
    words = np.arange(20, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    posts, times = np.array([0, 10, 20, 30, 40]), np.arange(4)
    stream = np.concatenate([words[:10], words[10:], words[:10], words[10:]])
    state = GroupState.empty(SMALL)
    state.copies.anchored[:] = -1
    grouped = group(state, offsets=posts, words=stream, times=times, first_seq=0)
    assert grouped.is_head.tolist() == [True, True, False, False]
    assert grouped.places.tolist() == [1, 2, 1, 2]


@settings(max_examples=25)
@given(STREAM, st.lists(st.integers(1, 29), max_size=4))
def test_batch_borders_change_no_head(texts: list[str], cuts: list[int]) -> None:
    assert folded(texts, cuts) == folded(texts)


@settings(max_examples=50)
@given(STREAM)
def test_the_same_words_fold_and_a_head_shares_the_overlap(texts: list[str]) -> None:
    found, words = folded(texts)
    for post, head in enumerate(found):
        if any(words[post] == earlier for earlier in words[:post]):
            assert head < post
        if head < post:
            assert found[head] == head
            assert overlap(words[post], words[head]) >= SMALL.copy_overlap
            assert words[post] == words[head] or min(len(words[post]), len(words[head])) >= 5


def test_a_text_of_four_words_is_no_copy_of_one_with_another_word() -> None:
    assert folded(["cầu xã ngập nước", "cầu xã ngập nước rồi", "ngập nước cầu xã"])[0] == [0, 1, 0]


@pytest.mark.parametrize("seed", range(3))
def test_copies_with_a_tenth_of_the_words_changed_have_the_head_that_comparing_all_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts = []
    for number in range(60):
        words = [f"từ{word}" for word in rng.choice(4000, rng.integers(10, 40), replace=False)]
        texts.append(" ".join(words))
        for place in rng.choice(len(words), len(words) // 10, replace=False):
            words[place] = f"khác{number}"
        texts.append(" ".join(words))
    order = rng.permutation(len(texts))
    found, compared = folded([texts[place] for place in order])
    assert found == heads(compared, SMALL.copy_overlap, fewest_words=5)
    assert sum(head < post for post, head in enumerate(found)) == 60


def issue_of(folder: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The largest issue of the brief of the posts."""
    posts, out = folder / "posts.jsonl", folder / "brief.json"
    posts.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    result = CliRunner().invoke(main, ["brief", str(posts), "--json", str(out)])
    assert result.exit_code == 0, result.output
    issues: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))["issues"]
    return max(issues, key=lambda issue: issue["voices"])


def test_copies_by_the_same_people_raise_neither_breadth_nor_volume(tmp_path: Path) -> None:
    own = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "trưa", "chiều"]
    rows = [
        {
            "id": f"x{n}",
            "time": f"2026-03-02T09:{n:02}:00+07:00",
            "author": f"a{n}",
            "source": "s",
            "text": f"Phường Tân Lập mất điện, nhà {own[n]} tối om {own[(n + 5) % 12]} chưa có {own[(n + 7) % 12]}",
        }
        for n in range(12)
    ]
    copies = [{**rows[n % 12], "id": f"c{n}"} for n in range(48)]
    alone, copied = issue_of(tmp_path, rows), issue_of(tmp_path, [*rows, *copies])
    assert copied["copies"] >= alone["copies"] + 4 * alone["voices"]
    assert copied["distinct_authors"] == alone["distinct_authors"]
    for part in ("breadth", "sources", "volume"):
        assert copied["heat_parts"][part] == alone["heat_parts"][part]
