"""What folding computes, said plainly: every earlier head is compared, word by word."""

from __future__ import annotations

from collections.abc import Sequence

Words = frozenset[int]


def overlap(one: Words, other: Words) -> float:
    """Jaccard of two sets of words; two empty ones are the same."""
    return len(one & other) / len(one | other) if one or other else 1.0


def heads(posts: Sequence[Words], least: float, fewest_words: int) -> list[int]:
    """For each post the likest earlier head, the earliest of equals; itself where it is none's copy.

    With fewer words on either side than `fewest_words`, only the same words are a copy.
    """
    found: list[int] = []
    for post, words in enumerate(posts):
        best, best_value = post, 0.0
        for other in sorted(set(found)):
            value = overlap(words, posts[other])
            is_few = min(len(words), len(posts[other])) < fewest_words
            if value >= (1.0 if is_few else least) and value > best_value:
                best, best_value = other, value
        found.append(best)
    return found
