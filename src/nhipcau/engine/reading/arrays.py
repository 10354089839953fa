"""Between Arrow string arrays and the NumPy views that compiled code takes. Nothing here knows what a post is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int32]


def string_buffers(values: pa.StringArray) -> tuple[Offsets, Bytes]:
    """View the offsets, shape (n + 1,), and the bytes that they point into, without a copy."""
    if not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    if len(values) == 0:
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    _, offsets, data = values.buffers()
    positions = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    return positions, np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)


def validity_of(values: pa.Array) -> npt.NDArray[np.bool_]:
    """Where `values` is not null, shape (n,)."""
    return np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False))


def string_array(offsets: Offsets, data: Bytes, valid: npt.NDArray[Any] | None = None) -> pa.StringArray:
    """Wrap buffers as an Arrow array, without a copy; `valid` is nonzero where a row is not null, shape (n,)."""
    rows = len(offsets) - 1
    bitmap, nulls = None, 0
    if valid is not None:
        nulls = rows - int(np.count_nonzero(valid))
        if nulls:
            bitmap = pa.py_buffer(np.packbits(valid != 0, bitorder="little"))
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data), bitmap, nulls)
