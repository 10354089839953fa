"""Reads on in a file that is still being written: whole lines from where the last call ended. Whole runs: `reader`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading.accounts import take_step
from nhipcau.engine.reading.columns import ColumnPlan
from nhipcau.engine.reading.files import ObjectJudge, RecordJudge, Step, read_file, too_long_step
from nhipcau.engine.reading.inputs import (
    JSON_ARRAY,
    JSON_LINES,
    PARQUET,
    SEPARATED,
    Input,
    form_by_content,
    form_by_name,
)
from nhipcau.engine.reading.json_lines import ObjectScanner
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.rejects import RejectSink
from nhipcau.engine.reading.report import FileReport, ReadReport
from nhipcau.engine.reading.separated import Header
from nhipcau.engine.reading.spans import tells
from nhipcau.engine.reading.streams import Block, ByteStream, LineBlocks, Unzipped


class Growth(NamedTuple):
    """What a file gave since the last call, and where the next call goes on."""

    batches: Iterable[pa.RecordBatch]
    offset: int
    line_number: int


def read_growing(
    path: Path | str,
    *,
    offset: int,
    line_number: int,
    options: ReadOptions,
    rejects: RejectSink | None,
    final: bool,
    most_bytes: int = 64 * 2**20,
    report: ReadReport | None = None,
) -> Growth:
    """Read the whole lines behind `offset`.

    The same file read in any number of calls gives the same posts, ids and line numbers as one call.

    Parameters
    ----------
    path
        JSON lines or separated values that may still grow; Parquet, gzip, UTF-16 and JSON arrays are read whole, once
        they are complete.
    offset, line_number
        What the last call gave; 0 and 0 for the first.
    options
        How to read. A change between calls changes what is read from there on.
    rejects
        Where bad rows are listed.
    final
        Nothing more will be written: a last line without an end is a line, a file that is cut is bad.
    most_bytes
        Roughly how much to read in a call. The file is read up to its end once a call gives back its own `offset`.
    report
        To which the counts are added, under the name of the file.

    Returns
    -------
    Growth
        Batches of `POST_SCHEMA`, and where to go on. The batches of a file that is read whole are made while they are
        drawn, and may raise then.

    Raises
    ------
    EngineError
        `read.missing`, `read.unreadable`, `read.shrunk` if the file is shorter than `offset`, and what `read_posts`
        raises for a file without a text column. A file of nothing but bad rows raises nothing here.
    """
    path = Path(path)
    report = report if report is not None else ReadReport()
    try:
        with path.open("rb") as file:
            return _read_on(file, path, offset, line_number, options, rejects, final, most_bytes, report)
    except FileNotFoundError as error:
        raise EngineError("read.missing", path=str(path)) from error
    except OSError as error:
        raise EngineError("read.unreadable", path=str(path), error=error.strerror or type(error).__name__) from error


def _read_on(
    file: BinaryIO,
    path: Path,
    offset: int,
    line_number: int,
    options: ReadOptions,
    rejects: RejectSink | None,
    final: bool,  # noqa: FBT001 (private, and named by its only caller)
    most_bytes: int,
    report: ReadReport,
) -> Growth:
    nothing = Growth([], offset, line_number)
    size = os.fstat(file.fileno()).st_size
    if size < offset:
        raise EngineError("read.shrunk", file=str(path), offset=offset, size=size)
    if size == offset:
        return nothing
    source = Input(path, str(path), form_by_name(path), is_named=True)
    account = next((known for known in report.files if known.name == source.name), None)
    if account is None:
        account = FileReport(source.name)
        report.files.append(account)
    stream = ByteStream(file)
    head = stream.head()
    form = form_by_content(head, source.form)
    if stream.is_gzip or stream.is_recoded or form not in (JSON_LINES, SEPARATED):
        if offset > 0 or not (final or _is_complete(file, stream, form)):
            return nothing
        return Growth(_whole(source, options, rejects, account, report), size, line_number)
    if not head or not (final or b"\n" in head):
        return nothing
    plan = ColumnPlan(options)
    span = _Span(file, offset or stream.mark_bytes, line_number, most_bytes, final=final)
    if form == JSON_LINES:
        steps = _json_steps(span, plan, options, source, stream.mark_bytes)
    else:
        steps = _separated_steps(span, plan, options, source, head, stream.mark_bytes)
    batches = [batch for step in steps for batch in take_step(step, account, report, rejects)]
    return Growth(batches, span.offset, span.line_number)


class _Span:
    """The lines of a call: where they begin, and once they are read, where they ended."""

    def __init__(self, file: BinaryIO, offset: int, line_number: int, most_bytes: int, *, final: bool) -> None:
        self.file, self.offset, self.line_number = file, offset, line_number
        self._most_bytes, self.is_final = most_bytes, final

    def blocks(self, options: ReadOptions, has_advanced: Callable[[], bool] = lambda: True) -> Iterator[Block]:
        """Give the whole lines, and the line without an end where nothing more will come."""
        self.file.seek(self.offset)
        begun = self.offset
        lines = LineBlocks(
            self.file,
            block_bytes=options.block_bytes,
            max_line_bytes=options.max_line_bytes,
            first_line=self.line_number + 1,
        )
        for block in lines:
            self._go_to(block, begun)
            yield block
            if block.consumed >= self._most_bytes and has_advanced():
                self.is_final = False  # this call leaves something to the next
                return
        if self.is_final and (last := lines.last_line()):
            self._go_to(last, begun)
            yield last

    def _go_to(self, block: Block, begun: int) -> None:
        self.offset = begun + block.consumed
        self.line_number = block.first_line + block.line_count - 1


def _json_steps(span: _Span, plan: ColumnPlan, options: ReadOptions, source: Input, mark_bytes: int) -> Iterator[Step]:
    has_times = _tells_times(span.file, plan, options, mark_bytes) if span.line_number else None
    scanner = ObjectScanner(plan, most_rows=options.batch_rows)
    judge = ObjectJudge(plan, options, source, scanner, has_times=has_times)
    for block in span.blocks(options):
        yield too_long_step(JSON_LINES, block, span.offset)
        for spans in scanner.scan(block):
            shaped = judge.shape(spans)
            yield Step(JSON_LINES, span.offset, plan.chosen(scanner.seen), shaped)
    if span.is_final:
        judge.finish()


def _tells_times(file: BinaryIO, plan: ColumnPlan, options: ReadOptions, mark_bytes: int) -> bool | None:
    """Whether the first row of the file has a column for the time (None: no row yet), as `ObjectJudge` decides it."""
    if "time" in plan.named:
        return True
    scanner = ObjectScanner(plan, most_rows=1)
    file.seek(mark_bytes)
    for block in LineBlocks(file, block_bytes=2**16, max_line_bytes=options.max_line_bytes):
        for spans in scanner.scan(block):
            if len(spans.lines):
                return tells(spans, plan, "time", 0)
    return None


def _separated_steps(
    span: _Span, plan: ColumnPlan, options: ReadOptions, source: Input, head: bytes, mark_bytes: int
) -> Iterator[Step]:
    header = Header(head)
    if not any(header.names):
        return
    judge = RecordJudge(plan, options, source, header)
    if span.line_number == 0:
        span.offset = mark_bytes + header.byte_count
        span.line_number = header.line_count
    judge.scanner.resume_at(span.line_number + 1)
    first_line = span.line_number + 1
    removed: list[tuple[int, int]] = []  # lines too long to hold, and their bytes
    for block in span.blocks(options, lambda: judge.scanner.next_line > first_line):
        yield from judge.steps(block, span.offset)
        removed += [(line, block.removed) for line in block.too_long]
        # A line within a record that has begun is read again with it, and told of then.
        ended = [(line, size) for line, size in removed if line < judge.scanner.next_line]
        yield Step(SEPARATED, span.offset, rejects=[(line, "line-too-long") for line, _ in ended])
        removed = removed[len(ended) :]
    if span.is_final:
        yield from judge.steps(None, span.offset)
        yield Step(SEPARATED, span.offset, rejects=[(line, "line-too-long") for line, _ in removed])
    else:
        span.offset -= judge.scanner.held_bytes + sum(size for _, size in removed)
        span.line_number = judge.scanner.next_line - 1


def _whole(
    source: Input, options: ReadOptions, rejects: RejectSink | None, account: FileReport, report: ReadReport
) -> Iterator[pa.RecordBatch]:
    if source.path is not None:
        with source.path.open("rb") as file:
            for step in read_file(file, source, options):
                yield from take_step(step, account, report, rejects)


def _is_complete(file: BinaryIO, stream: ByteStream, form: str) -> bool:
    """Whether a file that is read whole has its end."""
    if stream.is_gzip:
        file.seek(0)
        unzipped = Unzipped(file)
        while unzipped.read(2**20):
            pass
        return unzipped.fault is None
    file.seek(max(file.seek(0, os.SEEK_END) - 64, 0))
    tail = file.read()
    return tail.endswith(b"PAR1") if form == PARQUET else form == JSON_ARRAY and tail.rstrip().endswith(b"]")
