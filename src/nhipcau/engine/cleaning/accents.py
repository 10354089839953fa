"""Regular expressions that match Vietnamese words with and without their diacritics."""

from __future__ import annotations

import re

from nhipcau.engine.cleaning.letters import strip_diacritics


def either(*words: str) -> str:
    """Pattern of any of the words, each letter with or without its diacritic, spaces up to three wide.

    >>> re.fullmatch(either("số nhà"), "so nha") is not None
    True
    """
    return f"(?:{'|'.join(map(_pattern, sorted(words, key=len, reverse=True)))})"


def _pattern(word: str) -> str:
    parts: list[str] = []
    for letter in word:
        plain = strip_diacritics(letter)
        if letter == " ":
            parts.append(r"[ \u00a0]{1,3}")
        elif plain != letter:
            parts.append(f"[{letter}{plain}]")
        else:
            parts.append(re.escape(letter))
    return "".join(parts)
