"""What the token kernel must know of letters: one packed number for each code point, compositions, entities.

Built from `unicodedata` once a process. The kernel is in `_kernels.py`, the public function in `tokens.py`.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from html.entities import html5
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning._typing import Letters
from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.letters import (
    COMBINING_MARKS,
    TONED_VOWELS,
    VIETNAMESE_LETTERS,
    fold_letter,
    plain_letter,
    strip_diacritics,
)
from nhipcau.engine.cleaning.tags import TAGS

# Classes of code points. The kernel has the same numbers.
SEPARATOR: Final = 0
LETTER: Final = 1
DIGIT: Final = 2
COMBINING: Final = 3
IGNORED: Final = 4
IDEOGRAPH: Final = 5
UNSPACED: Final = 6
EMOJI: Final = 7
SENTENCE_END: Final = 8
SPECIAL: Final = 9
AMPERSAND: Final = 10

# Bits of a packed property beside the class (bits 0 to 3), the Vietnamese vowel (8 to 11), its tone (12 to 14), the
# folded letter (16 to 31) and the plain letter (32 to 47).
UPPER: Final = 1 << 4
VIETNAMESE: Final = 1 << 5
LATIN: Final = 1 << 6
LETTER_BIT: Final = 1 << 7
VOWEL_BIT: Final = 1 << 15

MATHEMATICAL_FIRST: Final = 0x1D400  # "fancy fonts" of social networks; they follow the plane of 65,536
MATHEMATICAL_COUNT: Final = 0x400

_UNSPACED_RANGES = ((0x0E01, 0x0E4E), (0x0E81, 0x0ECE), (0x0EDC, 0x0EDF), (0x1000, 0x109F), (0x1780, 0x17D3))
_IDEOGRAPH_RANGES = ((0x2E80, 0x2FDF), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF))
_LARGE_IDEOGRAPH_RANGES = ((0x3105, 0x312F), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_EMOJI_RANGES = ((0x231A, 0x231B), (0x23E9, 0x23F3), (0x2600, 0x26FF), (0x2700, 0x275A), (0x2763, 0x2767))
_EMOJI_SINGLES = (0x2795, 0x2796, 0x2797, 0x27B0, 0x27BF, 0x2B50, 0x2B55, 0x3297, 0x3299)
_SENTENCE_ENDS = ".!?\n\r…‼⁇⁈⁉。！？｡．។៕؟۔।"
_SPECIALS = "<@#＠＃["

# Two ranks of domain endings: those that make a bare name a link, and those that need a path after them, because
# they are also words that follow a full stop without a space.
_BARE_ENDINGS = "vn com net org info edu gov biz asia xyz online site shop store website"
_PATH_ENDINGS = (
    "me ly co gl be to us uk fr kh la cn jp kr de ru app dev io tv cc link news top club page ai in gg th eu"
)
_BLOCK_TAGS = "p br div li ul ol tr td th table h1 h2 h3 h4 h5 h6 hr blockquote section article header footer title"


def _code_point_class(point: int) -> int:
    character = chr(point)
    category = unicodedata.category(character)
    if point in COMBINING_MARKS:
        return COMBINING
    if character == "&":
        return AMPERSAND
    if character in _SPECIALS:
        return SPECIAL
    if character in _SENTENCE_ENDS:
        return SENTENCE_END
    if any(first <= point <= last for first, last in _EMOJI_RANGES) or point in _EMOJI_SINGLES:
        return EMOJI
    if category == "Cf" or 0xFE00 <= point <= 0xFE0F or point == 0x20E3:
        return IGNORED
    if category == "Nd" or unicodedata.digit(character, -1) >= 0:
        return DIGIT
    if any(first <= point <= last for first, last in _UNSPACED_RANGES):
        return UNSPACED
    if any(first <= point <= last for first, last in _IDEOGRAPH_RANGES):
        return IDEOGRAPH
    if category in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nl"}:
        return LETTER
    return SEPARATOR


def _packed(point: int) -> int:
    kind = _code_point_class(point)
    character = chr(point)
    folded, plain = point, point
    bits = 0
    if kind == DIGIT:
        folded = plain = ord("0") + unicodedata.digit(character)
    elif kind == LETTER:
        folded, plain = ord(fold_letter(character)), ord(plain_letter(character))
        if unicodedata.category(character) in {"Lu", "Lt"}:
            bits |= UPPER
        if chr(folded) in VIETNAMESE_LETTERS:
            bits |= VIETNAMESE
        if plain < 0x250:
            bits |= LATIN
        vowel, tone = TONED_VOWELS.get(chr(folded), (0, 0))
        bits |= vowel << 8 | tone << 12 | LETTER_BIT | (VOWEL_BIT if vowel else 0)
    return kind | bits | folded << 16 | plain << 32


def _properties() -> npt.NDArray[np.int64]:
    points = np.arange(0x10000, dtype=np.int64)
    properties = points << 16 | points << 32
    for first, last in (*_LARGE_IDEOGRAPH_RANGES, (0xF900, 0xFAFF)):
        properties[first : last + 1] |= IDEOGRAPH
    properties[0xAC00:0xD7A4] |= LETTER | LETTER_BIT  # Hangul is written with spaces
    for first, last in ((0x0000, 0x3104), (0x3130, 0x33FF), (0xA000, 0xABFF), (0xFB00, 0xFFFF)):
        properties[first : last + 1] = [_packed(point) for point in range(first, last + 1)]
    mathematical = np.zeros(MATHEMATICAL_COUNT, dtype=np.int64)
    for place in range(MATHEMATICAL_COUNT):
        ordinary = unicodedata.normalize("NFKC", chr(MATHEMATICAL_FIRST + place))
        if len(ordinary) == 1 and ord(ordinary) < 0x10000:
            mathematical[place] = properties[ord(ordinary)]
    return np.concatenate([properties, mathematical])


def _compositions(properties: npt.NDArray[np.int64]) -> dict[int, int]:
    """Find the ways in which one letter and one mark make a composed letter, in any order that Unicode holds equal."""
    found: dict[int, int] = {}
    for point in (*range(0x00C0, 0x0500), *range(0x1E00, 0x2000)):
        if properties[point] & 15 != LETTER or (properties[point] >> 16) & 0xFFFF != point:
            continue
        base, *marks = list(unicodedata.normalize("NFD", chr(point)))
        for place, mark in enumerate(marks):
            rest = unicodedata.normalize("NFC", base + "".join(marks[:place] + marks[place + 1 :]))
            if len(rest) == 1 and unicodedata.normalize("NFC", rest + mark) == chr(point):
                found[ord(rest) << 16 | ord(mark)] = point
    for deprecated, ordinary in ((0x340, 0x300), (0x341, 0x301), (0x343, 0x313)):
        for key, value in list(found.items()):
            if key & 0xFFFF == ordinary:
                found[key & ~0xFFFF | deprecated] = value
    return found


def hash_table(values: dict[int, int], size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Open addressing with linear steps: keys (0 = free) and values, `size` a power of two above twice the entries."""
    keys = np.zeros(size, dtype=np.uint64)
    entries = np.zeros(size, dtype=np.int64)
    for key, value in values.items():
        place = key & (size - 1)
        while keys[place] not in (0, key):
            place = (place + 1) & (size - 1)
        keys[place], entries[place] = key, value
    return keys, entries


def _hashes(words: str) -> npt.NDArray[np.uint64]:
    return np.array(sorted(token_hash(word) for word in words.split()), dtype=np.uint64)


@cache
def tables() -> Letters:
    """Build the tables, at the first call (about 0.1 s)."""
    properties = _properties()
    compositions = sorted(_compositions(properties).items())
    entities = {
        token_hash(name[:-1]): ord(value)
        for name, value in html5.items()
        if name.endswith(";") and len(value) == 1 and len(name) <= 12
    }
    names, values = hash_table(entities, 8192)
    toned = np.zeros((13, 6), dtype=np.int64)
    for letter, (vowel, tone) in TONED_VOWELS.items():
        toned[vowel, tone] = ord(letter)
    return Letters(
        properties=properties,
        composed_from=np.array([key for key, _ in compositions], dtype=np.int64),
        composed_to=np.array([value for _, value in compositions], dtype=np.int64),
        toned=toned,
        entity_names=names,
        entity_values=values,
        bare_endings=_hashes(_BARE_ENDINGS),
        path_endings=_hashes(_PATH_ENDINGS),
        block_tags=_hashes(_BLOCK_TAGS),
        redacted=np.array(sorted(token_hash(strip_diacritics(tag[1:-1])) for tag in TAGS), dtype=np.uint64),
        scratch=np.empty(0, dtype=np.int64),
    )
