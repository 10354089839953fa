"""What is derived from the log, voice by voice, in files beside it: which thread, whether a copy, which places.

A side says which file of the log it belongs to, by path and digest; one that belongs to no registered file means
nothing. All of it can be made anew from the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from nhipcau.engine.reading.arrays import flag_array, numbers_of
from nhipcau.voices.logplace import Place, place_of_sides
from nhipcau.voices.segmentfile import ROW_GROUP
from nhipcau.voices.voicelog import Segment, VoiceLog

THREADS: Final = "threads"
"""The side that the listener writes."""
THREADS_SCHEMA: Final = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("thread", pa.int64(), nullable=False),
        pa.field("is_copy", pa.bool_(), nullable=False),
        pa.field("places", pa.list_(pa.int32()), nullable=False),
    ]
)
TALLIES: Final = "tallies"
"""How often each thread was named with each place: made of `threads` where files are put together."""
_OF: Final = b"nhipcau.segment"
_TALLY: Final = pa.schema(
    [
        pa.field("thread", pa.int64(), nullable=False),
        pa.field("place", pa.int32(), nullable=False),
        pa.field("voices", pa.int32(), nullable=False),
        pa.field("own", pa.int32(), nullable=False),
    ]
)
EVERYWHERE: Final = -1
"""Stands for a place in tallies: all voices of the thread, wherever they are."""


def write_side(segment: Segment, name: str, table: pa.Table, *, place: Place | None = None) -> None:
    """Write the rows of a file of the log, one a voice in order of `seq`; they appear whole."""
    if name != TALLIES and table.num_rows != segment.voices:
        raise ValueError(f"{segment.path} has {segment.voices} voices, its side {table.num_rows}")
    where = place or place_of_sides()
    marked = table.replace_schema_metadata({_OF: _mark(segment)})
    with where.making() as file:
        pq.write_table(
            marked,
            file,
            compression="zstd",
            row_group_size=ROW_GROUP if name != TALLIES else None,
            use_dictionary=[],
            write_page_checksum=True,
            column_encoding={"thread": "DELTA_BINARY_PACKED"} if name == TALLIES else None,
        )
        where.put(file, _path(name, segment.path))


def write_sides(name: str, table: pa.Table, *, log: VoiceLog | None = None) -> int:
    """Write a table of voices in order of `seq` beside all files whose voices are all in it; give how many files."""
    seqs = _seqs(table)
    if not len(seqs):
        return 0
    done, voice_log = 0, log or VoiceLog()
    for segment in voice_log.segments(after_seq=int(seqs[0]) - 1, until_seq=int(seqs[-1])):
        first, last = np.searchsorted(seqs, [segment.first_seq, segment.last_seq + 1])
        rows = table.slice(int(first), int(last - first))
        if rows.num_rows > segment.voices:  # voices of another day stand between them
            own = [numbers_of(batch.column("seq")) for batch in voice_log.of_segments([segment], ["seq"])]
            rows = rows.filter(flag_array(np.isin(_seqs(rows), np.concatenate(own), assume_unique=True)))
        if rows.num_rows == segment.voices:
            write_side(segment, name, rows)
            done += 1
    return done


def read_side(
    segment: Segment, name: str, *, columns: Sequence[str] | None = None, place: Place | None = None
) -> pa.Table | None:
    """Read the rows of a file of the log; None where they are not there, not of this file, or not to be read."""
    where = place or place_of_sides()
    with suppress(FileNotFoundError, pa.ArrowInvalid, OSError), where.open(_path(name, segment.path)) as source:
        file = pq.ParquetFile(source, page_checksum_verification=True)
        if (file.schema_arrow.metadata or {}).get(_OF) == _mark(segment):
            return file.read(columns=columns, use_threads=False)
    return None


def has_side(segment: Segment, name: str, *, place: Place | None = None) -> bool:
    """Whether the rows of a file of the log are there, and of it."""
    where = place or place_of_sides()
    with suppress(FileNotFoundError, pa.ArrowInvalid, OSError), where.open(_path(name, segment.path)) as source:
        return bool((pq.read_schema(source).metadata or {}).get(_OF) == _mark(segment))
    return False


def side_names(place: Place | None = None) -> list[str]:
    """Which sides somebody writes; tallies are made of them."""
    return [name for name in (place or place_of_sides()).folders() if name != TALLIES]


def remove_sides(path: str, *, place: Place | None = None) -> None:
    """Remove all that was derived from a file of the log."""
    where = place or place_of_sides()
    for name in where.folders():
        where.remove(_path(name, path))


def joined(segments: Sequence[Segment], name: str, *, kept: np.ndarray) -> pa.Table | None:
    """Put the rows of some files together, those with the numbers `kept` in order; None where one has none."""
    tables = [read_side(segment, name) for segment in segments]
    if not all(table is not None for table in tables):
        return None
    table = pa.concat_tables(table.replace_schema_metadata(None) for table in tables if table is not None)
    table = table.combine_chunks()
    order = np.argsort(_seqs(table), kind="stable")
    if not (np.diff(order) == 1).all():
        table = table.take(pa.array(order)).combine_chunks()
    is_kept = np.isin(_seqs(table), kept, assume_unique=True)
    table = table if is_kept.all() else table.filter(flag_array(is_kept))
    return table if table.num_rows == len(kept) else None


def tally_of(threads: pa.Table) -> pa.Table:
    """Count how often each thread was named with each place, and everywhere."""
    table = threads.combine_chunks()
    thread, own = table.column("thread").to_numpy(), ~table.column("is_copy").to_numpy(zero_copy_only=False)
    lists = table.column("places")
    lists = lists.chunk(0) if lists.num_chunks else pa.array([], pa.list_(pa.int32()))
    sizes = np.diff(lists.offsets.to_numpy())
    place = lists.flatten().to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.repeat(np.arange(len(thread)), sizes)
    # a thread and a place as one number; a voice counts once for a place that it names twice
    codes, threads_there = _codes(thread)
    width = int(place.max(initial=-1)) + 2
    keys = np.concatenate([codes * width, codes[rows] * width + place + 1])
    if len(rows) and sizes.max() > 1:
        keys, of_row = _once(keys, np.concatenate([np.arange(len(thread)), rows]), len(thread))
    else:
        of_row = np.concatenate([np.arange(len(thread)), rows])
    found, position = np.unique(keys, return_inverse=True)
    return pa.table(
        {
            "thread": threads_there[found // width],
            "place": (found % width - 1).astype(np.int32),
            "voices": np.bincount(position, minlength=len(found)).astype(np.int32),
            "own": np.bincount(position, weights=own[of_row], minlength=len(found)).astype(np.int32),
        },
        schema=_TALLY,
    )


def tallies_of(segment: Segment, *, place: Place | None = None) -> pa.Table | None:
    """The tally of a file of the log, kept or made now; None where nobody has grouped its voices yet."""
    kept = read_side(segment, TALLIES, place=place)
    if kept is not None:
        return kept
    threads = read_side(segment, THREADS, columns=["thread", "is_copy", "places"], place=place)
    return None if threads is None else tally_of(threads)


def _codes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    there, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), there


def _once(keys: np.ndarray, rows: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Leave out a pair of a row and a key that comes again."""
    pairs = np.unique(keys * max(count, 1) + rows)
    return pairs // max(count, 1), pairs % max(count, 1)


def _seqs(table: pa.Table) -> np.ndarray:
    column: Any = table.column("seq").combine_chunks()
    return numbers_of(column.chunk(0) if isinstance(column, pa.ChunkedArray) else column)


def _mark(segment: Segment) -> bytes:
    return f"{segment.path} {segment.sha256}".encode()


def _path(name: str, path: str) -> str:
    return f"{name}/{path}"
