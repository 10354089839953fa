"""A log to test on: voices in the queue as intake puts them there, on any day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from nhipcau.engine.posts import POST_SCHEMA
from nhipcau.network.models.offices import Office
from nhipcau.voices.actions.intake import written
from nhipcau.voices.models import IntakeBatch, LogSegment, Source
from nhipcau.voices.sides import THREADS_SCHEMA
from nhipcau.voices.voicelog import VoiceLog

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def made_source(code: str = "hotline", **more: Any) -> Source:
    hub, _ = Office.objects.get_or_create(code="H", defaults={"name": "Trung tâm", "kind": "hub"})
    given = {"name": code.title(), "kind": "api", "owner": hub, "created_at": NOW, **more}
    return Source.objects.get_or_create(code=code, defaults=given)[0]


def queue(source: Source, texts: Sequence[str], *, at: datetime = NOW, arrived: Any = "at") -> IntakeBatch:
    """Put voices into the queue that came in at a moment."""
    moment = at if arrived == "at" else arrived
    rows = [
        {
            "id": f"{hash(text) & 0xFFFFFFFFFFFFFFFF:032x}",
            "time": at,
            "arrived": moment,
            "source": source.code,
            "channel": None,
            "place": None,
            "author_key": number,
            "text": text,
            "kind": "post",
            "reach": None,
            "link": None,
        }
        for number, text in enumerate(texts)
    ]
    batch = pa.RecordBatch.from_pylist(rows, schema=POST_SCHEMA)
    return IntakeBatch.objects.create(
        source=source,
        route="push",
        received_at=at,
        author_epoch=at.date().toordinal(),
        voices=len(rows),
        payload=written(batch),
    )


def logged(**asked: Any) -> list[tuple[int, str]]:
    """Numbers and texts in the log, as they are read."""
    return list(rows_of(VoiceLog().batches(**asked)))


def rows_of(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, str]]:
    for batch in batches:
        yield from zip(batch.column("seq").to_pylist(), batch.column("text").to_pylist(), strict=True)


def grouped(log: VoiceLog | None = None) -> pa.Table:
    """What a listener could have derived of all voices: the thread is the number divided by three."""
    seqs = [seq for seq, _ in rows_of((log or VoiceLog()).batches())]
    return pa.table(
        {
            "seq": seqs,
            "thread": [seq // 3 for seq in seqs],
            "is_copy": [seq % 3 > 0 for seq in seqs],
            "places": [[seq % 5, 7] if seq % 2 else [] for seq in seqs],
        },
        schema=THREADS_SCHEMA,
    )


def files_and_register(folder: Any) -> tuple[set[str], set[str]]:
    """Paths on the disk, and in the register."""
    lying = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    return lying, set(LogSegment.objects.values_list("path", flat=True))
