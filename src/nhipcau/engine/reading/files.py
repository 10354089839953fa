"""One input, from its bytes to judged posts, step by step. What happens to the posts of many files is in `reader`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO

import pyarrow as pa

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading.background import in_background
from nhipcau.engine.reading.columns import ColumnPlan
from nhipcau.engine.reading.inputs import JSON_ARRAY, PARQUET, SEPARATED, Input, form_by_content
from nhipcau.engine.reading.json_lines import ArrayElements, ObjectScanner
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.parquet import ParquetRows, spooled
from nhipcau.engine.reading.separated import Header, RecordScanner
from nhipcau.engine.reading.shaping import Shaped, shape_rows
from nhipcau.engine.reading.spans import Spans, rows_of_spans, tells
from nhipcau.engine.reading.streams import Block, ByteStream, LineBlocks, Readable

ROWS_TO_FIND_TEXT = 1000
"""A file of which so many rows in front have no column for the text is taken for no file of posts."""


@dataclass
class Step:
    """Some rows of one input, and how far the input is read."""

    form: str
    done: int
    columns: dict[str, list[str]] = field(default_factory=dict)
    shaped: Shaped | None = None
    rejects: list[tuple[int, str]] = field(default_factory=list)


def read_file(file: BinaryIO, source: Input, options: ReadOptions) -> Iterator[Step]:
    """Read one open file of any form.

    Raises
    ------
    EngineError
        `read.no-text-column`, `read.column-missing`, `read.damaged`.
    OSError
        If the file cannot be read on.
    """
    plan = ColumnPlan(options)
    stream = ByteStream(file)
    head = stream.head()
    form = form_by_content(head, source.form)
    if form == PARQUET:
        # Only a file on disk can be sought in; what is zipped or piped is first laid down in one.
        if source.path is not None and not stream.is_gzip:
            yield from _parquet_steps(file, source, plan, options, stream)
        else:
            with spooled(stream) as whole:
                yield from _parquet_steps(whole, source, plan, options, stream)
        return
    if form == SEPARATED:
        yield from _separated_steps(stream, head, source, plan, options)
    else:
        lines: Readable = ArrayElements(stream) if form == JSON_ARRAY else stream
        yield from _json_steps(lines, stream, form, source, plan, options)


def _json_steps(
    lines: Readable, stream: ByteStream, form: str, source: Input, plan: ColumnPlan, options: ReadOptions
) -> Iterator[Step]:
    scanner = ObjectScanner(plan, most_rows=options.batch_rows)
    judge = ObjectJudge(plan, options, source, scanner)
    last = 0
    for block in _blocks(lines, stream, options):
        last = block.first_line + block.line_count
        yield too_long_step(form, block, stream.done)
        for spans in scanner.scan(block):
            shaped = judge.shape(spans)
            yield Step(form, stream.done, plan.chosen(scanner.seen), shaped)
    yield _end(form, stream, last)
    judge.finish()


class ObjectJudge:
    """Shapes the rows of one file of JSON objects; it remembers whether they tell times and texts."""

    def __init__(
        self,
        plan: ColumnPlan,
        options: ReadOptions,
        source: Input,
        scanner: ObjectScanner,
        *,
        has_times: bool | None = None,
    ) -> None:
        self._plan, self._options, self._source, self._scanner = plan, options, source, scanner
        self.has_times = has_times
        """Whether the first row has a column for the time; None before the first row."""
        self._rows_without_text = 0
        self._has_text = has_times is not None

    def shape(self, spans: Spans) -> Shaped:
        """Judge rows."""
        if len(spans.lines):
            if self.has_times is None:
                self.has_times = tells(spans, self._plan, "time", 0) or "time" in self._plan.named
            if not self._has_text:
                self._look_for_text(spans)
        return shape_rows(
            rows_of_spans(spans, self._plan),
            options=self._options,
            stem=self._source.stem,
            has_times=bool(self.has_times),
        )

    def _look_for_text(self, spans: Spans) -> None:
        for row in range(len(spans.lines)):
            if tells(spans, self._plan, "text", row):
                self._has_text = True
                return
            self._rows_without_text += 1
            if self._rows_without_text >= ROWS_TO_FIND_TEXT:
                raise no_text_column(self._source, self._plan, list(self._scanner.seen))

    def finish(self) -> None:
        """Complain if no row had a text column."""
        if self._rows_without_text and not self._has_text:
            raise no_text_column(self._source, self._plan, list(self._scanner.seen))


def _separated_steps(
    stream: ByteStream, head: bytes, source: Input, plan: ColumnPlan, options: ReadOptions
) -> Iterator[Step]:
    header = Header(head)
    if not any(header.names):
        yield _end(SEPARATED, stream, 0)
        return
    judge = RecordJudge(plan, options, source, header)
    skip_bytes(stream, header.byte_count)
    last = header.line_count
    for block in _blocks(stream, stream, options, first_line=header.line_count + 1):
        last = block.first_line + block.line_count
        yield too_long_step(SEPARATED, block, stream.done)
        yield from judge.steps(block, stream.done)
    yield from judge.steps(None, stream.done)
    yield _end(SEPARATED, stream, last)


class RecordJudge:
    """Shapes the records of one file of separated values."""

    def __init__(self, plan: ColumnPlan, options: ReadOptions, source: Input, header: Header) -> None:
        check_columns(source, plan, header.names)
        self._plan, self._options, self._source = plan, options, source
        self._has_times = plan.has_any("time", [name for name in map(plan.wants, header.names) if name])
        self._columns = plan.chosen(header.names)
        self.scanner = RecordScanner(
            plan, header, most_rows=options.batch_rows, max_record_bytes=options.max_line_bytes
        )

    def steps(self, block: Block | None, done: int) -> Iterator[Step]:
        """Judge the records of a block, or with no block: what is left at the end."""
        for spans in self.scanner.scan(block):
            rows = rows_of_spans(spans, self._plan)
            shaped = shape_rows(rows, options=self._options, stem=self._source.stem, has_times=self._has_times)
            yield Step(SEPARATED, done, self._columns, shaped)


def _parquet_steps(
    file: BinaryIO | IO[bytes], source: Input, plan: ColumnPlan, options: ReadOptions, stream: ByteStream
) -> Iterator[Step]:
    first_unread = 1
    try:
        if stream.fault:
            raise pa.ArrowInvalid(stream.fault)
        file.seek(0)
        rows = ParquetRows(file, plan, options)
        check_columns(source, plan, rows.names)
        columns = plan.chosen(rows.names)
        has_times = "time" in columns
        size = file.seek(0, 2)
        for raw, last in rows:
            shaped = shape_rows(raw, options=options, stem=source.stem, has_times=has_times)
            first_unread = last + 1
            yield Step(PARQUET, size * last // max(rows.row_count, 1), columns, shaped)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        if first_unread == 1:
            raise EngineError("read.damaged", file=source.name) from error
        yield Step(PARQUET, stream.done, rejects=[(first_unread, "damaged")])


def _blocks(source: Readable, stream: ByteStream, options: ReadOptions, *, first_line: int = 1) -> Iterator[Block]:
    lines = LineBlocks(
        source, block_bytes=options.block_bytes, max_line_bytes=options.max_line_bytes, first_line=first_line
    )
    # Unzipping takes about as long as all the rest of reading, and needs no lock.
    yield from in_background(iter(lines), ahead=2) if stream.is_gzip else lines
    # The end of a file that was cut is the beginning of a row, not a row.
    if stream.fault is None and (last := lines.last_line()):
        yield last


def too_long_step(form: str, block: Block, done: int) -> Step:
    """Account for the lines of a block that were too long."""
    return Step(form, done, rejects=[(line, "line-too-long") for line in block.too_long])


def _end(form: str, stream: ByteStream, line: int) -> Step:
    return Step(form, stream.done, rejects=[(max(line, 1), stream.fault)] if stream.fault else [])


def skip_bytes(source: Readable, count: int) -> None:
    """Read and forget the first bytes of a source."""
    while count > 0 and (found := source.read(count)):
        count -= len(found)


def check_columns(source: Input, plan: ColumnPlan, names: list[str]) -> None:
    """Complain if a file with a header has no text, or not the time that the caller named."""
    known = [name for name in map(plan.wants, names) if name]
    if not plan.has_any("text", known):
        raise no_text_column(source, plan, names)
    if "time" in plan.named and not plan.has_any("time", known):
        raise EngineError(
            "read.column-missing", file=source.name, target="time", expected=plan.named["time"], columns=shown(names)
        )


def no_text_column(source: Input, plan: ColumnPlan, names: list[str]) -> EngineError:
    """Say that there is no text in a file, and which columns there are."""
    if "text" in plan.named:
        return EngineError(
            "read.column-missing", file=source.name, target="text", expected=plan.named["text"], columns=shown(names)
        )
    return EngineError("read.no-text-column", file=source.name, columns=shown(names))


def shown(names: list[str]) -> str:
    """Name columns briefly: a file without a header shows its first row here, and that may be long."""
    short = [name if len(name) <= 24 else name[:23] + "…" for name in names[:20]]
    return ", ".join(short) + (", …" if len(names) > 20 else "")
