"""Between Arrow arrays and the NumPy views that compiled code takes. Nothing here knows what a post is.

Buffers are wrapped by hand: `pa.array` and `to_numpy` import pandas where it is installed, which takes half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


def read_only(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Let nobody write: compiled code is another for arrays that may be written, and takes long to be made."""
    values.flags.writeable = False
    return values


def string_buffers(values: pa.StringArray) -> tuple[Offsets, Bytes]:
    """View the offsets, shape (n + 1,), and the bytes that they point into, without a copy."""
    if not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    if len(values) == 0:
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    _, offsets, data = values.buffers()
    positions = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    return positions, np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)


def validity_of(values: pa.Array) -> Mask:
    """Where `values` is not null, shape (n,)."""
    bitmap = values.buffers()[0]
    if pa.types.is_null(values.type):
        return np.zeros(len(values), np.bool_)
    return np.ones(len(values), np.bool_) if bitmap is None else _bits(bitmap, values.offset, len(values))


def mask_of(flags: pa.BooleanArray) -> Mask:
    """Where `flags` is true, shape (n,); null is not."""
    return _bits(flags.buffers()[1], flags.offset, len(flags)) & validity_of(flags)


def flag_array(mask: Mask) -> pa.BooleanArray:
    """Wrap a mask as an Arrow array."""
    return pa.BooleanArray.from_buffers(pa.bool_(), len(mask), [None, _bitmap(mask)])


def number_array(values: npt.NDArray[Any], kind: pa.DataType, valid: npt.NDArray[Any] | None = None) -> pa.Array:
    """Wrap numbers as an Arrow array of a type of the same width; `valid` is nonzero where a row is not null."""
    bitmap = None if valid is None or valid.all() else _bitmap(valid)
    return pa.Array.from_buffers(kind, len(values), [bitmap, pa.py_buffer(values)])


def text_array(texts: Sequence[str | None]) -> pa.StringArray:
    """Make an Arrow array of texts."""
    raw = [text.encode() if text is not None else b"" for text in texts]
    offsets = np.cumsum([0, *map(len, raw)], dtype=np.int32)
    valid = np.array([text is not None for text in texts], np.bool_)
    return string_array(offsets, np.frombuffer(b"".join(raw), np.uint8), valid)


def numbers_of(values: pa.Array) -> npt.NDArray[np.int64]:
    """View an array of 64 bits a value as whole numbers, shape (n,); what stands where a row is null means nothing."""
    return np.frombuffer(values.buffers()[1], np.int64, len(values), values.offset * 8)


def repeated(text: str, count: int) -> pa.StringArray:
    """Repeat a text."""
    raw = text.encode()
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(len(raw))
    return string_array(offsets, np.frombuffer(raw * count, np.uint8))


def _bits(bitmap: pa.Buffer, offset: int, count: int) -> Mask:
    packed = np.frombuffer(bitmap, np.uint8, -(-(offset + count) // 8))
    return np.unpackbits(packed, count=offset + count, bitorder="little")[offset:].astype(np.bool_)


def _bitmap(valid: npt.NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(valid != 0, bitorder="little"))


def string_array(offsets: Offsets, data: Bytes, valid: npt.NDArray[Any] | None = None) -> pa.StringArray:
    """Wrap buffers as an Arrow array, without a copy; `valid` is nonzero where a row is not null, shape (n,)."""
    rows = len(offsets) - 1
    bitmap, nulls = None, 0
    if valid is not None:
        nulls = rows - int(np.count_nonzero(valid))
        if nulls:
            bitmap = _bitmap(valid)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data), bitmap, nulls)
