"""Keeping up with a folder or with standard input, with checkpoints: what `nhipcau follow` does.

A checkpoint holds the engine and the position in every file together, so each post is grouped once whatever is killed.
"""

from __future__ import annotations

import fcntl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

import pyarrow as pa

from nhipcau.authorkeys import author_key
from nhipcau.engine.checkpoint import load, save
from nhipcau.engine.errors import EngineError
from nhipcau.engine.log import PostLog
from nhipcau.engine.reading import PostReader, ReadOptions, RejectSink, list_inputs, read_growing
from nhipcau.engine.reading.report import ReadReport
from nhipcau.engine.stream import Engine
from nhipcau.engine.tables import TableFiles
from nhipcau.waiting import PatientInput

POSTS_BETWEEN_CHECKPOINTS = 50_000
SETTLED_SECONDS = 2.0
"""A file that is read whole (Parquet, gzip) is taken once nobody has written to it for so long."""


class Follower:
    """One state folder and the input that it follows.

    Parameters
    ----------
    state
        Folder of the checkpoints, the log and the day's author key.
    read_options
        Makes the reading options for what gives the author key of the day.
    rejects
        Where bad rows are listed.
    clock, zone
        Now, and where a day begins: the author key changes at midnight and the old one is gone.
    tables
        The operator's tables. They are kept in the state; posts of one state are all taken with the same.
    """

    def __init__(
        self,
        state: Path,
        *,
        read_options: Callable[[Callable[[], bytes]], ReadOptions],
        rejects: Path | None,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        tables: TableFiles | None = None,
    ) -> None:
        self._state = state
        self._read_options = read_options
        self._rejects = rejects
        self._clock = clock
        self._zone = zone
        self._tables = tables or TableFiles()

    def run(
        self,
        source: str,
        *,
        once: bool,
        every_seconds: float,
        on_progress: Callable[[int], None],
        stdin: BinaryIO | None = None,
    ) -> None:
        """Take what is there; then, unless `once`, look again and again.

        Raises
        ------
        EngineError
            `follow.busy` where another run holds the state, `follow.no-folder`, `tables.changed`, and what reading
            raises.
        """
        self._state.mkdir(parents=True, exist_ok=True)
        with _held(self._state / "lock"):
            engine, position = self._begin()
            position.setdefault("files", {})
            position.setdefault("rows", 0)
            position.setdefault("rejected", 0)
            if source == "-":
                self._standard_input(engine, position, stdin or sys.stdin.buffer, every_seconds, on_progress)
                return
            folder = Path(source)
            if not folder.exists():
                raise EngineError("follow.no-folder", path=source)
            while True:
                self._pass(engine, position, folder, final=once)
                on_progress(engine.seq)
                if once:
                    return
                time.sleep(every_seconds)

    def _begin(self) -> tuple[Engine, dict[str, Any]]:
        """Take up what is kept, with the tables that it was taken with."""
        files = self._tables.beside(self._state, has_posts=(self._state / "current").exists())
        loaded = load(self._state, tables=files)
        if loaded is None:
            tables = files.load()
            log = PostLog(self._state / "log")
            loaded = Engine(log=log, lexicon=tables.lexicon, gazetteer=tables.gazetteer, cues=tables.cues), {}
        loaded[0].log.drop_unknown()
        files.keep(self._state)
        return loaded

    def _pass(self, engine: Engine, position: dict[str, Any], folder: Path, *, final: bool) -> None:
        """One look at every file; a checkpoint after each piece that gave something."""
        inputs, _ = list_inputs([folder], leave_out=[self._rejects] if self._rejects else [])
        for source in inputs:
            path = source.path
            if path is None:
                continue
            name = str(path.relative_to(folder)) if folder.is_dir() else path.name
            place = position["files"].setdefault(name, {"offset": 0, "line": 0})
            settled = final or time.time() - path.stat().st_mtime > SETTLED_SECONDS
            while True:
                # one key for a piece: its posts are logged under one day
                key = self._key(engine)
                options = self._read_options(partial(bytes, key))
                report = ReadReport()
                with _sink(self._rejects) as sink:
                    growth = read_growing(
                        path,
                        offset=place["offset"],
                        line_number=place["line"],
                        options=options,
                        rejects=sink,
                        final=settled,
                        report=report,
                    )
                    before = engine.seq
                    engine.run(growth.batches)
                moved = growth.offset != place["offset"]
                place["offset"], place["line"] = growth.offset, growth.line_number
                position["rejected"] += report.rejected
                _note_sample(engine, position)
                if moved or engine.seq != before:
                    save(engine, self._state, position=position)
                if not moved:
                    break

    def _standard_input(
        self,
        engine: Engine,
        position: dict[str, Any],
        stdin: BinaryIO,
        every_seconds: float,
        on_progress: Callable[[int], None],
    ) -> None:
        """Take standard input from its beginning; the rows that a checkpoint holds are passed over.

        Posts are grouped as they come. A checkpoint is made when many have come, and when no more come for a while.
        """
        saved = engine.seq
        here = threading.current_thread()

        def save_now() -> None:
            nonlocal saved
            position["rows"] = saved = engine.seq
            # input is read from its beginning again, so the count is not added to
            position["rejected"] = max(position["rejected"], reader.report.rejected)
            _note_sample(engine, position)
            save(engine, self._state, position=position)
            on_progress(engine.seq)

        def when_quiet() -> None:
            if threading.current_thread() is not here:
                return  # zipped input is read ahead, while this thread may be grouping
            self._key(engine)
            if engine.seq > saved:
                save_now()

        with _sink(self._rejects) as sink:
            # asked for whenever rows are read, so that midnight is kept while the input runs on
            options = self._read_options(lambda: self._key(engine))
            patient = PatientInput(stdin, every_seconds=every_seconds, when_quiet=when_quiet)
            reader = PostReader(["-"], options, rejects=sink, stdin=cast("BinaryIO", patient))
            for batch in _skipped(reader.batches(), int(position["rows"])):
                engine.run([batch])
                if engine.seq - saved >= POSTS_BETWEEN_CHECKPOINTS:
                    save_now()
            if engine.seq > saved or reader.report.rejected > position["rejected"]:
                save_now()

    def _key(self, engine: Engine) -> bytes:
        """Today's secret. It is written beside the state for its day only; tomorrow's takes its place."""
        key = author_key(self._state, now=self._clock(), zone=self._zone)
        engine.author_epoch = key.epoch
        return key.secret


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Only one run at a time follows into a state."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EngineError("follow.busy", state=str(path.parent)) from error
        yield


@contextmanager
def _sink(path: Path | None) -> Iterator[RejectSink | None]:
    if path is None:
        yield None
        return
    with RejectSink(path) as sink:
        yield sink


def _skipped(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if rows >= batch.num_rows:
            rows -= batch.num_rows
            continue
        yield batch.slice(rows)
        rows = 0


def _note_sample(engine: Engine, position: dict[str, Any]) -> None:
    """Remember whether the posts say that they are made up."""
    if "sample" in position:
        return
    first = next(engine.log.scan(["id"]), None)
    if first is not None and first.num_rows:
        position["sample"] = str(first.column("id")[0].as_py()).startswith("sample-")
