"""Reads files of posts from first to last and keeps the account of it. `growing` reads a file that is still written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading.accounts import take_step
from nhipcau.engine.reading.background import in_background
from nhipcau.engine.reading.files import Step, read_file
from nhipcau.engine.reading.inputs import Input, list_inputs
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.rejects import RejectSink
from nhipcau.engine.reading.report import FileReport, ReadReport

Progress = Callable[[int, int | None], None]
"""Called with the bytes done and the bytes in all, None where that is not known."""


class PostReader:
    """Reads posts from files, folders and standard input.

    Parameters
    ----------
    paths
        Files, folders (all files in them that can be read, sorted), or `"-"` for standard input, in order.
    options
        How to read.
    rejects
        Where bad rows are listed; without it they are only counted.
    stdin
        What `"-"` reads; by default the standard input of the process.
    progress
        Called after every piece of input.

    Attributes
    ----------
    report
        The account so far. It agrees with the batches that were drawn.

    Raises
    ------
    EngineError
        `read.missing` and `read.unreadable` from the constructor.

    Notes
    -----
    Memory does not grow with the input: a few blocks of `options.block_bytes` are held, or one line that is longer.
    """

    def __init__(
        self,
        paths: Sequence[Path | str],
        options: ReadOptions,
        *,
        rejects: RejectSink | None = None,
        stdin: BinaryIO | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._options = options
        self._rejects = rejects
        self._stdin = stdin
        self._progress = progress
        self.inputs, ignored = list_inputs(paths, leave_out=[rejects.path] if rejects else [])
        self.report = ReadReport(ignored=ignored)
        files = [source.path for source in self.inputs if source.path and source.path.is_file()]
        self._total = sum(file.stat().st_size for file in files) if len(files) == len(self.inputs) else None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the posts of all inputs, in order, as batches of `POST_SCHEMA`.

        Raises
        ------
        EngineError
            `read.no-text-column`, `read.column-missing`, `read.nothing-readable`, `read.damaged` and
            `read.unreadable` for a file that the caller named; for files found in folders only where no file at all
            could be read, else `report.files[…].fault` holds the code.
        """
        first_fault: EngineError | None = None
        done = 0
        for source in self.inputs:
            account = FileReport(source.name)
            self.report.files.append(account)
            before = done
            try:
                for step in self._steps(source):
                    done = before + step.done
                    yield from take_step(step, account, self.report, self._rejects)
                    if self._progress:
                        self._progress(done, self._total)
                if account.rejected and not account.rows and not account.later:
                    raise EngineError(
                        "read.nothing-readable",
                        file=source.name,
                        rejected=account.rejected.total(),
                        reasons=dict(sorted(account.rejected.items())),
                    )
            except OSError as error:
                fault = EngineError("read.unreadable", path=source.name, error=error.strerror or type(error).__name__)
                fault.__cause__ = error
            except EngineError as error:
                fault = error
            else:
                continue
            account.fault = fault.code
            if source.is_named:
                raise fault
            first_fault = first_fault or fault
        if first_fault and not self.report.rows and not self.report.later:
            raise first_fault

    def _steps(self, source: Input) -> Iterator[Step]:
        if source.path is None:
            # Waiting for standard input in another thread would outlive an interruption.
            yield from read_file(self._stdin or sys.stdin.buffer, source, self._options)
            return
        with source.path.open("rb") as file:
            yield from in_background(read_file(file, source, self._options), ahead=2)


def read_posts(
    paths: Sequence[Path | str],
    options: ReadOptions,
    *,
    rejects: RejectSink | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Iterator[pa.RecordBatch]:
    """Read posts from files, folders and standard input: `PostReader.batches` for those who need no report."""
    return PostReader(paths, options, rejects=rejects, stdin=stdin, progress=progress).batches()
