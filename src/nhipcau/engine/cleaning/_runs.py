"""Pieces of the token kernel: marks that join a letter, words of a hashtag, runs without spaces, emoji."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.cleaning._markup import decode, entity, property_of
from nhipcau.engine.cleaning._tables import COMBINING, DIGIT, EMOJI, IGNORED, LETTER, SEPARATOR, UNSPACED, UPPER
from nhipcau.engine.cleaning._typing import Array, Columns, Letters, Number
from nhipcau.engine.cleaning._words import OPTIONS, hash_points
from nhipcau.engine.compiling import njit

_ZERO_WIDTH_JOINER = 0x200D
_REGIONAL_FIRST = 0x1F1E6
_REGIONAL_LAST = 0x1F1FF


@njit(**OPTIONS)
def composed(letter: int, mark: int, composed_from: Array, composed_to: Array) -> Number:
    """Join a letter and a mark; the letter as it was where there is no such letter."""
    key = letter << 16 | mark
    place = np.searchsorted(composed_from, key)
    if place < composed_from.size and composed_from[place] == key:
        return composed_to[place]
    return letter


@njit(**OPTIONS)
def next_property(data: Array, position: int, end: int, tables: Letters) -> Number:
    """Property of the next code point that is neither a mark nor ignored; 0 at the end."""
    while position < end:
        point, size = decode(data, position, end)
        if point == 0x26:
            point, size = entity(data, position, end, tables)
        found = property_of(point, tables.properties)
        if found & 15 != COMBINING and found & 15 != IGNORED:
            return found
        position += size
    return np.int64(0)


@njit(**OPTIONS)
def divides(previous: int, found: int, data: Array, after: int, end: int, tables: Letters) -> bool:
    """Whether a word of a hashtag ends between two letters: ngapNuoc, UBNDTinh, bao3, 30thang."""
    upper = found & UPPER != 0
    previous_upper = previous & UPPER != 0
    if found & 15 == DIGIT:
        return previous & 15 != DIGIT and not previous_upper
    if previous & 15 == DIGIT or (upper and not previous_upper):
        return True
    if upper:
        following = next_property(data, after, end, tables)
        return following & 15 == LETTER and following & UPPER == 0
    return False


@njit(**OPTIONS)
def read_unspaced(
    data: Array, position: int, end: int, base: int, tables: Letters, output: Columns, count: int
) -> tuple[Number, Number]:
    """Overlapping trigrams of code points of a run in a script without spaces; a shorter run is one token."""
    window, window_starts = tables.scratch[:3], tables.scratch[3:6]
    held = 0
    first = count
    word_end = position
    while True:
        kind = np.int64(SEPARATOR)
        size = 1
        if position < end:
            point, size = decode(data, position, end)
            kind = property_of(point, tables.properties) & 15
        if kind == UNSPACED:
            if held == 3:
                window[0], window[1] = window[1], window[2]
                window_starts[0], window_starts[1] = window_starts[1], window_starts[2]
                held = 2
            window[held] = point
            window_starts[held] = position
            held += 1
            word_end = position + size
        runs_on = kind in (UNSPACED, COMBINING, IGNORED)
        if (kind == UNSPACED and held == 3) or (not runs_on and count == first):
            hashed = hash_points(window, held)
            output.plain[count] = hashed
            output.marked[count] = hashed
            output.starts[count] = window_starts[0] - base
            output.ends[count] = word_end - base
            output.flags[count] = 0
            count += 1
        if not runs_on:
            return position, count
        position += size


@njit(**OPTIONS)
def read_emoji(data: Array, position: int, end: int, properties: Array, letters: Array) -> tuple[Number, Number]:
    """One emoji: a flag is two letters; what a joiner ties to the first picture is left out."""
    point, size = decode(data, position, end)
    letters[0] = point
    position += size
    if _REGIONAL_FIRST <= point <= _REGIONAL_LAST:
        if position < end:
            point, size = decode(data, position, end)
            if _REGIONAL_FIRST <= point <= _REGIONAL_LAST:
                letters[1] = point
                return position + size, 2
        return position, 1
    joined = False
    while position < end:
        point, size = decode(data, position, end)
        kind = property_of(point, properties) & 15
        if kind in (IGNORED, COMBINING):
            joined = point == _ZERO_WIDTH_JOINER
        elif kind == EMOJI and joined:
            joined = False
        else:
            break
        position += size
    return position, 1


@njit(**OPTIONS)
def stands_alone(data: Array, start: int, position: int, base: int, end: int, length: int, tables: Letters) -> bool:
    """Whether a word of one or two letters is no part of K-pop, m/s, CX-5, R&B, and one letter none of p.12, :v, 's."""
    if start > base:
        before = data[start - 1]
        if before in (0x2D, 0x2F, 0x26, 0x2B):  # - / & +
            return False
        # . ' ; : = \ and the last byte of a curly apostrophe
        if length == 1 and before in (0x2E, 0x27, 0x3B, 0x3A, 0x3D, 0x5C, 0x99):
            return False
    if position < end:
        after = data[position]
        if length == 1 and after in (0x2A, 0x25, 0xE2):  # * % ’
            return False
        if after in (0x26, 0x2B, 0x2D, 0x2F) or (length == 1 and after in (0x2E, 0x27, 0x3D, 0x5C)):
            following = next_property(data, position + 1, end, tables) & 15
            return following not in (LETTER, DIGIT)
    return True
