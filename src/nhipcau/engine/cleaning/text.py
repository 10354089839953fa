"""Texts as people read them: composed letters, tone marks in place, no markup. For tokens see `tokens.py`."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

import pyarrow as pa

from nhipcau.engine.cleaning.letters import VIETNAMESE_LETTERS, strip_diacritics
from nhipcau.engine.cleaning.syllables import composed, place_tone, shorten

_TAG: Final = re.compile(r"<[/!?]?[^\W\d_][^<>]*>")
_OPENING: Final = re.compile(r"<!--|<(script|style)\b[^<>]*>", re.IGNORECASE)
_ONLY_VIETNAMESE: Final = re.compile(
    f"[{''.join(sorted(VIETNAMESE_LETTERS - set('àáâãèéêìíòóôõùúý')))}]", re.IGNORECASE
)
_TWO_VOWELS: Final = re.compile(r"[^\W\d_]*[aàáảãạeèéẻẽẹiìíỉĩịoòóỏõọuùúủũụyỳýỷỹỵ]{2}[^\W\d_]*", re.IGNORECASE)
# Without a letter of that kind only what no French or Portuguese word has: hoà, khoẻ, thuý.
_SURELY_MISPLACED: Final = re.compile(r"[^\W\d_]*(?:o[àảãạèẻẽẹ]|u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
_DRAWN_OUT: Final = re.compile(r"([a-z])\1\1", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
_SPACES: Final = re.compile(r"\s+")
_KEPT_JOINERS: Final = "\u200c\u200d"  # Persian, Indic scripts and composed emoji need them
_LOOSE_JOINERS: Final = re.compile(r"(?<=[\s\w])[\u200c\u200d]+(?=[a-zA-Z\s])|^[\u200c\u200d]+|[\u200c\u200d]+$")


def has_diacritics(text: str) -> bool:
    """Whether a Vietnamese diacritic is in the text, composed or not.

    >>> has_diacritics("ngập"), has_diacritics("ngap")
    (True, False)
    """
    if text.isascii():
        return False
    return not VIETNAMESE_LETTERS.isdisjoint(composed(text).lower())


def _without_hidden(text: str) -> str:
    """Drop comments, scripts and styles that are closed; one look for each closing mark."""
    parts: list[str] = []
    place = 0
    unclosed: set[str] = set()
    lower = text.lower() if len(text.lower()) == len(text) else text
    for match in _OPENING.finditer(text):
        closing = f"</{match[1].lower()}" if match[1] else "-->"
        if match.start() < place or closing in unclosed:
            continue
        found = lower.find(closing, match.end())
        if found < 0:
            unclosed.add(closing)
            continue
        end = text.find(">", found)
        if end < 0:
            break
        parts.append(text[place : match.start()])
        place = end + 1
    return " ".join([*parts, text[place:]])


def _keeps(character: str) -> bool:
    if character in _KEPT_JOINERS or character.isspace():
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def normalize(text: str) -> str:
    """Make a text for people to read, in one line: NFC, no markup, no control characters, drawn-out letters shortened.

    The tone mark is put where state documents write it (see `syllables.place_tone`), in texts that have a Vietnamese
    letter which no other language has; French and Portuguese stay as they are.

    >>> normalize("<b>Khánh  Hoà</b> m&#432;a to quaaaá&nbsp;!!!")
    'Khánh Hòa mưa to quá !!!'
    """
    if "<" in text:
        text = _TAG.sub(" ", _without_hidden(text))
    if "&" in text:
        text = html.unescape(text.replace("&amp;", "&"))
    if not text.isprintable() or not text.isascii():
        text = composed("".join(filter(_keeps, text)))
        text = _LOOSE_JOINERS.sub("", text)
    if _DRAWN_OUT.search(strip_diacritics(text)):
        text = _LETTERS.sub(lambda match: shorten(match[0]), text)
    if not text.isascii():
        misplaced = _TWO_VOWELS if _ONLY_VIETNAMESE.search(text) else _SURELY_MISPLACED
        # a mark that stood behind another one may join the letter that is free now
        text = composed(misplaced.sub(lambda match: place_tone(match[0]), text))
    return _SPACES.sub(" ", text).strip()


def normalize_all(texts: pa.Array) -> pa.Array:
    """`normalize` for every text of an Arrow array; null stays null.

    >>> normalize_all(pa.array(["Thanh  Hoá", None])).to_pylist()
    ['Thanh Hóa', None]
    """
    return pa.array(
        (None if text is None else normalize(text) for text in texts.to_pylist()), type=pa.string(), size=len(texts)
    )
