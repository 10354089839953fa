"""Files of the log take the place of others: written first, then swapped in one transaction, then the old ones leave.

A kill before the commit leaves files that no row names; after it, old files that `sweeping.py` takes off the disk.
Why files are replaced is in `compacting.py` and `forgetting.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from django.db import transaction

from nhipcau.engine.reading.arrays import numbers_of
from nhipcau.voices.actions.logging import add_segments
from nhipcau.voices.logplace import place_of_log
from nhipcau.voices.logsteps import reached
from nhipcau.voices.models.segments import LeavingFile, LogSegment
from nhipcau.voices.segmentfile import digest_of, name_of, write_voices
from nhipcau.voices.sides import TALLIES, THREADS, joined, side_names, tally_of, write_side
from nhipcau.voices.voicelog import FIELDS, Segment, VoiceLog

READERS_MAY_TAKE: Final = timedelta(minutes=10)
"""How long a file stays on the disk after another has taken its place."""


class SegmentsMoved(RuntimeError):
    """The files are no longer registered; nothing was changed."""


def replace(
    old: Sequence[LogSegment],
    *,
    only: Callable[[pa.RecordBatch], pa.RecordBatch] | None = None,
    parts: Mapping[int, int],
    leaves_at: datetime,
    and_then: Callable[[LogSegment | None], None] | None = None,
) -> LogSegment | None:
    """Put files of one day together to one, all of their voices or `only` some; none remains where no voice does.

    Parameters
    ----------
    parts
        How many voices of each source the new file has.
    leaves_at
        When the old files may go.
    and_then
        What else is done in the transaction, with the new file.
    """
    segments = [as_segment(one) for one in sorted(old, key=lambda one: one.first_seq)]
    made = _made(segments, only, written_at=max(one.written_at for one in old)) if any(parts.values()) else None
    with transaction.atomic():
        if LogSegment.objects.filter(pk__in=[one.pk for one in old]).delete()[1].get("voices.LogSegment") != len(old):
            raise SegmentsMoved
        if made is not None:
            if made.voices != sum(parts.values()):
                raise SegmentsMoved
            add_segments([(made, {source: count for source, count in parts.items() if count})])
        LeavingFile.objects.bulk_create(LeavingFile(path=one.path, leaves_at=leaves_at) for one in segments)
        if and_then is not None:
            and_then(made)
        reached("before-swap")
    reached("swapped")
    return made


def as_segment(row: LogSegment) -> Segment:
    """A row of the register as a plain value."""
    return Segment(**{name: getattr(row, name) for name in FIELDS})


def _made(
    segments: Sequence[Segment], only: Callable[[pa.RecordBatch], pa.RecordBatch] | None, *, written_at: datetime
) -> LogSegment:
    """Write the new file and its sides."""
    seqs: list[np.ndarray] = []

    def chosen() -> Iterator[pa.RecordBatch]:
        for batch in VoiceLog().of_segments(segments):
            kept = batch if only is None else only(batch)
            if kept.num_rows:
                seqs.append(numbers_of(kept.column("seq")).copy())
                yield kept

    place = place_of_log()
    with place.making() as file:
        rows = write_voices(file, chosen())
        kept = np.concatenate(seqs)
        digest, size = digest_of(file), file.stat().st_size
        path = name_of(segments[0].day, int(kept[0]), digest)
        place.put(file, path)
    described = {"path": path, "day": segments[0].day, "first_seq": int(kept[0]), "last_seq": int(kept[-1])}
    made = LogSegment(**described, voices=rows, bytes=size, sha256=digest, written_at=written_at)
    reached("new-in-place")
    _write_sides(segments, as_segment(made), kept)
    reached("sides-in-place")
    return made


def _write_sides(old: Sequence[Segment], new: Segment, kept: np.ndarray) -> None:
    for name in side_names():
        table = joined(old, name, kept=kept)
        if table is not None:
            write_side(new, name, table)
            if name == THREADS:
                write_side(new, TALLIES, tally_of(table))
