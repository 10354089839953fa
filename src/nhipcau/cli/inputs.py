"""What a command reads: posts with a progress bar, the operator's tables, times and zones of the command line."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from nhipcau.cli.progress import progress
from nhipcau.engine.errors import EngineError
from nhipcau.messages import say

if TYPE_CHECKING:
    from nhipcau.engine.reading import PostReader, ReadOptions
    from nhipcau.engine.stream import Engine
    from nhipcau.engine.tables import TableFiles


def table_files(given: dict[str, Path | None]) -> TableFiles:
    """Name the operator's tables by the options of `with_tables`."""
    from nhipcau.engine.tables import TableFiles

    return TableFiles(**given)


def engine_with(files: TableFiles, *, keep: bool = True) -> Engine:
    """Make an engine with the operator's tables, for one run."""
    from nhipcau.engine.stream import Engine

    tables = files.load()
    return Engine(lexicon=tables.lexicon, gazetteer=tables.gazetteer, cues=tables.cues, keep=keep)


def zone_of(name: str) -> ZoneInfo:
    """Find a zone by its IANA name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise EngineError("read.zone", zone=name) from error


def moment_of(text: str | None, zone: str, option: str) -> datetime | None:
    """Read a time of the line; without a zone it is in the zone chosen."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise EngineError("cli.time", option=option, value=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone_of(zone))


def read_options(
    *, columns: str, zone: str, kind: str, as_of: datetime | None, key: Callable[[], bytes] | None = None
) -> ReadOptions:
    """Say how rows are read; without a `key` for authors the run makes one of its own."""
    from nhipcau.engine.reading import ReadOptions, parse_columns

    return ReadOptions(
        # a run's own key is never written, so its hashes mean nothing once it ends
        author_key=key or secrets.token_bytes(32),
        columns=parse_columns(columns),
        default_zone=zone,
        kind=kind,
        as_of=as_of,
    )


@contextlib.contextmanager
def reader_of(paths: tuple[str, ...], options: ReadOptions, rejects: Path | None, lang: str) -> Iterator[PostReader]:
    """Make a reader with a progress bar; what was rejected is said at the end."""
    from nhipcau.engine.reading import PostReader, RejectSink

    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(RejectSink(rejects)) if rejects else None
        advance = stack.enter_context(progress(None, {"vi": "Đọc", "en": "Reading"}[lang]))
        reader = PostReader(paths, options, rejects=sink, progress=lambda done, total: advance(done, total))
        yield reader
    if reader.report.rejected:
        reasons = ", ".join(f"{name}: {count}" for name, count in reader.report.rejects_by_reason.items())
        click.echo(
            f"nhipcau: {say(EngineError('cli.rejected', count=reader.report.rejected, reasons=reasons), lang=lang)}",
            err=True,
        )
