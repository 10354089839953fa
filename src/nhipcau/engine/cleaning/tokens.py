"""Texts cut into tokens, as hashes in columns: `tokenize` and its result. The kernel is in `_kernels.py`.

What counts as a token is written at `tokenize`; redaction comes before it and is elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nhipcau.engine.cleaning._typing import Columns
from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.reading.arrays import read_only

__all__ = [
    "CAPITAL",
    "EMOJI",
    "ENDS_SENTENCE",
    "HASHTAG",
    "MARKED",
    "NUMBER",
    "Lexicon",
    "Tokens",
    "token_hash",
    "tokenize",
]

NUMBER: Final = 1
HASHTAG: Final = 2
EMOJI: Final = 4
ENDS_SENTENCE: Final = 8
CAPITAL: Final = 16
MARKED: Final = 32


@dataclass(frozen=True)
class Tokens:
    """The tokens of n texts, m in all, in columns.

    Parameters
    ----------
    offsets
        int64[n + 1]; the tokens of text i are `offsets[i]` to `offsets[i + 1]`.
    plain
        uint64[m], `token_hash` of the word in lower case without diacritics.
    marked
        uint64[m], the same with diacritics, the tone mark where `normalize` puts it.
    starts, ends
        int32[m], byte positions of the token in its own text (UTF-8). The words of a written-out abbreviation share
        the position of the abbreviation.
    flags
        uint8[m], a sum of `NUMBER`, `HASHTAG`, `EMOJI`, `ENDS_SENTENCE`, `CAPITAL` (first letter) and `MARKED` (written
        with Vietnamese diacritics).
    """

    offsets: npt.NDArray[np.int64]
    plain: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.offsets) - 1


def utf8_buffers(texts: pa.Array | pa.ChunkedArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Give the bytes of an Arrow string array and the offsets of its texts in them, int64[n + 1]; null is empty.

    The bytes are always read-only: for those that are not, kernels would be compiled a second time.
    """
    if isinstance(texts, pa.ChunkedArray):
        if texts.num_chunks == 1:
            texts = texts.chunk(0)
        else:
            texts = pa.concat_arrays(
                [chunk.cast(pa.large_string()) for chunk in texts.chunks] or [pa.array([], pa.string())]
            )
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    width = np.int32 if pa.types.is_string(texts.type) else np.int64
    _, offsets_buffer, data_buffer = texts.buffers()
    if len(texts) == 0:
        return read_only(np.empty(0, dtype=np.uint8)), np.zeros(1, dtype=np.int64)
    offsets = np.frombuffer(offsets_buffer, dtype=width)[texts.offset : texts.offset + len(texts) + 1]
    data = np.empty(0, dtype=np.uint8) if data_buffer is None else np.frombuffer(data_buffer, dtype=np.uint8)
    return read_only(data), offsets.astype(np.int64)


def tokenize(texts: pa.Array | pa.ChunkedArray, *, lexicon: Lexicon) -> Tokens:
    """Cut texts into tokens.

    A token is a run of letters and digits. Case, Unicode composition, the place of the tone mark and drawn-out
    letters (three or more of one, đẹpppp) do not matter. `1.200.000` and `3,5` are one number. Words are also cut at
    apostrophes and hyphens. A Chinese character or Japanese kana is a token; a run of Thai, Lao, Khmer or Burmese,
    which are written without spaces, gives overlapping trigrams of code points. An emoji is a token, skin tones,
    joiners and variation selectors put aside. A hashtag is a token with a flag, cut at an underscore, at a capital
    and between letters and digits (#NgapNuoc). Links, e-mail addresses, mentions, HTML tags, comments and scripts, and
    the tags of `redact` give no token; HTML entities count as their characters; invisible characters count as
    nothing. In a Vietnamese post the lexicon writes teencode and abbreviations out (`dc` gives `được`, `ubnd` four
    tokens); other languages are left as they are.

    A text and the same text without diacritics (`strip_diacritics`) have the same `plain`.

    Parameters
    ----------
    texts
        Arrow `string` or `large_string`, chunked or not; null counts as empty.
    lexicon
        What is written out, see `Lexicon.load`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tokens = tokenize(pa.array(["Hoà Bình", "hoa binh"]), lexicon=Lexicon.load())
    >>> bool((tokens.plain[:2] == tokens.plain[2:]).all()), bool(tokens.marked[0] == token_hash("hòa"))
    (True, True)

    Notes
    -----
    One pass over the bytes without the interpreter lock: callers may cut different batches in threads. 25 bytes of
    result a token, and up to twice that while it works.
    """
    from nhipcau.engine.cleaning._kernels import LONGEST_WORD, tokenize_rows
    from nhipcau.engine.cleaning._tables import tables

    data, rows = utf8_buffers(texts)
    if data.ctypes.data % 8:
        data = read_only(data.copy())
    eights = data[: len(data) & ~7].view(np.uint64)
    longest = int(np.diff(rows).max(initial=0))
    offsets = np.zeros(len(rows), dtype=np.int64)
    output = _columns(offsets, int(rows[-1] - rows[0]) // 4 + longest + 1024)
    scratch = np.empty((2, LONGEST_WORD), dtype=np.int64)
    letters = tables()._replace(scratch=np.empty(LONGEST_WORD, dtype=np.int64))  # each thread needs its own
    seen = lexicon.seen()
    row, count = 0, 0
    while True:
        row, count = tokenize_rows(data, eights, rows, row, letters, lexicon.tables, seen, output, count, scratch)
        if row == len(rows) - 1:
            break
        larger = _columns(offsets, 2 * len(output.plain) + 16 * longest)
        for name in ("plain", "marked", "starts", "ends", "flags"):
            getattr(larger, name)[:count] = getattr(output, name)[:count]
        output = larger
    return Tokens(
        offsets=offsets,
        plain=output.plain[:count],
        marked=output.marked[:count],
        starts=output.starts[:count],
        ends=output.ends[:count],
        flags=output.flags[:count],
    )


def _columns(offsets: npt.NDArray[np.int64], size: int) -> Columns:
    return Columns(
        offsets=offsets,
        plain=np.empty(size, dtype=np.uint64),
        marked=np.empty(size, dtype=np.uint64),
        starts=np.empty(size, dtype=np.int32),
        ends=np.empty(size, dtype=np.int32),
        flags=np.empty(size, dtype=np.uint8),
    )
