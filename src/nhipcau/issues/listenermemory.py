"""The listener's memory as it is begun, kept and filled: from a checkpoint, else from the log anew; voices are grouped.

The loop that calls this is in `listener.py`, what is in memory in `listening.py`.
"""

from __future__ import annotations

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import pyarrow as pa

from nhipcau.engine import checkpoint
from nhipcau.engine.errors import EngineError
from nhipcau.engine.posts import POST_SCHEMA
from nhipcau.engine.reading.arrays import flag_array, number_array, numbers_of
from nhipcau.engine.stream import Engine
from nhipcau.engine.tables import TableFiles
from nhipcau.issues.actions.carrying import anchors_sought
from nhipcau.issues.listening import Listening
from nhipcau.issues.models.issues import Picture
from nhipcau.issues.narrowlog import NarrowLog
from nhipcau.issues.words import WordsOfLog
from nhipcau.voices.sides import THREADS, THREADS_SCHEMA, has_side, write_sides
from nhipcau.voices.voicelog import VoiceLog

HOUR: Final = timedelta(hours=1)

log = logging.getLogger(__name__)


def begin(folder: Path) -> Listening:
    """Load the last checkpoint; where there is none, or none that can be used, begin the log anew."""
    pieces = folder / "pieces"
    tables = TableFiles.kept(folder).load()

    def open_log(segments: list[str]) -> NarrowLog:
        return NarrowLog(pieces, segments=segments, lexicon=tables.lexicon, cues=tables.cues)

    try:
        loaded = checkpoint.load(folder, open_log=open_log)
        if loaded is not None and loaded[0].seq > VoiceLog().next_seq:
            raise ValueError("the checkpoint is ahead of the log")
    except (EngineError, ValueError, OSError):
        log.exception("the checkpoint cannot be used; the log is taken anew")
        shutil.rmtree(folder)
        loaded = None
    if loaded is None:
        fresh = Engine(log=open_log([]), lexicon=tables.lexicon, gazetteer=tables.gazetteer, cues=tables.cues)
        position: dict[str, Any] = {"grouping": uuid4().hex}
        checkpoint.save(fresh, folder, position=position)
        loaded = fresh, position
    engine, position = loaded
    engine.log.drop_unknown()
    picture = Picture.objects.filter(pk=1).first()
    listening = Listening(engine=engine, log=engine.log, texts=WordsOfLog())  # type: ignore[arg-type]
    listening.grouping = position.get("grouping", "")
    listening.sides_from = _first_without_side(listening.log)
    if picture is not None and picture.as_of is not None:
        listening.next_hour = picture.as_of.replace(minute=0, second=0, microsecond=0) + HOUR
    if picture is not None and picture.seq and picture.grouping != listening.grouping:
        listening.sought = np.array(anchors_sought(), np.int64)
        listening.found = dict(position.get("found", []))
    return listening


def save(listening: Listening, folder: Path) -> None:
    """Write a checkpoint; what the picture has noted of merges need not be kept."""
    seen = Picture.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    state = listening.engine.state
    state.history = [entry for entry in state.history if entry[3] >= seen]
    position = {"grouping": listening.grouping, "found": list(listening.found.items())}
    checkpoint.save(listening.engine, folder, position=position)
    listening.log.drop_unknown()


def take(listening: Listening, batch: pa.RecordBatch) -> None:
    """Group a batch of the log, one day's author key and no gap in its numbers."""
    engine = listening.engine
    seqs = numbers_of(batch.column("seq"))
    engine.seq = int(seqs[0])
    engine.author_epoch = batch.column("author_epoch")[0].as_py()
    if isinstance(listening.texts, WordsOfLog):
        listening.texts.add(batch)
    given = [threads for _, threads in engine.take([batch.select(POST_SCHEMA.names)])]
    if len(listening.sought):
        sought = listening.sought[slice(*np.searchsorted(listening.sought, [seqs[0], seqs[-1] + 1]))]
        threads = np.concatenate(given)[sought - seqs[0]]
        listening.found.update(zip(sought.tolist(), threads.tolist(), strict=True))


def bring_sides_up(listening: Listening) -> None:
    """Write beside the files of the log which thread each voice is in, for all that are taken since the last time."""
    narrow = listening.log
    seqs = narrow.column("seq")
    start = int(np.searchsorted(seqs, listening.sides_from))
    if start == len(seqs):
        return
    offsets, places = narrow.places()
    ends = (offsets[start:] - offsets[start]).astype(np.int32)
    columns = [
        number_array(seqs[start:], pa.int64()),
        number_array(narrow.column("thread")[start:], pa.int64()),
        flag_array(narrow.column("is_copy")[start:]),
        pa.ListArray.from_arrays(pa.array(ends), pa.array(places[offsets[start] :])),
    ]
    write_sides(THREADS, pa.Table.from_arrays(columns, schema=THREADS_SCHEMA))
    last = int(seqs[-1])
    # a file of which not all is taken yet has its turn when the rest is
    begun = [one.first_seq for one in VoiceLog().segments(after_seq=last, until_seq=last)]
    listening.sides_from = min([*begun, last + 1])


def forget_old(listening: Listening, now: datetime) -> None:
    """Leave out of memory what no figure needs any more; its sides are written before."""
    bring_sides_up(listening)
    listening.log.forget(now=int(now.timestamp()))
    if isinstance(listening.texts, WordsOfLog):
        listening.texts.forget(now=int(now.timestamp()))


def _first_without_side(narrow: NarrowLog) -> int:
    """From which voice on sides are written: that of the first file that lacks its own."""
    if not narrow.rows:
        return 0
    first = int(narrow.column("seq")[0])
    lacking = (one for one in VoiceLog().segments(after_seq=first - 1) if not has_side(one, THREADS))
    found = next(lacking, None)
    return int(narrow.column("seq")[-1]) + 1 if found is None else max(found.first_seq, first)
