"""Words that were met before, by their bytes: most words of a text need no second look at their letters.

What a word becomes depends on its bytes alone where a plain ASCII character ends it; `_kernels.py` learns it here the
first time and asks here from then on. A newer word takes the place of an older one, so the memory does not grow.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning._typing import Array, Number
from nhipcau.engine.cleaning._words import OPTIONS
from nhipcau.engine.compiling import njit

LONGEST_RUN = 16
"""Bytes of a word that can be remembered; the longest Vietnamese syllable has twelve."""
_SLOTS: Final = 1 << 14
_SHIFT = np.uint64(50)  # 64 less the bits of a slot
_FIRST_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SECOND_FACTOR = np.uint64(0xC2B2AE3D27D4EB4F)

_ONE = np.uint64(1)
_LAST_BYTE = np.uint64(56)
_SEVEN_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
_CASE_BITS = np.uint64(0x2020202020202020)
_TOP_BITS = np.uint64(0x8080808080808080)
_LOW_BITS = np.uint64(0x0101010101010101)
_FROM_A = np.uint64(0x1F1F1F1F1F1F1F1F)
_AFTER_Z = np.uint64(0x0505050505050505)

OTHER_BYTE, WORD_BYTE, ENDING_BYTE, POINT_BYTE = 0, 1, 2, 3


class Seen(NamedTuple):
    """The memory of one thread and one lexicon.

    `kinds`: uint8[256], what a byte is to a word. `words`: uint64[16384, 5], a row a word: its bytes in two halves
    (0 = free), its hashes plain and marked, its flags and, times 256, its letters.
    """

    kinds: npt.NDArray[np.uint8]
    words: npt.NDArray[np.uint64]


def nothing_seen() -> Seen:
    """Make an empty memory."""
    kinds = np.full(256, ENDING_BYTE, np.uint8)
    kinds[[*b"0123456789&"]] = OTHER_BYTE  # a digit or an entity may go on with the word
    kinds[[*b".:"]] = POINT_BYTE  # a link may follow
    kinds[[*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x80, 0x100)]] = WORD_BYTE
    return Seen(kinds, np.zeros((_SLOTS, 5), np.uint64))


@njit(**OPTIONS)
def _letters_in(eight: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Count the bytes of a word in front of eight bytes (the first is the lowest), and mask them.

    Bytes of a word are letters of ASCII and whatever is wide. All eight are looked at in one number, without a branch:
    adding to seven bits carries into the eighth where a byte is large enough.
    """
    small = (eight & _SEVEN_BITS) | _CASE_BITS
    letters = (small + _FROM_A) & ~(small + _AFTER_Z)
    others = ~(letters | eight) & _TOP_BITS
    # The lowest bit of the first other byte less one is all that is below it; with no other byte, everything.
    mask = ((others & (~others + _ONE)) >> np.uint64(7)) - _ONE
    return (mask & _LOW_BITS) * _LOW_BITS >> _LAST_BYTE, mask


@njit(**OPTIONS)
def run_from(data: Array, eights: Array, position: int, end: int, kinds: Array) -> tuple[Number, np.uint64, np.uint64]:
    """Read the run of letters from a position: where it ends, and its bytes; none where it cannot be known.

    A run ends at a plain character after which the word surely does not go on and no link comes. `eights` is `data`,
    eight bytes a number.
    """
    low = np.uint64(0)
    high = np.uint64(0)
    block = position >> 3
    if block + 2 >= eights.size or position + LONGEST_RUN >= end:
        place: Number = position
        shift = np.uint64(0)
        while place < end and place < position + LONGEST_RUN and kinds[data[place]] == WORD_BYTE:
            if place < position + 8:
                low |= np.uint64(data[place]) << shift
            else:
                high |= np.uint64(data[place]) << shift
            shift = (shift + np.uint64(8)) & np.uint64(63)
            place += 1
    else:
        right = np.uint64(position & 7) << np.uint64(3)
        left = np.uint64(63) - right
        middle = eights[block + 1]
        low = eights[block] >> right | middle << _ONE << left
        high = middle >> right | eights[block + 2] << _ONE << left
        size, mask = _letters_in(low)
        more, other_mask = _letters_in(high)
        is_full = size >> np.uint64(3)
        low &= mask
        high &= other_mask & (np.uint64(0) - is_full)
        place = position + np.int64(size + more * is_full)
    if place < end:
        kind = kinds[data[place]]
        if kind != ENDING_BYTE:
            if kind != POINT_BYTE:
                return place, np.uint64(0), high
            if place + 1 < end:
                after = data[place + 1]
                if data[place] == 0x3A:
                    if after == 0x2F:
                        return place, np.uint64(0), high
                elif kinds[after] < ENDING_BYTE or after == 0x2D or after == 0x5F:
                    return place, np.uint64(0), high
    return place, low, high


@njit(**OPTIONS)
def slot_of(low: np.uint64, high: np.uint64) -> np.uint64:
    """Where a word is remembered."""
    return ((low ^ (high * _SECOND_FACTOR)) * _FIRST_FACTOR) >> _SHIFT
