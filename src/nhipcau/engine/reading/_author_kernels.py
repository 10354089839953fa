"""Compiled: SipHash-2-4 over the strings of an Arrow array.

Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with 64 bits of output.
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit


@njit(cache=True, nogil=True)
def _round(v0, v1, v2, v3):  # type: ignore[no-untyped-def]
    v0 = v0 + v1
    v2 = v2 + v3
    v1 = ((v1 << np.uint64(13)) | (v1 >> np.uint64(51))) ^ v0
    v3 = ((v3 << np.uint64(16)) | (v3 >> np.uint64(48))) ^ v2
    v0 = (v0 << np.uint64(32)) | (v0 >> np.uint64(32))
    v2 = v2 + v1
    v0 = v0 + v3
    v1 = ((v1 << np.uint64(17)) | (v1 >> np.uint64(47))) ^ v2
    v3 = ((v3 << np.uint64(21)) | (v3 >> np.uint64(43))) ^ v0
    v2 = (v2 << np.uint64(32)) | (v2 >> np.uint64(32))
    return v0, v1, v2, v3


@njit(cache=True, nogil=True)
def hash_strings(data, offsets, first_half, second_half, out):  # type: ignore[no-untyped-def]
    """Write SipHash-2-4 of every string under the key of two little-endian halves."""
    for row in range(offsets.shape[0] - 1):
        start, end = offsets[row], offsets[row + 1]
        v0 = first_half ^ np.uint64(0x736F6D6570736575)
        v1 = second_half ^ np.uint64(0x646F72616E646F6D)
        v2 = first_half ^ np.uint64(0x6C7967656E657261)
        v3 = second_half ^ np.uint64(0x7465646279746573)
        word = np.uint64(0)
        filled = 0
        for position in range(start, end):
            word |= np.uint64(data[position]) << np.uint64(8 * filled)
            filled += 1
            if filled == 8:
                v3 ^= word
                v0, v1, v2, v3 = _round(v0, v1, v2, v3)
                v0, v1, v2, v3 = _round(v0, v1, v2, v3)
                v0 ^= word
                word = np.uint64(0)
                filled = 0
        word |= np.uint64((end - start) & 255) << np.uint64(56)
        v3 ^= word
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
        v2 ^= np.uint64(0xFF)
        for _ in range(4):
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        out[row] = v0 ^ v1 ^ v2 ^ v3
