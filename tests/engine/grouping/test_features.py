"""The features of a post against sorting and counting by the standard library."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.grouping import _features

BUCKETS = 1 << 19
NUMBERS = st.lists(st.integers(0, 2 * BUCKETS - 1), max_size=200)


@settings(deadline=None)
@given(NUMBERS)
def test_numbers_are_sorted(numbers: list[int]) -> None:
    array, room = np.array(numbers, np.int32), np.zeros(len(numbers), np.int32)
    _features._sort(array, room, np.zeros(1 << _features.DIGIT_BITS, np.int32), len(numbers), 20)
    assert array.tolist() == sorted(numbers)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), max_size=90), max_size=4))
def test_features_are_the_words_and_pairs_of_a_post_counted(posts: list[list[int]]) -> None:
    words = np.array([word for post in posts for word in post], np.uint64)
    offsets = np.cumsum([0, *map(len, posts)]).astype(np.int64)
    starts, features, base = _features.represent(offsets, words, 0.5, BUCKETS)
    for place, post in enumerate(posts):
        own = slice(starts[place], starts[place + 1])
        assert features[own].tolist() == sorted(set(features[own].tolist()))
        single = {2 * word: count for word, count in Counter(post).items()}
        found = dict(zip(features[own].tolist(), base[own].tolist(), strict=True))
        assert {one: weight for one, weight in found.items() if one % 2 == 0} == {
            one: np.float32(1 + np.log(count)) for one, count in single.items()
        }
        pairs = Counter(Counter(pairwise(post)).values())
        assert Counter(weight for one, weight in found.items() if one % 2) == {
            float(np.float32(0.5 * (1 + np.log(count)))): many for count, many in pairs.items()
        }
