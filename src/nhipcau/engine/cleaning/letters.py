"""Letters one by one: case, composition, Vietnamese vowels and their tones. No words and no texts: see `text.py`."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

COMBINING_MARKS: Final = range(0x0300, 0x0370)

_VOWELS: Final = "aăâeêioôơuưy"
_TONE_MARKS: Final = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")

TONED_VOWELS: Final[dict[str, tuple[int, int]]] = {
    unicodedata.normalize("NFC", vowel + mark): (number, tone)
    for number, vowel in enumerate(_VOWELS, start=1)
    for tone, mark in enumerate(_TONE_MARKS)
}
"""Each Vietnamese vowel letter to its vowel (1 to 12, in the order aăâeêioôơuưy) and tone (0 to 5, 0 = level)."""

VIETNAMESE_LETTERS: Final = frozenset(TONED_VOWELS) - frozenset("aeiouy") | {"đ"}
"""Lower-case letters that carry a Vietnamese diacritic."""

# Eth and the African D look like Đ and are typed for it.
_LOOKS_LIKE_D: Final = {"Ð": "đ", "ð": "đ", "Ɖ": "đ"}


def fold_letter(character: str) -> str:
    """Lower case of one letter, composed; a letter whose lower case is several characters keeps its base.

    >>> fold_letter("Ậ"), fold_letter("Ｆ"), fold_letter("ς")
    ('ậ', 'f', 'σ')
    """
    if character in _LOOKS_LIKE_D:
        return "đ"
    ordinary = unicodedata.normalize("NFC", character)
    if 0xFF00 <= ord(character) <= 0xFF5E:
        ordinary = unicodedata.normalize("NFKC", character)
    lower = ordinary.lower()
    if len(lower) != 1:
        lower = unicodedata.normalize("NFD", lower)[0]
    return "σ" if lower == "ς" else lower


def plain_letter(character: str) -> str:
    """Lower case of one letter without its diacritics.

    >>> plain_letter("Ậ"), plain_letter("Đ"), plain_letter("й")
    ('a', 'd', 'и')
    """
    folded = fold_letter(character)
    if folded == "đ":
        return "d"
    base, *marks = list(unicodedata.normalize("NFD", folded))
    if all(ord(mark) in COMBINING_MARKS for mark in marks):
        return "σ" if base == "ς" else base
    return folded


@cache
def _strip_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(COMBINING_MARKS)
    for point in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000), 0x212A, 0x212B):
        base, *marks = list(unicodedata.normalize("NFD", chr(point)))
        if base.isalpha() and base != chr(point) and all(ord(mark) in COMBINING_MARKS for mark in marks):
            table[point] = base
        elif plain_letter(chr(point)) == "d" and base not in "dD":
            table[point] = "D" if base.isupper() else "d"
    return table


def strip_diacritics(text: str) -> str:
    """Write a text without diacritics: Latin, Greek and Cyrillic letters lose their marks, đ becomes d.

    >>> strip_diacritics("Đường Lê Lợi ngập nặng, café")
    'Duong Le Loi ngap nang, cafe'
    """
    return text if text.isascii() else text.translate(_strip_table())
