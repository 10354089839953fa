"""The words that grouping compares: token hashes without diacritics, English endings taken off.

Tokens come from `nhipcau.engine.cleaning.tokens`; what is done with the words is in `grouper`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nhipcau.engine.cleaning.tokens import Tokens, utf8_buffers
from nhipcau.engine.compiling import njit


@njit(cache=True, nogil=True)
def _stems(plain, offsets, starts, ends, data, text_offsets):  # type: ignore[no-untyped-def]
    """Hash anew the words that are plain ASCII and end as English words do; all others keep their hash."""
    words = plain.copy()
    for post in range(offsets.shape[0] - 1):
        base = text_offsets[post]
        for token in range(offsets[post], offsets[post + 1]):
            begin = base + starts[token]
            stop = base + ends[token]
            length = stop - begin
            if length < 4 or length > 40:
                continue
            last = data[stop - 1] | 32
            if last != 115 and last != 103 and last != 100:  # s, g, d
                continue
            is_plain = True
            for at in range(begin, stop):
                letter = data[at] | 32
                if letter < 97 or letter > 122:
                    is_plain = False
                    break
            if not is_plain:
                continue
            cut = stop
            before = data[stop - 2] | 32
            if last == 115 and before != 115 and before != 117 and before != 105:  # not ss, us, is
                cut -= 1
                last = before
                before = data[cut - 2] | 32
            if cut - begin >= 6 and last == 103 and before == 110 and data[cut - 3] | 32 == 105:  # ing
                cut -= 3
            elif cut - begin >= 5 and last == 100 and before == 101:  # ed
                cut -= 2
            if cut == stop:
                continue
            value = np.uint64(14695981039346656037)
            for at in range(begin, cut):
                value = (value ^ np.uint64(data[at] | 32)) * np.uint64(1099511628211)
            value ^= value >> np.uint64(33)
            value *= np.uint64(0xFF51AFD7ED558CCD)
            value ^= value >> np.uint64(33)
            value *= np.uint64(0xC4CEB9FE1A85EC53)
            value ^= value >> np.uint64(33)
            words[token] = value
    return words


def words_of(tokens: Tokens, texts: pa.Array) -> NDArray[np.uint64]:
    """Hash of each token for comparing, uint64[m]: without diacritics, without the endings -s, -ing and -ed.

    No Vietnamese syllable ends so; the endings go only from words of plain Latin letters.
    """
    data, text_offsets = utf8_buffers(texts)
    words: NDArray[np.uint64] = _stems(tokens.plain, tokens.offsets, tokens.starts, tokens.ends, data, text_offsets)
    return words
