"""Heat: five parts in points that sum to at most 100. What each part measures is said once, here.

`docs/brief.md` says the same to readers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.model import HeatParts

MOST = {"volume": 30.0, "growth": 25.0, "breadth": 20.0, "sources": 15.0, "open_questions": 10.0}
FULL = {"volume": 500.0, "growth": 16.0, "breadth": 200.0, "sources": 20.0, "open_questions": 50.0}
"""The count (for growth: the ratio) at which a part is full; the scale is logarithmic."""

Floats = NDArray[np.float64]


def parts(
    *, voices: Floats, expected: Floats, authors: Floats, sources: Floats, questions: Floats
) -> dict[str, Floats]:
    """Points of each part for each issue.

    Parameters
    ----------
    voices
        Posts of the window, near copies left out, float64[n].
    expected
        What the same issue brought in an average window of the week before, float64[n].
    authors, sources, questions
        Distinct authors (0 where unknown), distinct sources, posts that ask; copies count for none of them.
    """
    ratio = (voices + 1.0) / (expected + 1.0)
    # a rise from one post to three is not yet a rise: the part grows with the posts it rests on
    rise = np.log(np.maximum(ratio, 1.0)) / np.log(FULL["growth"]) * voices / (voices + 4.0)
    scaled = {
        "volume": np.log1p(voices) / np.log1p(FULL["volume"]),
        "growth": rise,
        "breadth": np.log1p(authors) / np.log1p(FULL["breadth"]),
        "sources": np.log(np.maximum(sources, 1.0)) / np.log(FULL["sources"]),
        "open_questions": np.log1p(questions) / np.log1p(FULL["open_questions"]),
    }
    return {name: np.round(MOST[name] * np.clip(value, 0.0, 1.0), 1) for name, value in scaled.items()}


def one(points: dict[str, Floats], row: int) -> HeatParts:
    """Give the parts of one issue."""
    return {
        "volume": float(points["volume"][row]),
        "growth": float(points["growth"][row]),
        "breadth": float(points["breadth"][row]),
        "sources": float(points["sources"][row]),
        "open_questions": float(points["open_questions"][row]),
    }
