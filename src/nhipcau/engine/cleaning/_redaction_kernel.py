"""The look before redaction: which texts may hold personal data, and of what kind, from their bytes alone.

Most texts hold none and are never looked at again. What is found here is only a suspicion; the rules that decide are
in `redaction_numbers.py`, `redaction_addresses.py` and `redaction_links.py`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nhipcau.engine.cleaning._markup import decode, property_of
from nhipcau.engine.cleaning._tables import COMBINING, DIGIT, IGNORED, LETTER, UPPER
from nhipcau.engine.cleaning._typing import Array, Number
from nhipcau.engine.cleaning._words import FNV_START, OPTIONS, finalised, with_point
from nhipcau.engine.compiling import njit

NUMBER = 1
PLATE = 2
AT_SIGN = 4
LINK = 8
ADDRESS = 16
SPOKEN = 32

_LONG_RUN = 6  # digits without a break: accounts, identity numbers; prices are written with points
_LONG_NUMBER = 9  # digits with breaks
_MOST_BREAKS = 3  # spaces, points, hyphens and brackets between two digits of one number
_SPOKEN_DIGITS = 6
_LONGEST_HOUSE = 4
_LONGEST_STREET = 48  # bytes
_LONGEST_WORD = 16


class Suspicions(NamedTuple):
    """Words that make a number suspicious, as hashes without diacritics; arrays are sorted.

    `house_cues` stand before the number of a house, `at` before one whose street follows, `streets` begin the name of
    a street, `quarters` follow the number of a residents' group (`group`), `number_cues` stand before identity numbers,
    `digits` are the number words, `known` pairs of words that begin well-known streets, `areas` begin larger units;
    `number_word` is "số", `flat` the last word of "căn hộ".
    """

    house_cues: Array
    at: Array
    streets: Array
    quarters: Array
    number_cues: Array
    digits: Array
    known: Array
    areas: Array
    number_word: np.uint64
    flat: np.uint64
    group: np.uint64


@njit(**OPTIONS)
def _is_digit(byte: Number) -> Number:
    return 0x30 <= byte <= 0x39


@njit(**OPTIONS)
def _contains(hashes: Array, value: np.uint64) -> Number:
    place = np.searchsorted(hashes, value)
    return place < hashes.size and hashes[place] == value


@njit(**OPTIONS)
def _word_from(data: Array, position: int, end: int, properties: Array) -> tuple[np.uint64, Number, Number]:
    """Hash without case and diacritics of the letters that begin at a position, the position after, their number."""
    value = FNV_START
    count = 0
    while position < end and count < _LONGEST_WORD:
        point, size = decode(data, position, end)
        found = property_of(point, properties)
        if found & 15 == LETTER:
            value = with_point(value, found >> 32)
            count += 1
        elif found & 15 not in (COMBINING, IGNORED):
            break
        position += size
    return finalised(value), position, count


@njit(**OPTIONS)
def _word_before(data: Array, position: int, base: int, properties: Array) -> tuple[np.uint64, Number]:
    """Hash of the word before a position, at most three marks away (0 where there is none), and where it begins."""
    marks = 0
    while position > base and marks < 3 and data[position - 1] in (0x20, 0x3A, 0x2E, 0x2D, 0x3D, 0x0A, 0x2C):
        position -= 1
        marks += 1
    end = position
    letters = 0
    while position > base and letters < _LONGEST_WORD:
        before = position - 1
        while before > base and data[before] & 0xC0 == 0x80:
            before -= 1
        point, _ = decode(data, before, end)
        kind = property_of(point, properties) & 15
        if kind not in (LETTER, COMBINING, IGNORED):
            break
        position = before
        letters += 1
    value, _, count = _word_from(data, position, end, properties)
    return value if count > 0 else np.uint64(0), position


@njit(**OPTIONS)
def _is_plate(data: Array, position: int, end: int) -> bool:
    """Whether what follows two digits may be the rest of a plate: a letter, one more sign, three or more digits."""
    if position < end and data[position] in (0x20, 0x2D, 0x2E):
        position += 1
    if position >= end:
        return False
    if data[position] in (0xC4, 0xC3):  # Đ, and Ð which is typed for it
        position += 2
    elif 0x41 <= data[position] & 0xDF <= 0x5A:
        position += 1
    else:
        return False
    for signs in range(5):
        digits = 0
        while position + digits < end and _is_digit(data[position + digits]):
            digits += 1
        if digits >= 3:
            return True
        if signs == 4 or position >= end:
            break
        byte = data[position]
        if byte in (0xC4, 0xC3):
            position += 1
        elif not (_is_digit(byte) or byte in (0x20, 0x2D, 0x2E) or 0x41 <= byte & 0xDF <= 0x5A):
            break
        position += 1
    return False


@njit(**OPTIONS)
def _spoken_digits(data: Array, position: int, end: int, properties: Array, digit_words: Array) -> Number:
    """Count the number words that follow one another from a position."""
    count = 0
    while position < end and count < _SPOKEN_DIGITS:
        value, after, letters = _word_from(data, position, end, properties)
        if letters == 0 or not _contains(digit_words, value):
            break
        count += 1
        position = after
        marks = 0
        while position < end and marks < 3 and data[position] in (0x20, 0x2C, 0x2D, 0x2E):
            position += 1
            marks += 1
    return count


@njit(**OPTIONS)
def _is_known(data: Array, position: int, end: int, properties: Array, words: Suspicions) -> bool:
    """Whether two words from a position begin the name of a well-known street."""
    first, after, _ = _word_from(data, position, end, properties)
    if after >= end or data[after] != 0x20:
        return False
    second, _, count = _word_from(data, after + 1, end, properties)
    return count > 0 and _contains(words.known, first ^ (second >> np.uint64(1)))


@njit(**OPTIONS)
def _has_area(data: Array, position: int, end: int, properties: Array, words: Suspicions) -> bool:
    """Whether a larger unit (phường, P., xã …) follows a comma or bracket within the length of a street name."""
    last = min(end, position + _LONGEST_STREET)
    while position < last:
        if data[position] in (0x2C, 0x28, 0x2D):
            position += 1
            while position < end and data[position] == 0x20:
                position += 1
            value, _, count = _word_from(data, position, end, properties)
            if count > 0 and _contains(words.areas, value):
                return True
        else:
            position += 1
    return False


@njit(**OPTIONS)
def _is_house(
    data: Array, start: int, after: int, base: int, end: int, digits: int, properties: Array, words: Suspicions
) -> bool:
    """Whether a number may be that of a house, by the words around it."""
    before, begin = _word_before(data, start, base, properties)
    has_number_word = before == words.number_word
    if has_number_word:
        before, _ = _word_before(data, begin, base, properties)
    if before != 0 and _contains(words.house_cues, before):
        return True
    if before == words.flat and has_number_word:
        return True  # căn hộ số 5
    is_part = start > base and data[start - 1] in (0x2F, 0x2D)  # of 12/3, 12-3
    if after < end and data[after] == 0x2F and start > base and data[start - 1] | 0x20 == 0x6B:
        return True  # K12/4
    position = after
    if position < end and 0x41 <= data[position] & 0xDF <= 0x5A:
        position += 1
    marks = 0
    while position < end and marks < 3 and data[position] in (0x20, 0x2C, 0x0A):
        position += 1
        marks += 1
    if marks == 0 or position >= end:
        return False
    point, _ = decode(data, position, end)
    is_capital = property_of(point, properties) & UPPER != 0
    value, _, letters = _word_from(data, position, end, properties)
    if letters == 0:
        return False
    if before == words.group and _contains(words.quarters, value):
        return True
    if not _contains(words.streets, value):
        return False
    if has_number_word or is_part or (before != 0 and _contains(words.at, before)):
        return True
    return is_capital and (
        _is_known(data, position, end, properties, words) or _has_area(data, position, end, properties, words)
    )


@njit(**OPTIONS)
def _number(
    data: Array, position: int, base: int, end: int, properties: Array, words: Suspicions
) -> tuple[Number, Number]:
    """Read a number and its breaks: the position after it, and what it may be."""
    start = position
    digits = 0
    run = 0
    longest = 0
    last_start = position
    has_point = False
    second = np.int64(0)
    breaks = 0
    after = position
    while position < end:
        byte = data[position]
        if _is_digit(byte) or (byte | 0x20 == 0x6F and digits > 0 and breaks == 0):  # o stands for 0
            if digits == 1:
                second = np.int64(byte)
            if breaks > 0:
                run = 0
                last_start = position
            digits += 1
            run += 1
            breaks = 0
            longest = max(longest, run)
            position += 1
            after = position
        elif byte in (0x20, 0x2E, 0x2D, 0x28, 0x29) and breaks < _MOST_BREAKS:
            has_point = has_point or byte == 0x2E
            breaks += 1
            position += 1
        elif byte in (0xE2, 0xC2, 0xEF) and breaks < _MOST_BREAKS:  # dashes, hard spaces, invisible characters
            point, size = decode(data, position, end)
            if property_of(point, properties) & 15 != IGNORED:
                if point not in (0xA0, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x202F):
                    break
                breaks += 1
            position += size
        else:
            break
    found = 0
    domestic = data[start] == 0x30 or (data[start] == 0x38 and second == 0x34)
    if longest >= _LONG_RUN or (digits >= _LONG_NUMBER and (domestic or not has_point)):
        found |= NUMBER
    elif digits >= _LONG_NUMBER:
        before, _ = _word_before(data, start, base, properties)
        if before != 0 and _contains(words.number_cues, before):
            found |= NUMBER
    if run == 2 and _is_plate(data, after, end):
        found |= PLATE
    if start > base and 0x41 <= data[start - 1] & 0xDF <= 0x5A:
        letter = start - 1
        if letter > base and 0x41 <= data[letter - 1] & 0xDF <= 0x5A:
            letter -= 1
        before, _ = _word_before(data, letter, base, properties)
        if before == words.flat:
            found |= ADDRESS  # căn hộ A12.05
    if run <= _LONGEST_HOUSE and _is_house(data, last_start, after, base, end, run, properties, words):
        found |= ADDRESS
    return after, found


@njit(**OPTIONS)
def suspect(data: Array, rows: Array, interesting: Array, properties: Array, words: Suspicions, found: Array) -> None:
    """Fill `found` (uint8[n]) with the kinds of personal data that each text may hold; `rows` are byte offsets.

    `interesting`: bool[256], bytes to stop at.
    """
    for row in range(rows.size - 1):
        base = rows[row]
        end = rows[row + 1]
        position = base
        kinds = 0
        while position < end:
            byte = data[position]
            if not interesting[byte]:
                position += 1
            elif _is_digit(byte):
                position, more = _number(data, position, base, end, properties, words)
                kinds |= more
            elif byte == 0x40:
                position += 1
                if position < end and (data[position] > 0x7F or data[position] == 0x5F or data[position] >= 0x30):
                    kinds |= AT_SIGN
            elif byte == 0x2F:
                dot = position - 4 if position - 4 >= base and data[position - 4] == 0x2E else position - 3
                if dot > base and data[dot] == 0x2E and data[position - 1] | 0x20 in (0x6D, 0x65, 0x74):
                    kinds |= LINK
                position += 1
            elif byte | 0x20 == 0x6B:
                follows = position + 1 < end and data[position + 1] | 0x20 == 0x68
                begins = follows and (position == base or data[position - 1] <= 0x40)
                if begins and _spoken_digits(data, position, end, properties, words.digits) >= _SPOKEN_DIGITS:
                    kinds |= SPOKEN
                position += 1
            else:
                point, size = decode(data, position, end)
                if property_of(point, properties) & 15 == DIGIT:
                    kinds |= NUMBER | PLATE | ADDRESS  # ０９: rare enough to look at closely
                elif point == 0xFF20:
                    kinds |= AT_SIGN
                position += size
        found[row] = kinds
