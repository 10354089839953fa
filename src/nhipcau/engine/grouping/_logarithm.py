"""A logarithm that a loop takes of many numbers side by side, as it cannot that of the C library. Private."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.grouping._typing import LEAN, Number

EXPONENT_BITS: Final = 23  # IEEE 754 binary32: the fraction is in the bits below
FRACTION: Final = (1 << EXPONENT_BITS) - 1
ONE: Final = 127 << EXPONENT_BITS  # the bits of 1.0
LN_2: Final = np.float32(math.log(2))
ROOT_2: Final = np.float32(math.sqrt(2))
TERMS: Final = tuple(np.float32(2 / power) for power in (1, 3, 5, 7, 9))


@njit(**LEAN)
def log(value: Number) -> Number:
    """Natural logarithm of a float32 of at least 1, to some 1e-7 of it.

    A power of two times a fraction m between √½ and √2, and ln m = 2 artanh((m - 1) / (m + 1)) as its series.
    """
    number = np.float32(value)
    bits = number.view(np.int32)
    fraction = np.int32((bits & FRACTION) | ONE)
    m = fraction.view(np.float32)
    power = np.float32(np.int32((bits - ONE) >> EXPONENT_BITS))
    is_large = m > ROOT_2
    m = m * np.float32(0.5) if is_large else m
    power = power + np.float32(1) if is_large else power
    t = (m - np.float32(1)) / (m + np.float32(1))
    q = t * t
    series = TERMS[0] + q * (TERMS[1] + q * (TERMS[2] + q * (TERMS[3] + q * TERMS[4])))
    return power * LN_2 + t * series
