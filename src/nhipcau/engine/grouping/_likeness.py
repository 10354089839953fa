"""When two groups of posts are one issue: docs/decisions/0008-issues-by-excess-over-chance.md says why. Private."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import LEAN, Number

PRIOR_PAIRS = 2.0
"""A group's cohesion counts so many pairs of equal posts more than it has: a single post is like itself."""

WORTH_A_LOOK = 0.05
"""Likeness below which an estimate ends the comparison."""


@njit(**LEAN)
def cohesion(norm: Number, size: Number) -> float:
    """Mean cosine of the pairs of posts in a group, from the squared length of their sum."""
    return max(1e-6, (norm - size + PRIOR_PAIRS) / (size * (size - 1.0) + PRIOR_PAIRS))


@njit(**LEAN)
def likeness(
    shared: Number,
    size_a: Number,
    size_b: Number,
    chance_a: Number,
    chance_b: Number,
    cohesion_a: Number,
    cohesion_b: Number,
    looseness: Number,
) -> float:
    """How far two groups stand above chance, as a share of how far the looser one itself does.

    `shared` is the product of the two sums of unit vectors, `chance_*` the sums of the posts' chance.
    """
    chance = np.sqrt(max(chance_a / size_a * (chance_b / size_b), 1e-12))
    between = shared / (size_a * size_b)
    ground = max(min(cohesion_a, cohesion_b), looseness * chance)
    return (between - chance) / max(ground - chance, 1e-3)


@njit(**LEAN)
def aging(now: Number, last: Number, half_life: Number) -> float:
    """How much a match weakens with the time since the last post: 1 at once, a half after `half_life` seconds."""
    if now <= last or last < 0 or now < 0:
        return 1.0
    return 2.0 ** (-(now - last) / half_life)


@njit(**LEAN)
def bar_of(norm: Number, size: Number, chance: Number) -> float:
    """What a post has to share with a group, as a product with its sum, to be worth a comparison in full."""
    own = chance / size
    return size * (own + WORTH_A_LOOK * max(cohesion(norm, size) - own, 1e-3))
