"""Which issues are nearer to one another than the issues of the same brief are by chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from nhipcau.engine.dense.encoder import Encoder, Floats, unit

FEWEST: Final = 8
"""Among fewer issues it cannot be told how near chance brings two of them."""
SPREADS: Final = 3.5
"""So many usual spreads above the usual similarity a pair stands out (Iglewicz and Hoaglin 1993, section 3)."""
MOST: Final = 3


class Related(NamedTuple):
    """A related issue, by its place in what was given, and the cosine of the two."""

    place: int
    similarity: float


def related(heads: Sequence[Sequence[str]], encoder: Encoder) -> list[list[Related]]:
    """Find for each issue those that are about the same matter in other words.

    Parameters
    ----------
    heads
        Of each issue a few of its texts.
    encoder
        What makes vectors of them.

    Returns
    -------
    list of list of Related
        At most three an issue, the nearest first. Empty for all where there are fewer than eight issues.

    Notes
    -----
    Models differ in what cosine they give to texts that have nothing in common, so no fixed one would do. The median
    of all pairs and their median distance from it say what is usual here; most issues have nothing to do with most
    others. Quadratic in issues; the model is what takes time.
    """
    none: list[list[Related]] = [[] for _ in heads]
    if len(heads) < FEWEST:
        return none
    owners = np.repeat(np.arange(len(heads)), [len(texts) for texts in heads])
    vectors = encoder.encode([text for texts in heads for text in texts])
    middle = np.zeros((len(heads), vectors.shape[1]), np.float32)
    np.add.at(middle, owners, vectors)
    return _nearest(unit(middle), none)


def _nearest(middle: Floats, found: list[list[Related]]) -> list[list[Related]]:
    similarity = middle.astype(np.float64) @ middle.T.astype(np.float64)
    pairs = similarity[np.triu_indices(len(middle), 1)]
    usual = float(np.median(pairs))
    # 1.4826 makes the median distance comparable to a standard deviation
    spread = 1.4826 * float(np.median(np.abs(pairs - usual)))
    np.fill_diagonal(similarity, -1.0)
    limit = usual + SPREADS * max(spread, 1e-6)
    for place, row in enumerate(similarity):
        near = np.argsort(-row, kind="stable")[:MOST]
        found[place] = [Related(int(other), float(row[other])) for other in near if row[other] > limit]
    return found
