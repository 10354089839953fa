"""What should not be shown: names of people where they may be private, coarse words, and words that say nothing.

Redaction of numbers and addresses is not here: `cleaning/redaction.py`. The lists are in `data/`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_ADDRESS: Final = frozenset({"anh", "chị", "ông", "bà", "bác", "chú", "cô", "bé", "cháu", "em", "mr", "mrs", "ms"})


def names_in(parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Ranges of words that look like the name of a person: a surname and given names, or an address and a name.

    Examples
    --------
    >>> list(names_in("Hôm qua chị Lan và Trần Văn A ở Hà Nội".split()))
    [(2, 4), (5, 8)]
    """
    place = 0
    while place < len(parts):
        end = place + 1
        while end < len(parts) and end - place < 4 and parts[end][:1].isupper():
            end += 1
        least = _surnames().get(parts[place], 2 if parts[place].lower() in _ADDRESS else 0)
        is_acronym = end > place + 1 and len(parts[place + 1]) > 1 and parts[place + 1].isupper()
        if least and end - place >= least and not is_acronym:
            yield place, end
            place = end
        else:
            place += 1


def is_name(text: str) -> bool:
    """Whether a keyword is nothing but such a name."""
    parts = _WORD.findall(text)
    return next(names_in(parts), (0, 0)) == (0, len(parts))


def is_coarse(text: str) -> bool:
    """Whether a text has a word that no brief should repeat.

    Examples
    --------
    >>> is_coarse("Đường hỏng"), is_coarse("đm đường hỏng")
    (False, True)
    """
    parts = _WORD.findall(text.lower())
    words, phrases = _coarse()
    return not words.isdisjoint(parts) or any(f" {phrase} " in f" {' '.join(parts)} " for phrase in phrases)


@cache
def numbered_words() -> frozenset[str]:
    """Return words of things that are told apart by a number."""
    text = files("nhipcau.engine.data").joinpath("numbered_words.csv").read_text(encoding="utf-8")
    return frozenset(text.split()[1:])


@cache
def weak_keywords() -> frozenset[str]:
    """Return the words and phrases that say nothing by themselves: they are no keywords."""
    return frozenset(row["phrase"] for row in _rows("weak_keywords.csv"))


@cache
def _surnames() -> dict[str, int]:
    """Surname to the least number of words of a name that begins with it: some are syllables of places as well."""
    return {row["surname"]: int(row["parts"]) for row in _rows("surnames_vi.csv")}


@cache
def _coarse() -> tuple[frozenset[str], tuple[str, ...]]:
    entries = [row["word"] for row in _rows("coarse_words.csv")]
    return frozenset(word for word in entries if " " not in word), tuple(word for word in entries if " " in word)


def _rows(name: str) -> list[dict[str, str]]:
    text = files("nhipcau.engine.data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
