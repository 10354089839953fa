"""From the queue to the log: files first, then one transaction in which voices leave the queue and their files count.

A kill before the commit leaves the queue, and files that no row names; after it, the log. How files are rearranged
later is in `replacing.py`, how they are read in `voicelog.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from nhipcau.authorkeys import HOUSE_ZONE
from nhipcau.engine.posts import POST_SCHEMA, TIME_TYPE
from nhipcau.engine.reading.arrays import flag_array, number_array, numbers_of, repeated, validity_of
from nhipcau.engine.reading.times import microseconds_of
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.loglocks import held
from nhipcau.voices.logplace import Place, place_of_log
from nhipcau.voices.logsteps import reached
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.segments import LogPosition, LogSegment, SegmentPart
from nhipcau.voices.segmentfile import VOICE_SCHEMA, digest_of, name_of, write_voices

MOST_AT_ONCE: Final = 50_000
"""Voices in one transaction, unless a single batch has more."""
_MOST_BATCHES: Final = 2_000
_DAY_MICROSECONDS: Final = 86_400_000_000
_EPOCH: Final = date(1970, 1, 1)


class LogMoved(RuntimeError):
    """Somebody else has written meanwhile; nothing was changed, and the voices still wait."""


@dataclass(frozen=True)
class _Taken:
    """The voices of one batch, numbered."""

    source: int
    rows: pa.RecordBatch
    days: np.ndarray


def log_waiting(*, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Take waiting batches into the log, in order of their ids, and give how many voices that were.

    Whoever comes while another writes does nothing and gives 0.

    Raises
    ------
    LogMoved
        Somebody wrote who did not hold the lock; nothing is changed then.
    """
    with held("writing") as is_ours:
        return _log(now=now, most=most) if is_ours else 0


def _log(*, now: datetime, most: int) -> int:
    reached("locked")
    position, _ = LogPosition.objects.get_or_create(pk=1)
    keys = _next_batches(most)
    if not keys:
        return 0
    taken = list(_numbered(keys, position.next_seq))
    voices: int = sum(one.rows.num_rows for one in taken)
    place = place_of_log()
    reached("read")
    made = [_written(place, taken, day, now=now) for day in np.unique(np.concatenate([one.days for one in taken]))]
    reached("in-place")
    leave_nothing_behind()
    with transaction.atomic():
        moved = LogPosition.objects.filter(pk=1, next_seq=position.next_seq).update(next_seq=position.next_seq + voices)
        if moved != 1:
            raise LogMoved
        add_segments(made)
        reached("before-commit")
        if IntakeBatch.objects.filter(pk__in=keys).delete()[0] != len(keys):
            raise LogMoved
    reached("committed")
    return voices


def leave_nothing_behind() -> None:
    """Have what is deleted from now on leave the file of the database too; called outside of transactions."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def add_segments(made: list[tuple[LogSegment, dict[int, int]]]) -> None:
    """Register files with the number of voices of each source; called in a transaction."""
    for segment, parts in made:
        segment.save(force_insert=True)
        SegmentPart.objects.bulk_create(
            SegmentPart(segment=segment, source_id=source, voices=count) for source, count in sorted(parts.items())
        )


def _next_batches(most: int) -> list[int]:
    keys: list[int] = []
    voices = 0
    for key, count in IntakeBatch.objects.order_by("pk").values_list("pk", "voices")[:_MOST_BATCHES]:
        voices += count
        if keys and voices > most:
            break
        keys.append(key)
    return keys


def _numbered(keys: list[int], next_seq: int) -> Iterator[_Taken]:
    batches = IntakeBatch.objects.filter(pk__in=keys).order_by("pk").select_related("source")
    for batch in batches.iterator(chunk_size=100):
        posts = read_back(bytes(batch.payload))
        rows = posts.num_rows
        arrived = _arrived(posts.column("arrived"), batch.received_at)
        columns: dict[str, Any] = {name: posts.column(name) for name in POST_SCHEMA.names}
        columns |= {
            "seq": number_array(np.arange(next_seq, next_seq + rows), pa.int64()),
            "author_epoch": number_array(np.full(rows, batch.author_epoch, np.int32), pa.int32()),
            "arrived": number_array(arrived, TIME_TYPE),
            "source": repeated(batch.source.code, rows),  # what retention goes by
        }
        made = pa.RecordBatch.from_arrays([columns[name] for name in VOICE_SCHEMA.names], schema=VOICE_SCHEMA)
        yield _Taken(batch.source_id, made, house_days(arrived))
        next_seq += rows


def _arrived(column: pa.Array, received_at: datetime) -> np.ndarray:
    return np.where(validity_of(column), numbers_of(column), microseconds_of(received_at))


def house_days(micros: np.ndarray) -> np.ndarray:
    """Days since 1970 in the zone of the house, which keeps one distance to UTC all year."""
    zone = HOUSE_ZONE.utcoffset(datetime(2026, 1, 1)) or timedelta()  # noqa: DTZ001  # local time is what it asks
    return (micros + zone // timedelta(microseconds=1)) // _DAY_MICROSECONDS


def _written(place: Place, taken: list[_Taken], number: int, *, now: datetime) -> tuple[LogSegment, dict[int, int]]:
    """Write the voices of a day, and describe the file."""
    day = _EPOCH + timedelta(days=int(number))
    parts: dict[int, int] = defaultdict(int)
    batches = []
    for one in taken:
        of_day = one.days == number
        if of_day.any():
            batches.append(one.rows if of_day.all() else one.rows.filter(flag_array(of_day)))
            parts[one.source] += int(np.count_nonzero(of_day))
    first = int(numbers_of(batches[0].column("seq"))[0])
    last = int(numbers_of(batches[-1].column("seq"))[-1])
    with place.making() as file:
        rows = write_voices(file, batches)
        reached("written")
        digest, size = digest_of(file), file.stat().st_size
        path = name_of(day, first, digest)
        place.put(file, path)
    described = {"path": path, "day": day, "first_seq": first, "last_seq": last, "voices": rows}
    return LogSegment(**described, bytes=size, sha256=digest, written_at=now), dict(parts)
