"""Words that say nothing by themselves, of Vietnamese and English, and those that may not stand at an edge of a label.

The lists are `data/stopwords_vi.csv` and `data/stopwords_en.csv` with the columns `word` and `edge`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.text import strip_diacritics

LANGUAGES: Final = ("vi", "en")


@cache
def stop_words(language: str) -> dict[str, str]:
    """Word to the edge of a label where it may not stand: ``start``, ``end``, ``both``, or ``""``."""
    text = files("nhipcau.engine.data").joinpath(f"stopwords_{language}.csv").read_text(encoding="utf-8")
    return {row["word"]: row["edge"] for row in csv.DictReader(text.splitlines())}


@cache
def stop_hashes() -> frozenset[int]:
    """Hashes of all stop-words without diacritics, for texts that may have none."""
    return frozenset(token_hash(strip_diacritics(word)) for language in LANGUAGES for word in stop_words(language))


@cache
def marked_stop_hashes() -> frozenset[int]:
    """Hashes of all stop-words as they are written."""
    return frozenset(token_hash(word) for language in LANGUAGES for word in stop_words(language))
