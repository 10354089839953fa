"""Parquet files become raw rows; the number of a row stands for its line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nhipcau.engine.posts import TIME_TYPE
from nhipcau.engine.reading.arrays import (
    number_array,
    numbers_of,
    string_array,
    string_buffers,
    text_array,
    validity_of,
)
from nhipcau.engine.reading.columns import ColumnPlan, plain_name
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.spans import RawRows
from nhipcau.engine.reading.streams import Readable
from nhipcau.engine.reading.times import EARLIEST, LATEST, instants_of_wall_clock, parse_times, zone_named


def spooled(source: Readable) -> IO[bytes]:
    """Copy a source that cannot be sought in to a nameless temporary file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever asked for it closes it)
    while found := source.read(2**20):
        file.write(found)
    file.seek(0)
    return file


class ParquetRows:
    """Reads a Parquet file in batches, only the wanted columns.

    Raises
    ------
    pyarrow.ArrowInvalid, OSError
        From the constructor or while batches are drawn, if the file is damaged.
    """

    def __init__(self, file: Path | BinaryIO | IO[bytes], plan: ColumnPlan, options: ReadOptions) -> None:
        from pyarrow import parquet

        self._file = parquet.ParquetFile(file)
        self._plan = plan
        self._options = options
        self.names: list[str] = []
        paths: dict[str, list[str]] = {}
        for column in self._file.schema_arrow:
            self._find(column, [], paths)
        self._paths = {plain_name(name): path for name, path in reversed(paths.items())}
        self.names = list(paths)
        top = {path[0] for name, path in paths.items() if plan.wants(name)}
        self._wanted = [name for name in self._file.schema_arrow.names if name in top]

    def _find(self, column: pa.Field, above: list[str], paths: dict[str, list[str]]) -> None:
        path = [*above, column.name]
        paths[".".join(path)] = path
        if pa.types.is_struct(column.type):
            for index in range(column.type.num_fields):
                self._find(column.type.field(index), path, paths)

    def __iter__(self) -> Iterator[tuple[RawRows, int]]:
        first = 1
        for batch in self._file.iter_batches(self._options.batch_rows, columns=self._wanted, use_threads=False):
            yield self._rows(batch, first), first + batch.num_rows - 1
            first += batch.num_rows

    @property
    def row_count(self) -> int:
        """Rows of the whole file."""
        return int(self._file.metadata.num_rows)

    def _rows(self, batch: pa.RecordBatch, first: int) -> RawRows:
        columns: dict[str, pa.Array] = {}
        nested = np.zeros(batch.num_rows, np.bool_)
        for target, choices in self._plan.choices.items():
            arrays: list[pa.Array] = []
            for choice in choices:
                parts = [self._column(batch, self._paths[name]) for name in choice if name in self._paths]
                if not parts or (self._plan.whole[target] and len(parts) < len(choice)):
                    continue
                if target == "text":
                    for part in parts:
                        if pa.types.is_nested(part.type):
                            nested |= validity_of(part)
                strings_or_times = [self._simple(part, target) for part in parts]
                if len(strings_or_times) == 1:
                    arrays += strings_or_times
                else:
                    arrays.append(_joined(strings_or_times, must_be_whole=self._plan.whole[target]))
            if arrays:
                columns[target] = self._first_of(arrays)
        if "text" in columns:
            nested &= ~validity_of(columns["text"])
        lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
        named = [self._column(batch, self._paths[name]) for name in self._plan.naming if name in self._paths]
        naming = [self._simple(column, "author") for column in named]
        return RawRows(lines, columns, nested if nested.any() else None, naming=naming)

    def _column(self, batch: pa.RecordBatch, path: Sequence[str]) -> pa.Array:
        column = batch.column(path[0])
        for name in path[1:]:
            column = pc.struct_field(column, name)
        return column

    def _simple(self, column: pa.Array, target: str) -> pa.Array:
        """Give a column as clean strings with null for empty, or as times where it has times and these are asked."""
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        kind = column.type
        if pa.types.is_nested(kind) or pa.types.is_null(kind):
            return pa.nulls(len(column), pa.string())
        if (pa.types.is_timestamp(kind) or pa.types.is_date(kind)) and target in ("time", "arrived"):
            return _instants(column, self._options.default_zone)
        if pa.types.is_floating(kind):
            column = _numbers_as_text(column)
        elif kind == pa.binary() or kind == pa.large_binary() or pa.types.is_fixed_size_binary(kind):
            column = column.cast(pa.binary()).view(pa.string())
        elif kind != pa.string():
            column = column.cast(pa.string())
        return _clean(column)

    def _first_of(self, arrays: list[pa.Array]) -> pa.Array:
        if len({array.type for array in arrays}) > 1:  # times beside strings
            zone = self._options.default_zone
            arrays = [array if pa.types.is_timestamp(array.type) else parse_times(array, zone)[0] for array in arrays]
        return arrays[0] if len(arrays) == 1 else pc.coalesce(*arrays)


def _joined(parts: list[pa.StringArray], *, must_be_whole: bool) -> pa.StringArray:
    joined = pc.binary_join_element_wise(*parts, "\n", null_handling="emit_null" if must_be_whole else "skip")
    return pc.if_else(pc.equal(joined, ""), None, joined)


def _clean(column: pa.StringArray) -> pa.StringArray:
    from nhipcau.engine.reading._text_kernels import clean_strings, has_hidden

    offsets, data = string_buffers(column)
    used = data[offsets[0] : offsets[-1]]
    if has_hidden(used):
        valid = validity_of(column)
        out_offsets, out = np.empty(len(column) + 1, np.int32), np.empty(len(used), np.uint8)
        written = clean_strings(data, offsets, out_offsets, out)
        column, offsets = string_array(out_offsets, out[:written], valid), out_offsets
    empty = offsets[1:] == offsets[:-1]
    if not empty.any():
        return column
    shared = column.buffers()
    valid = number_array(np.zeros(len(column), np.int64), pa.int64(), validity_of(column) & ~empty).buffers()[0]
    return pa.StringArray.from_buffers(len(column), shared[1], shared[2], valid, offset=0)


def _numbers_as_text(column: pa.Array) -> pa.StringArray:
    """Write whole numbers without a point, as they are wherever nulls did not make them fractions."""
    texts = [
        None if number is None or number != number else str(int(number)) if number.is_integer() else repr(number)
        for number in column.cast(pa.float64()).to_pylist()
    ]
    return text_array(texts)


def _instants(column: pa.Array, default_zone: str) -> pa.TimestampArray:
    """Bring Arrow times and dates to UTC; null where they cannot be believed."""
    zone = getattr(column.type, "tz", None)
    instants = numbers_of(column.cast(pa.timestamp("us", zone), safe=False))
    if zone is None:
        instants = instants_of_wall_clock(instants, zone_named(default_zone))
    believed = validity_of(column) & (instants >= EARLIEST) & (instants < LATEST)
    return number_array(instants, TIME_TYPE, believed)
