"""One word finished: elongation taken back, tone mark put in its place, both hashes. Kernels only."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.cleaning._tables import LATIN, LETTER
from nhipcau.engine.cleaning._typing import Array, Number
from nhipcau.engine.compiling import njit

# Kernels of this package allocate nothing: with reference counts off (`_nrt`) an array costs nothing to pass on, which
# is half of the time of a loop over single letters.
OPTIONS = {"cache": True, "nogil": True, "_nrt": False}
FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_FIRST_FACTOR = np.uint64(0xFF51AFD7ED558CCD)
_SECOND_FACTOR = np.uint64(0xC4CEB9FE1A85EC53)
_THIRTY_THREE = np.uint64(33)

# Vowel numbers of `letters.TONED_VOWELS`: a ă â e ê i o ô ơ u ư y are 1 to 12.
_A, _E, _I, _O, _U, _Y = 1, 4, 6, 7, 10, 12
_QUALITIES = 1 << 2 | 1 << 3 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 11  # ă â ê ô ơ ư


@njit(**OPTIONS)
def finalised(value: np.uint64) -> np.uint64:
    value ^= value >> _THIRTY_THREE
    value *= _FIRST_FACTOR
    value ^= value >> _THIRTY_THREE
    value *= _SECOND_FACTOR
    return value ^ (value >> _THIRTY_THREE)


@njit(**OPTIONS)
def with_byte(value: np.uint64, byte: int) -> np.uint64:
    return (value ^ np.uint64(byte)) * _FNV_PRIME


@njit(**OPTIONS)
def with_point(value: np.uint64, point: int) -> np.uint64:
    """Hash one more code point, as its UTF-8 bytes."""
    if point < 0x80:
        return with_byte(value, point)
    if point < 0x800:
        return with_byte(with_byte(value, 0xC0 | point >> 6), 0x80 | point & 0x3F)
    if point < 0x10000:
        value = with_byte(value, 0xE0 | point >> 12)
    else:
        value = with_byte(value, 0xF0 | point >> 18)
        value = with_byte(value, 0x80 | (point >> 12) & 0x3F)
    return with_byte(with_byte(value, 0x80 | (point >> 6) & 0x3F), 0x80 | point & 0x3F)


@njit(**OPTIONS)
def hash_points(points: Array, count: int) -> np.uint64:
    """Hash code points as `token_hash` does."""
    value = FNV_START
    for place in range(count):
        value = with_point(value, points[place])
    return finalised(value)


@njit(**OPTIONS)
def richness(letter: int, properties: Array) -> Number:
    """How much a letter of a drawn-out run tells: 2 for a tone, 1 for another diacritic, 0 for none."""
    if letter > 0xFFFF:
        return 0
    found = properties[letter]
    if (found >> 12) & 7:
        return 2
    return 1 if (found >> 32) != letter else 0


@njit(**OPTIONS)
def _is_abbreviation(word: Array, count: int, all_upper: Number, properties: Array) -> bool:
    """Whether three of a letter are no drawing out: a Roman number in capitals (XIII) or no vowels (CCCD, www)."""
    roman = all_upper
    vowels = False
    for place in range(count):
        plain = properties[word[place]] >> 32
        roman = roman and (plain == 0x69 or plain == 0x76 or plain == 0x78)  # i v x
        vowels = vowels or plain in (0x61, 0x65, 0x69, 0x6F, 0x75, 0x79)
    return roman or not vowels


@njit(**OPTIONS)
def _collapse(word: Array, count: int, properties: Array) -> Number:
    """Take three of a letter (more were never stored) back to one, the one that tells most."""
    kept = 0
    place = 0
    while place < count:
        letter = word[place]
        found = properties[letter]
        plain = found >> 32
        length = 1
        if (found & 15) == LETTER and (found & LATIN) != 0:
            while length < 3 and place + length < count:
                if properties[word[place + length]] >> 32 != plain:
                    break
                length += 1
        if length == 3:
            for step in range(1, 3):
                if richness(word[place + step], properties) > richness(letter, properties):
                    letter = word[place + step]
            word[kept] = letter
            kept += 1
        else:
            for step in range(length):
                word[kept] = word[place + step]
                kept += 1
        place += length
    return kept


@njit(**OPTIONS)
def _is_coda(word: Array, begin: int, count: int) -> bool:
    """Whether the rest of the word can end a Vietnamese syllable: c ch k m n ng nh p t, or nothing."""
    length = count - begin
    if length == 0:
        return True
    last = word[count - 1]
    if length == 1:
        return last in (0x63, 0x6B, 0x6D, 0x6E, 0x70, 0x74)
    if length == 2:
        return (word[begin] == 0x6E and (last == 0x67 or last == 0x68)) or (word[begin] == 0x63 and last == 0x68)
    return False


@njit(**OPTIONS)
def place_tone(word: Array, count: int, properties: Array, toned: Array) -> None:
    """Put the one tone mark of a Vietnamese syllable where state documents write it: hòa, thúy, quý, già, hoàn.

    Words of another shape, with no tone or with two, stay as they are.
    """
    begin = 0
    while begin < count and (properties[word[begin]] >> 8) & 15 == 0:
        begin += 1
    if begin > 3 or begin == count:
        return
    for place in range(begin):
        if properties[word[place]] & 15 != LETTER:
            return
    tone_place = -1
    tone = np.int64(0)
    for place in range(count):
        found = (properties[word[place]] >> 12) & 7
        if found != 0:
            if tone_place >= 0:
                return
            tone_place = place
            tone = found
    if tone_place < 0:
        return
    if begin == 1 and begin + 1 < count:
        glide = (properties[word[1]] >> 8) & 15
        follows = (properties[word[2]] >> 8) & 15 if count > 2 else 0
        if follows != 0 and ((word[0] == 0x71 and glide == _U) or (word[0] == 0x67 and glide == _I)):
            begin = 2
    length = 0
    quality = -1
    while begin + length < count:
        vowel = (properties[word[begin + length]] >> 8) & 15
        if vowel == 0:
            break
        if (_QUALITIES >> vowel) & 1:
            quality = begin + length
        length += 1
    if length > 3 or not _is_coda(word, begin + length, count):
        return
    target = begin
    if quality >= 0:
        target = quality
    elif length == 3 or (length == 2 and begin + length < count):
        target = begin + 1
    if target == tone_place:
        return
    word[tone_place] = toned[(properties[word[tone_place]] >> 8) & 15, 0]
    word[target] = toned[(properties[word[target]] >> 8) & 15, tone]


@njit(**OPTIONS)
def finish_word(
    word: Array, letters: Array, count: int, longest: int, all_upper: Number, properties: Array, toned: Array
) -> tuple[np.uint64, np.uint64, Number]:
    """Both hashes of a word that needs a second look, and its length in letters; `letters` is scratch."""
    if longest > 3 or (longest == 3 and not _is_abbreviation(word, count, all_upper, properties)):
        count = _collapse(word, count, properties)
    place_tone(word, count, properties, toned)
    for place in range(count):
        letters[place] = properties[word[place]] >> 32
    return hash_points(letters, count), hash_points(word, count), count
