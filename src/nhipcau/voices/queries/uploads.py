"""What a file would bring, shown before it is taken in: columns, the first rows redacted, and the rows left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa
from django.utils import timezone

from nhipcau.engine.cleaning.redaction import redact
from nhipcau.engine.errors import EngineError
from nhipcau.voices.actions.uploads import path_of
from nhipcau.voices.forms.source_words import reject_words
from nhipcau.voices.models.uploads import Upload
from nhipcau.voices.uploadfiles import columns_in, look

SHOWN_ROWS: Final = 8
SHOWN_REJECTS: Final = 20
SHOWN_LETTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it would be kept."""

    time: datetime | None
    place: str
    text: str
    has_author: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What is seen of a file; `failure` where nothing of it can be taken in as it is mapped now."""

    columns: list[str]
    mapping: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    rejected: int = 0
    failure: str = ""
    naming: list[str] = field(default_factory=list)


def preview_of(upload: Upload) -> Preview:
    """Look at the first rows."""
    path = path_of(upload)
    try:
        seen = look(path, upload.mapping, kind=upload.source.matter)
    except (EngineError, OSError) as error:
        code = error.code if isinstance(error, EngineError) else "upload.file-gone"
        return Preview(_columns(upload), dict(upload.mapping), failure=code)
    rejects = [(one.line, reject_words(one.code)) for one in seen.rejects[:SHOWN_REJECTS]]
    if seen.batch is None:
        return Preview(seen.columns, seen.mapping, rejects=rejects, rejected=seen.rejected, failure="no-rows")
    return Preview(seen.columns, seen.mapping, _rows(seen.batch), rejects, seen.rejected, naming=seen.naming)


def _columns(upload: Upload) -> list[str]:
    try:
        return columns_in(path_of(upload))
    except (EngineError, OSError):
        return []


def _rows(batch: pa.RecordBatch) -> list[Row]:
    first = batch.slice(0, SHOWN_ROWS)
    texts, places = redact(first.column("text")).to_pylist(), first.column("place").to_pylist()
    shown = []
    for row, text in enumerate(texts):
        time = first.column("time")[row].as_py()
        local = timezone.localtime(time) if time else None
        has_author = first.column("author_key")[row].is_valid
        short = text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "…"
        shown.append(Row(local, places[row] or "", short, has_author))
    return shown
