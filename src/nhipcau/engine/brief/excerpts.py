"""What is quoted of one issue: of what speaks of the matter, the most repeated first, then the newest.

Whether people may be quoted at all is decided by who calls, and once more in `model.quotable`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import Figures
from nhipcau.engine.brief.model import Excerpt
from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.text import has_diacritics, normalize

if TYPE_CHECKING:
    from nhipcau.engine.brief.issue_parts import Voices
    from nhipcau.engine.brief.standing import Window

MOST_EXCERPTS: Final = 5
_MOST_REPEATED: Final = 3
"""Of what is quoted, at most so many because others repeat it; a wave of copies leaves room for people's own words."""
MOST_LETTERS: Final = 300
_GOOD_LENGTH: Final = range(40, 401)
_FEWEST_KEYWORDS: Final = 2
"""A text that holds so many of the issue's keywords speaks of it; a stray one seldom holds two."""
_RUN: Final = 4
"""Words in a row by which texts are compared."""
_COPIED: Final = 0.4
"""Share of the runs of the shorter text that the other has too, where the one copies the other: a tenth of the words
changed leaves two thirds of them."""
_ALIKE: Final = 0.7
"""The same for two that are no copies: from here on the second tells a reader nothing new."""
_WORD: Final = re.compile(r"\w+")


@dataclass
class _Said:
    """One voice that may be quoted: its place among the voices, its plain words, and how many copies repeat it."""

    place: int
    words: list[str]
    copies: int = 0

    @cached_property
    def runs(self) -> set[str]:
        starts = range(max(1, len(self.words) - _RUN + 1))
        return {" ".join(self.words[start : start + _RUN]) for start in starts}


def excerpts_of(
    figures: Figures,
    window: Window,
    voices: Voices,
    rows: NDArray[np.int64],
    keywords: Sequence[str],
    *,
    is_wide: bool,
) -> list[Excerpt]:
    """Choose the quotes of an issue, at most five that say different things.

    Parameters
    ----------
    figures, window
        Where the voices are counted, and what time is written by.
    voices, rows
        The issue's voices, oldest first, and the row of `figures` of each.
    keywords
        The issue's keywords; a text that holds two of them comes before one that does not.
    is_wide
        Whether people are quoted; the press always is.

    Returns
    -------
    list[Excerpt]
        `voices` counts the text itself and, of the voices given, its copies, whatever capitals, signs and a few words
        they change.
    """
    may = [k for k in range(len(rows)) if is_wide or figures.is_press[rows[k]]]
    said = _without_copies(voices, rows, may, figures.is_copy)
    shown: list[Excerpt] = []
    known: list[set[str]] = []
    for one in _in_order(said, voices, keywords):
        text = _shown(voices.texts[one.place])
        runs = one.runs
        if not text or any(_shared(runs, other) >= _ALIKE for other in known):
            continue
        known.append(runs)
        row = rows[one.place]
        is_press = bool(figures.is_press[row])
        shown.append(
            {
                "text": text,
                "time": window.iso(int(figures.time[row])),
                "source": figures.source_names[figures.source[row]] or None,
                "kind": "press" if is_press else "post",
                "voices": 1 + one.copies,
                "link": voices.links[one.place] if is_press else None,
            }
        )
        if len(shown) == MOST_EXCERPTS:
            break
    return shown


def _in_order(said: Sequence[_Said], voices: Voices, keywords: Sequence[str]) -> Iterator[_Said]:
    """Give what speaks of the matter, then the rest; of each the most repeated, then the newest. Some come twice."""
    wanted = [" ".join(_words(keyword)) for keyword in keywords]
    fewest = min(_FEWEST_KEYWORDS, len(wanted))
    about: list[_Said] = []
    stray: list[_Said] = []
    for one in said:
        text = f" {' '.join(one.words)} "
        (about if sum(f" {keyword} " in text for keyword in wanted) >= fewest else stray).append(one)
    for part in (about, stray):
        newest = sorted(part, key=lambda one: (len(voices.texts[one.place]) not in _GOOD_LENGTH, -one.place))
        repeated = sorted((one for one in newest if one.copies), key=lambda one: -one.copies)
        yield from repeated[:_MOST_REPEATED]
        yield from newest


def _without_copies(
    voices: Voices, rows: NDArray[np.int64], places: Sequence[int], is_copy: NDArray[np.bool_]
) -> list[_Said]:
    """Give what is said, each copy counted with the voice that it repeats.

    A copy whose original is not here stands for it, and one with diacritics for an original without. Only what the
    engine folded counts as a copy: two people may well use the same words.
    """
    said = [_Said(place, _words(voices.texts[place])) for place in places]
    if not any(is_copy[rows[place]] for place in places):
        return said
    originals: list[_Said] = []
    holders: dict[str, list[int]] = {}
    for one in said:
        runs = one.runs
        if is_copy[rows[one.place]]:
            shared = Counter(holder for run in runs for holder in holders.get(run, ()))
            best = min(shared, key=lambda holder: (-shared[holder], holder), default=-1)
            if best >= 0 and _shared(runs, originals[best].runs) >= _COPIED:
                original = originals[best]
                original.copies += 1
                if not has_diacritics(voices.texts[original.place]) and has_diacritics(voices.texts[one.place]):
                    original.place = one.place
                continue
        for run in runs:
            holders.setdefault(run, []).append(len(originals))
        originals.append(one)
    return originals


def _shared(some: set[str], others: set[str]) -> float:
    return len(some & others) / min(len(some), len(others))


def _words(text: str) -> list[str]:
    return _WORD.findall(strip_diacritics(text).casefold())


def _shown(text: str) -> str:
    """Put a text into one line of bounded length; its first line may be a title."""
    line = normalize(text.strip().replace("\n", ". ", 1)).replace("?.", "?").replace("..", ".")
    if len(line) > MOST_LETTERS:
        line = line[:MOST_LETTERS].rsplit(" ", 1)[0] + "…"
    return line
