"""Teencode as readers see it: written out in labels and questions, where what it means is certain.

Which words these are is in `engine/data/shorthand_vi.csv` (what could mean two things is not among them, nor what
offices write themselves), what they mean is the lexicon's. What is quoted stays as it was written.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.text import has_diacritics
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.reading.arrays import text_array

_WORD: Final = re.compile(r"[^\W_]+")
_SIGN: Final = " không"
"""A word that shows a text to be Vietnamese."""


def written_out(text: str, *, lexicon: Lexicon) -> str:
    """Write the teencode of a text out, wherever the tokens of that text have it written out too.

    So a text in another language stays as it is, and so does a letter that is no word there (vitamin K, 50k).

    Parameters
    ----------
    text
        A text for readers.
    lexicon
        What the words mean.

    Examples
    --------
    >>> written_out("Ko biết khi nào có điện lại", lexicon=Lexicon.load())
    'Không biết khi nào có điện lại'
    """
    found = [word for word in _WORD.finditer(text) if word[0].lower() in _certain_words()]
    if not found:
        return text
    tokens = tokenize(text_array([_surely_vietnamese(text)]), lexicon=lexicon)
    hashes = dict(zip(tokens.starts.tolist()[::-1], tokens.marked.tolist()[::-1], strict=True))
    parts, behind = [], 0
    for word in found:
        meaning = lexicon.meanings.get(strip_diacritics(word[0]).lower(), "")
        start = len(text[: word.start()].encode("utf-8", errors="replace"))
        if meaning and hashes.get(start) == token_hash(meaning.split()[0]):
            parts += [text[behind : word.start()], _as_written(meaning, like=word[0], inside=text)]
            behind = word.end()
    return "".join([*parts, text[behind:]])


def _surely_vietnamese(text: str) -> str:
    """Add signs of Vietnamese to a text with Vietnamese diacritics: a phrase may be too short to have its own."""
    if not has_diacritics(text):
        return text
    signs = _SIGN * (1 + len(_WORD.findall(text)) // 4)
    return f"{text}.{signs.upper() if text.isupper() else signs}"


def _as_written(meaning: str, *, like: str, inside: str) -> str:
    if inside.isupper():
        return meaning.upper()
    return meaning[:1].upper() + meaning[1:] if like[:1].isupper() else meaning


@cache
def _certain_words() -> frozenset[str]:
    text = files("nhipcau.engine.data").joinpath("shorthand_vi.csv").read_text(encoding="utf-8")
    return frozenset(row["word"] for row in csv.DictReader(text.splitlines()))
