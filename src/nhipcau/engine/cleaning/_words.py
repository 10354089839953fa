"""One word finished: elongation taken back, tone mark put in its place, both hashes. Kernels only."""

from __future__ import annotations

import numpy as np
from numba import njit

from nhipcau.engine.cleaning._tables import LATIN, LETTER

_OPTIONS = {"cache": True, "nogil": True}
_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_FIRST_FACTOR = np.uint64(0xFF51AFD7ED558CCD)
_SECOND_FACTOR = np.uint64(0xC4CEB9FE1A85EC53)
_THIRTY_THREE = np.uint64(33)

# Vowel numbers of `letters.TONED_VOWELS`: a ă â e ê i o ô ơ u ư y are 1 to 12.
_A, _E, _I, _O, _U, _Y = 1, 4, 6, 7, 10, 12
_QUALITIES = 1 << 2 | 1 << 3 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 11  # ă â ê ô ơ ư


@njit(**_OPTIONS)
def _finalised(value):
    value ^= value >> _THIRTY_THREE
    value *= _FIRST_FACTOR
    value ^= value >> _THIRTY_THREE
    value *= _SECOND_FACTOR
    return value ^ (value >> _THIRTY_THREE)


@njit(**_OPTIONS)
def _with_byte(value, byte):
    return (value ^ np.uint64(byte)) * _FNV_PRIME


@njit(**_OPTIONS)
def hash_points(points, count):
    """`token_hash` of code points."""
    value = _FNV_START
    for place in range(count):
        point = points[place]
        if point < 0x80:
            value = _with_byte(value, point)
        elif point < 0x800:
            value = _with_byte(value, 0xC0 | point >> 6)
            value = _with_byte(value, 0x80 | point & 0x3F)
        elif point < 0x10000:
            value = _with_byte(value, 0xE0 | point >> 12)
            value = _with_byte(value, 0x80 | (point >> 6) & 0x3F)
            value = _with_byte(value, 0x80 | point & 0x3F)
        else:
            value = _with_byte(value, 0xF0 | point >> 18)
            value = _with_byte(value, 0x80 | (point >> 12) & 0x3F)
            value = _with_byte(value, 0x80 | (point >> 6) & 0x3F)
            value = _with_byte(value, 0x80 | point & 0x3F)
    return _finalised(value)


@njit(**_OPTIONS)
def richness(letter, tables):
    """How much a letter of a drawn-out run tells: 2 for a tone, 1 for another diacritic, 0 for none."""
    if letter > 0xFFFF:
        return 0
    found = tables.properties[letter]
    if (found >> 12) & 7:
        return 2
    return 1 if (found >> 32) != letter else 0


@njit(**_OPTIONS)
def _is_abbreviation(word, count, all_upper, tables):
    """Whether three of a letter are no drawing out: a Roman number in capitals (XIII) or no vowels (CCCD, www)."""
    roman = all_upper
    vowels = False
    for place in range(count):
        plain = tables.properties[word[place]] >> 32
        roman = roman and (plain == 0x69 or plain == 0x76 or plain == 0x78)  # i v x
        vowels = vowels or plain in (0x61, 0x65, 0x69, 0x6F, 0x75, 0x79)
    return roman or not vowels


@njit(**_OPTIONS)
def _collapse(word, count, tables):
    """Take three of a letter (more were never stored) back to one, the one that tells most."""
    kept = 0
    place = 0
    while place < count:
        letter = word[place]
        found = tables.properties[letter]
        plain = found >> 32
        length = 1
        if (found & 15) == LETTER and (found & LATIN) != 0:
            while length < 3 and place + length < count:
                if tables.properties[word[place + length]] >> 32 != plain:
                    break
                length += 1
        if length == 3:
            for step in range(1, 3):
                if richness(word[place + step], tables) > richness(letter, tables):
                    letter = word[place + step]
            word[kept] = letter
            kept += 1
        else:
            for step in range(length):
                word[kept] = word[place + step]
                kept += 1
        place += length
    return kept


@njit(**_OPTIONS)
def _is_coda(word, begin, count):
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


@njit(**_OPTIONS)
def place_tone(word, count, tables):
    """Put the one tone mark of a Vietnamese syllable where state documents write it: hòa, thúy, quý, già, hoàn.

    Words of another shape, with no tone or with two, stay as they are.
    """
    begin = 0
    while begin < count and (tables.properties[word[begin]] >> 8) & 15 == 0:
        begin += 1
    if begin > 3 or begin == count:
        return
    tone_place = -1
    tone = np.int64(0)
    for place in range(count):
        found = (tables.properties[word[place]] >> 12) & 7
        if found != 0:
            if tone_place >= 0:
                return
            tone_place = place
            tone = found
    if tone_place < 0:
        return
    if begin == 1 and begin + 1 < count:
        glide = (tables.properties[word[1]] >> 8) & 15
        follows = (tables.properties[word[2]] >> 8) & 15 if count > 2 else 0
        if follows != 0 and ((word[0] == 0x71 and glide == _U) or (word[0] == 0x67 and glide == _I)):
            begin = 2
    length = 0
    quality = -1
    while begin + length < count:
        vowel = (tables.properties[word[begin + length]] >> 8) & 15
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
    word[tone_place] = tables.toned[(tables.properties[word[tone_place]] >> 8) & 15, 0]
    word[target] = tables.toned[(tables.properties[word[target]] >> 8) & 15, tone]


@njit(**_OPTIONS)
def finish_word(word, letters, count, longest, together, all_upper, tables):
    """Both hashes of a word and its length in letters. `letters` is scratch for the word without diacritics."""
    if longest > 3 or (longest == 3 and not _is_abbreviation(word, count, all_upper, tables)):
        count = _collapse(word, count, tables)
    if (together & 0x7000) != 0 or (together & 0x20) != 0:
        place_tone(word, count, tables)
    different = False
    for place in range(count):
        letters[place] = tables.properties[word[place]] >> 32
        different = different or letters[place] != word[place]
    plain = hash_points(letters, count)
    marked = hash_points(word, count) if different else plain
    return plain, marked, count
