"""How people really type: without diacritics, in teencode, misspelt, drawn out, shouted. Pure functions of one phrase.

The tables are in `data/spelling.csv`. Which phrase is typed in which way is chosen in `nhipcau.engine.sample.compose`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import zlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final

STYLES: Final = (
    "plain",
    "unaccented",
    "teencode",
    "teencode-unaccented",
    "misspelt",
    "elongated",
    "shouted",
    "old-tones",
)
"""Ways of typing, in the order of their numbers. `plain` is Vietnamese as in a schoolbook."""

STYLE_SHARES: Final = (0.59, 0.12, 0.09, 0.035, 0.065, 0.045, 0.01, 0.045)
"""Share of the posts in each style: some 15 % carry no diacritics, some 12 % are in teencode, 3 % in both."""

_OLD_TONES: Final = {
    f"{a}{b}": f"{c}{d}" for a, b, c, d in ("oàòa", "oáóa", "oảỏa", "oãõa", "oạọa", "oèòe", "oéóe", "oẻỏe", "oẽõe")
} | {f"{a}{b}": f"{c}{d}" for a, b, c, d in ("oẹọe", "uỳùy", "uýúy", "uỷủy", "uỹũy", "uỵụy")}


def unaccent(text: str) -> str:
    """Take the marks off Vietnamese: what is typed on a keyboard without a Vietnamese input method.

    Examples
    --------
    >>> unaccent("Đường ngập nước quá")
    'Duong ngap nuoc qua'
    """
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if not unicodedata.combining(mark)))


def capitalise(text: str) -> str:
    """Put the first character in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


@cache
def _table(style: str) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    file = resources.files("nhipcau.engine.sample") / "data" / "spelling.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    table = {row["from"]: tuple(row["to"].split("|")) for row in rows if row["style"] == style}
    words = "|".join(re.escape(word) for word in sorted(table, key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), table


def _replaced(text: str, style: str, *, at_most: int = 0) -> str:
    pattern, table = _table(style)

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        choices = table.get(word) or table.get(word.lower())
        if choices is None:
            return word
        # A checksum, not `hash`: the choice must not depend on Python's hash seed.
        chosen = choices[zlib.crc32(f"{word}{match.start()}{text}".encode()) % len(choices)]
        return capitalise(chosen) if word[:1].isupper() and not word.isupper() else chosen

    return pattern.sub(spell, text, count=at_most)


def _old_tones(text: str) -> str:
    for new, old in _OLD_TONES.items():
        # 'hoà' and 'hòa' are both written; only an open syllable takes either, and 'qu' is a consonant.
        text = re.sub(rf"(?<![qQ]){old}(?!\w)", new, text)
    return text


_WRITERS: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda text: text,
    "unaccented": unaccent,
    "teencode": lambda text: _replaced(text, "teencode"),
    "teencode-unaccented": lambda text: unaccent(_replaced(text, "teencode")).lower(),
    "misspelt": lambda text: _replaced(text, "misspelt", at_most=1),
    "elongated": lambda text: _replaced(text, "elongated", at_most=1),
    "shouted": lambda text: text.upper(),
    "old-tones": _old_tones,
}


def spelt(text: str, style: str) -> str:
    """Type the text as someone of that style does; the same text always gives the same result.

    Examples
    --------
    >>> spelt("bao giờ có nước", "unaccented")
    'bao gio co nuoc'
    """
    return _WRITERS[style](text)
