"""The threads of an issue, from which a person chooses what to split off: how many voices each, from when to when.

Words of a thread stand there only where so many distinct people speak in the thread itself as a quotation needs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from nhipcau.engine.brief.figures import Longs, authors_by_group
from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.issues.looking import Look

MOST_THREADS: Final = 60
LONGEST_WORDS: Final = 120


def threads_of_rows(seen: Look, rows: Longs, said: dict[int, str], *, may_quote: bool) -> list[dict[str, Any]]:
    """Give the threads of an issue, those with the most voices first.

    Parameters
    ----------
    seen
        The figures.
    rows
        The rows of the issue in them.
    said
        Words by row, of those that were read.
    may_quote
        Whether the issue as a whole may be quoted.
    """
    figures = seen.figures
    numbers, group = np.unique(seen.thread[rows], return_inverse=True)
    size = len(numbers)
    voices = np.bincount(group[~figures.is_copy[rows]], minlength=size)
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(first, group, figures.time[rows])
    np.maximum.at(last, group, figures.time[rows])
    authors = authors_by_group(figures, rows, group, size)
    words = {int(group[place]): said[int(row)] for place, row in enumerate(rows) if int(row) in said}
    return [
        {
            "thread": int(numbers[k]),
            "voices": int(voices[k]),
            "first": datetime.fromtimestamp(int(first[k]), UTC).isoformat(),
            "last": datetime.fromtimestamp(int(last[k]), UTC).isoformat(),
            "words": words.get(int(k), "")[:LONGEST_WORDS] if may_quote and authors[k] >= DEFAULT_FLOOR else "",
        }
        for k in np.argsort(-voices, kind="stable")[:MOST_THREADS]
    ]
