"""One written word at a time: where its tone mark stands, and drawn-out letters. Whole texts: `text.py`.

The kernel has the same two rules in `_words.py`; `tests/engine/cleaning` holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from nhipcau.engine.cleaning.letters import TONED_VOWELS, plain_letter

_LETTER_OF: Final = {vowel_and_tone: letter for letter, vowel_and_tone in TONED_VOWELS.items()}
_SHAPE: Final = re.compile(
    "(?P<onset>qu(?=[aăâeêioôơuưy])|gi(?=[aăâeêioôơuưy])|[^\\Waăâeêioôơuưy\\d_]{0,3})"
    "(?P<vowels>[aăâeêioôơuưy]{1,3})(?P<coda>ch|ng|nh|[ckmnpt]|)"
)
_QUALITY: Final = re.compile("[ăâêôơư]")
_VOWEL: Final = re.compile("[aeiouy]")
_THREE: Final = 3


def _toneless(letter: str) -> tuple[str, int]:
    vowel, tone = TONED_VOWELS.get(letter, (0, 0))
    return (_LETTER_OF[vowel, 0] if vowel else letter), tone


@lru_cache(maxsize=65536)
def place_tone(word: str) -> str:
    """Put the one tone mark of a Vietnamese syllable where state documents write it; other words stay as they are.

    That is the place in *Cộng hòa*, *Khánh Hòa*, *Thanh Hóa* and in the decree on official documents (30/2020/NĐ-CP);
    school books since 2018 write *hoà*. Both come out as one.

    >>> [place_tone(word) for word in ("hoà", "Thuý", "qúy", "gìa", "hòan", "khoẻ", "Zoë")]
    ['hòa', 'Thúy', 'quý', 'già', 'hoàn', 'khỏe', 'Zoë']
    """
    lower = word.lower()
    if len(lower) != len(word):
        return word
    letters, tones = zip(*map(_toneless, lower), strict=True) if lower else ((), ())
    if sum(tone > 0 for tone in tones) != 1:
        return word
    shape = _SHAPE.fullmatch("".join(letters))
    if shape is None:
        return word
    begin, end = shape.span("vowels")
    qualities = [match.start() for match in _QUALITY.finditer("".join(letters), begin, end)]
    target = begin
    if qualities:
        target = qualities[-1]
    elif end - begin == _THREE or (end - begin == _THREE - 1 and shape["coda"]):
        target = begin + 1
    now = next(place for place, tone in enumerate(tones) if tone)
    if now == target:
        return word
    written = list(word)
    for place, tone in ((now, 0), (target, tones[now])):
        letter = _LETTER_OF[TONED_VOWELS[letters[place]][0], tone]
        written[place] = letter.upper() if word[place].isupper() else letter
    return "".join(written)


def _richness(letter: str) -> int:
    if TONED_VOWELS.get(letter.lower(), (0, 0))[1]:
        return 2
    return int(plain_letter(letter) != letter.lower())


def shorten(word: str) -> str:
    """Take three or more of one Latin letter back to one, the one with the most diacritics.

    Left as they are: a Roman number in capitals (XIII), and three of a letter in a word without vowels, which is an
    abbreviation (CCCD, www).

    >>> [shorten(word) for word in ("đẹpppp", "quaaaá", "book", "aaa", "VIII", "CCCD")]
    ['đẹp', 'quá', 'book', 'a', 'VIII', 'CCCD']
    """
    plain = "".join(plain_letter(letter) for letter in word)
    runs: list[tuple[int, int]] = []
    for place, letter in enumerate(plain):
        if runs and plain[runs[-1][0]] == letter and letter.isalpha() and ord(letter) < 0x250:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    longest = max((end - begin for begin, end in runs), default=0)
    if longest < _THREE:
        return word
    if longest == _THREE and (_VOWEL.search(plain) is None or (word.isupper() and set(plain) <= set("ivx"))):
        return word
    return "".join(
        word[begin:end] if end - begin < _THREE else max(word[begin:end], key=_richness) for begin, end in runs
    )


def composed(text: str) -> str:
    """Compose the letters of a text (Unicode NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
