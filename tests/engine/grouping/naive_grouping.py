"""What the compiled loops of grouping compute, said plainly with dictionaries and lists."""

from __future__ import annotations

import math
from collections.abc import Sequence

Vector = dict[int, float]


def dot(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(feature, 0.0) for feature, weight in one.items())


def mean_of_pairs(one: Sequence[Vector], other: Sequence[Vector]) -> float:
    """Mean cosine of all pairs across two groups of unit vectors."""
    return sum(dot(a, b) for a in one for b in other) / (len(one) * len(other))


def cohesion(group: Sequence[Vector]) -> float:
    """Mean cosine of the pairs within, with two pairs of equal posts added."""
    pairs = [dot(a, b) for i, a in enumerate(group) for j, b in enumerate(group) if i != j]
    return (sum(pairs) + 2.0) / (len(pairs) + 2.0)


def likeness(
    one: Sequence[Vector],
    other: Sequence[Vector],
    chances: tuple[Sequence[float], Sequence[float]],
    looseness: float,
) -> float:
    """Mean cosine across above chance, as a share of what the looser group's own mean cosine stands above it."""
    first, second = (sum(values) / len(values) for values in chances)
    chance = math.sqrt(first * second)
    ground = max(min(cohesion(one), cohesion(other)), looseness * chance)
    return (mean_of_pairs(one, other) - chance) / (ground - chance)
