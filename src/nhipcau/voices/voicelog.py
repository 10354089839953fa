"""Reading the voice log: in stream order, or some days of it, with little memory. Nothing is written here.

A file can be replaced while somebody reads; what is read next is then looked up anew, and no voice is missed or given
twice. What is derived from the log, row by row, is in `sides.py`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from django.db.models import QuerySet

from nhipcau.engine.reading.arrays import numbers_of
from nhipcau.site.errors import DomainError
from nhipcau.voices.logplace import Place, place_of_log
from nhipcau.voices.models.segments import LogPosition, LogSegment
from nhipcau.voices.segmentfile import VOICE_SCHEMA, read_rows


class LogFileMissing(DomainError):
    """A file that the register names is not there. Values: file."""

    code = "voicelog-file-missing"
    status = 503


class LogFileDamaged(DomainError):
    """A file of the log cannot be read. Values: file, reason."""

    code = "voicelog-file-damaged"
    status = 503


class _Replaced(Exception):  # no error: it is looked up again
    """The file was replaced by another since the register was read."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the log."""

    path: str
    day: date
    first_seq: int
    last_seq: int
    voices: int
    bytes: int
    sha256: str


FIELDS = tuple(Segment.__dataclass_fields__)


class VoiceLog:
    """The log as it is registered now."""

    def __init__(self, place: Place | None = None) -> None:
        self._place = place or place_of_log()

    @property
    def next_seq(self) -> int:
        """The number that the next voice will have."""
        return LogPosition.objects.filter(pk=1).values_list("next_seq", flat=True).first() or 0

    def segments(
        self, *, after_seq: int = -1, until_seq: int | None = None, since: date | None = None, until: date | None = None
    ) -> list[Segment]:
        """Files that hold voices with `after_seq < seq <= until_seq`, of the days `since` to `until`, both included."""
        rows: QuerySet[LogSegment] = LogSegment.objects.filter(last_seq__gt=after_seq)
        if until_seq is not None:
            rows = rows.filter(first_seq__lte=until_seq)
        if since is not None:
            rows = rows.filter(day__gte=since)
        if until is not None:
            rows = rows.filter(day__lte=until)
        return [Segment(*row) for row in rows.order_by("first_seq").values_list(*FIELDS).iterator()]

    def batches(
        self, *, after_seq: int = -1, until_seq: int | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give voices in the order of the stream.

        Parameters
        ----------
        after_seq
            The last voice that the caller already has.
        until_seq
            The last voice to give; all that are registered when it begins, if not given.
        columns
            Of `VOICE_SCHEMA`; `seq` is always among them.

        Raises
        ------
        LogFileMissing, LogFileDamaged
        """
        last = self.next_seq - 1 if until_seq is None else until_seq
        return self._stream(after_seq, last, None, None, columns)

    def of_days(
        self, since: date, until: date, columns: Sequence[str] | None = None, *, after_seq: int = -1
    ) -> Iterator[pa.RecordBatch]:
        """Give the voices that arrived on these days of the house, both included, in the order of the stream."""
        return self._stream(after_seq, self.next_seq - 1, since, until, columns)

    def of_segments(
        self, segments: Sequence[Segment], columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give the voices of some files in the order of the stream; for those who see to it that these stay."""
        try:
            yield from self._merged(segments, -1, _wanted(columns))
        except _Replaced as gone:
            raise LogFileMissing(file=str(gone)) from None

    def _stream(
        self, after: int, last: int, since: date | None, until: date | None, columns: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        wanted = _wanted(columns)
        while True:
            segments = self.segments(after_seq=after, until_seq=last, since=since, until=until)
            try:
                for batch in self._merged(segments, after, wanted):
                    seqs = numbers_of(batch.column("seq"))
                    count = int(np.searchsorted(seqs, last, side="right"))
                    if count:
                        after = int(seqs[count - 1])
                        yield batch.slice(0, count)
                    if count < len(seqs):
                        return
            except _Replaced:
                continue
            return

    def _merged(self, segments: Sequence[Segment], after: int, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Merge files by `seq`: those of two days can reach into one another around midnight. Opened when needed."""
        heap: list[tuple[int, bool, int, pa.RecordBatch | None, Iterator[pa.RecordBatch]]] = [
            (max(one.first_seq, after + 1), False, number, None, self._read(one, after, columns))
            for number, one in enumerate(segments)
        ]
        heapq.heapify(heap)
        while heap:
            _, _, number, batch, rest = heapq.heappop(heap)
            if batch is None:
                batch = next(rest, None)
            else:
                seqs = numbers_of(batch.column("seq"))
                count = int(np.searchsorted(seqs, heap[0][0])) if heap else len(seqs)
                yield batch.slice(0, count)
                batch = batch.slice(count) if count < len(seqs) else next(rest, None)
            if batch is not None:
                heapq.heappush(heap, (int(numbers_of(batch.column("seq"))[0]), True, number, batch, rest))

    def _read(self, segment: Segment, after: int, columns: list[str]) -> Iterator[pa.RecordBatch]:
        try:
            with self._place.open(segment.path) as file:
                for batch in read_rows(file, columns=columns, after_seq=after):
                    seqs = numbers_of(batch.column("seq"))
                    known = int(np.searchsorted(seqs, after, side="right"))
                    if known < len(seqs):
                        yield batch.slice(known)
        except FileNotFoundError:
            if LogSegment.objects.filter(path=segment.path).exists():
                raise LogFileMissing(file=self.address_of(segment.path)) from None
            raise _Replaced(segment.path) from None
        except (pa.ArrowInvalid, OSError) as error:
            reason = str(error).splitlines()[0][:200]
            raise LogFileDamaged(file=self.address_of(segment.path), reason=reason) from error

    def address_of(self, path: str) -> str:
        """Where a file lies, to be told to a person."""
        return f"{self._place.base}/{path}"


def _wanted(columns: Sequence[str] | None) -> list[str]:
    wanted = VOICE_SCHEMA.names if columns is None else ["seq", *(name for name in columns if name != "seq")]
    unknown = [name for name in wanted if name not in VOICE_SCHEMA.names]
    if unknown:
        raise ValueError(f"no column {unknown[0]} in the voice log")
    return wanted
