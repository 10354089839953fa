"""Words that say nothing by themselves, of Vietnamese and English, and those that may not stand at an edge of a label.

The lists are `data/stopwords_vi.csv` and `data/stopwords_en.csv` with the columns `word`, `edge`, `stop`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.letters import strip_diacritics

LANGUAGES: Final = ("vi", "en")


class StopWord(NamedTuple):
    """One row: at which edge of a label the word may not stand, and whether it can open or close a keyword."""

    edge: str
    is_stop: bool


@cache
def stop_words(language: str) -> dict[str, StopWord]:
    """Read the list of one language.

    `edge` is ``start``, ``end``, ``both``, ``particle`` (cut off even where a clause ends with it) or ``""``.
    """
    text = files("nhipcau.engine.data").joinpath(f"stopwords_{language}.csv").read_text(encoding="utf-8")
    return {row["word"]: StopWord(row["edge"], row["stop"] == "yes") for row in csv.DictReader(text.splitlines())}


@cache
def stop_hashes() -> frozenset[int]:
    """Hashes without diacritics of the words that join others, for texts that may have no diacritics.

    The weaker stop-words are left out: without diacritics they are often another word.
    """
    return frozenset(token_hash(strip_diacritics(word)) for word in _chosen(needs_edge=True))


@cache
def marked_stop_hashes() -> frozenset[int]:
    """Hashes of all stop-words as they are written."""
    return frozenset(map(token_hash, _chosen(needs_edge=False)))


def _chosen(*, needs_edge: bool) -> list[str]:
    return [
        word
        for language in LANGUAGES
        for word, row in stop_words(language).items()
        if row.is_stop and (row.edge or not needs_edge)
    ]


@cache
def language_hashes(language: str) -> npt.NDArray[np.uint64]:
    """Sorted plain hashes of the joining words of one language, to tell languages apart."""
    words = {strip_diacritics(word) for word, row in stop_words(language).items() if row.edge and len(word) > 1}
    others = {strip_diacritics(word) for other in LANGUAGES if other != language for word in stop_words(other)}
    return np.array(sorted(map(token_hash, words - others)), dtype=np.uint64)
