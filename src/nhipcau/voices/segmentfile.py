"""What a file of the voice log holds: Parquet of `VOICE_SCHEMA`, in the order of `seq`. No database here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from nhipcau.engine.posts import POST_SCHEMA

VOICE_SCHEMA: Final = pa.schema(
    [pa.field("seq", pa.int64(), nullable=False), pa.field("author_epoch", pa.int32(), nullable=False), *POST_SCHEMA]
)
"""A voice a row: its number in the stream, the number of the day's author key, the post; `arrived` is never null."""
ROW_GROUP: Final = 65_536
ROWS_AT_ONCE: Final = 16_384
_REPEATED: Final = ["source", "channel", "kind", "place", "author_epoch"]


def name_of(day: date, first_seq: int, digest: str) -> str:
    """The path of a file. Its digest is in it: another content is another file, so none is ever written over."""
    return f"day={day.isoformat()}/part-{first_seq:012d}-{digest[:12]}.parquet"


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_rows(
    target: Path, batches: Iterable[pa.RecordBatch], *, schema: pa.Schema, dictionaries: Sequence[str] = ()
) -> int:
    """Write batches as row groups of one size, with a checksum a page; give how many rows there were."""
    rows = 0
    with pq.ParquetWriter(
        target,
        schema,
        compression="zstd",
        use_dictionary=list(dictionaries),
        write_page_checksum=True,
    ) as writer:
        for group in _gathered(batches, schema):
            writer.write_table(group, row_group_size=ROW_GROUP)
            rows += group.num_rows
    return rows


def write_voices(target: Path, batches: Iterable[pa.RecordBatch]) -> int:
    """Write voices."""
    return write_rows(target, batches, schema=VOICE_SCHEMA, dictionaries=_REPEATED)


def read_rows(
    source: pa.NativeFile, *, columns: Sequence[str] | None = None, after_seq: int = -1
) -> Iterator[pa.RecordBatch]:
    """Read the batches of row groups that hold voices after a number; checksums are compared."""
    file = pq.ParquetFile(source, pre_buffer=True, page_checksum_verification=True)
    groups = [number for number in range(file.num_row_groups) if _last_seq(file, number) > after_seq]
    if groups:
        yield from file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=columns, use_threads=False)


def _last_seq(file: pq.ParquetFile, group: int) -> float:
    described: Any = file.metadata.row_group(group).column(0)
    statistics = described.statistics if described.path_in_schema == "seq" else None
    return float("inf") if statistics is None or not statistics.has_min_max else statistics.max


def _gathered(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Join small batches to whole row groups."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            yield pa.Table.from_batches(waiting, schema)
            waiting, rows = [], 0
    if rows:
        yield pa.Table.from_batches(waiting, schema)
