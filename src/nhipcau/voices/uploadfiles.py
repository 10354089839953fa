"""Files of voices on the disk: kept under a name that nobody can guess, and looked into. Knows of no rows of tables."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from nhipcau.engine.cleaning.redaction import redact
from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading.arrays import text_array
from nhipcau.engine.reading.columns import ColumnPlan
from nhipcau.engine.reading.inputs import JSON_ARRAY, PARQUET, SEPARATED, Input, form_by_content, list_inputs
from nhipcau.engine.reading.json_lines import ArrayElements
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.reader import PostReader
from nhipcau.engine.reading.rejects import Reject, RejectSink
from nhipcau.engine.reading.separated import Header
from nhipcau.engine.reading.streams import ByteStream, Readable
from nhipcau.running.folder import UPLOADS_FOLDER

ENDINGS: Final = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".pq")
CALLED: Final = "called"
"""Said of a column that names an author, beside the one that tells authors apart."""
TARGETS: Final = ("text", "title", "id", "time", "author", CALLED, "place", "channel", "kind", "reach", "link")
"""What a person may say a column is. A title and a text become one text."""
NO_COLUMN: Final = "∅"
"""A choice of no column, where the guess would take one."""
_NOWHERE: Final = "no column of this file"
PIECE_ROWS: Final = 2_000
LOOKED_AT_ROWS: Final = 200
_LONGEST_NAME: Final = 100
"""A column that is called longer, or by something personal, is the first row of a file without a header."""
MOST_COLUMNS: Final = 200
REJECTS_KEPT: Final = 100
_JSON_HEAD: Final = 2**18


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a file before it is taken in."""

    columns: list[str]
    mapping: dict[str, str]
    """What each column would be taken for, by what it would make."""
    batch: pa.RecordBatch | None
    rejects: list[Reject]
    rejected: int
    naming: list[str]
    """Columns that name authors: what is in them is taken out of the texts."""


class KeptRejects(RejectSink):
    """Keeps the first rejects, in memory."""

    def __init__(self, *, most: int = REJECTS_KEPT) -> None:
        super().__init__(Path(os.devnull))
        self.kept: list[Reject] = []
        self._most = most

    def write(self, rejects: Iterable[Reject]) -> None:
        """Keep those for which there is room."""
        for one in rejects:
            if len(self.kept) < self._most:
                self.kept.append(one)


@dataclass(slots=True)
class Stored:
    """A file that was laid down."""

    path: Path
    bytes: int
    sha256: str


def ending_of(name: str) -> str:
    """The ending of a file that can be read, with `.gz` where it has it; empty where it is none of them."""
    small = name.lower()
    packed = ".gz" if small.endswith(".gz") else ""
    ending = Path(small.removesuffix(".gz")).suffix
    return ending + packed if ending in ENDINGS else ""


def room_for(folder: Path, size: int, *, left_free: int) -> bool:
    """Whether the disk holds so much more, and leaves enough for the rest of the house."""
    return shutil.disk_usage(folder).free - size >= left_free


def store(chunks: Iterable[bytes], *, folder: Path, ending: str, most_bytes: int) -> Stored | None:
    """Lay a file down where only its owner reads it; None, and nothing is left, where it is larger than allowed."""
    place = folder / UPLOADS_FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / f"{secrets.token_hex(24)}{ending}"
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > most_bytes:
                    break
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if size > most_bytes:
        path.unlink()
        return None
    return Stored(path, size, digest.hexdigest())


def options_for(
    mapping: Mapping[str, str], *, key: bytes | Callable[[], bytes], kind: str, rows: int = PIECE_ROWS
) -> ReadOptions:
    """How a file is read with what somebody said of its columns; what they left open is guessed."""
    columns: dict[str, list[str]] = {}
    for target, column in mapping.items():
        if target in ("text", "title", CALLED) or not column:
            continue
        columns[target] = [_NOWHERE if column == NO_COLUMN else column]
    texts = [mapping.get(name, "") for name in ("title", "text")]
    if named := [name for name in texts if name and name != NO_COLUMN]:
        columns["text"] = named
    called = tuple(one for one in (mapping.get(CALLED, ""),) if one and one != NO_COLUMN)
    return ReadOptions(author_key=key, columns=columns, kind=kind, batch_rows=rows, hide_authors=True, called=called)


def look(path: Path, mapping: Mapping[str, str], *, kind: str) -> Look:
    """Look at the first rows of a file as they would be taken in; their texts are as they were written.

    Raises
    ------
    EngineError
        As `PostReader` says: a file without a text, or with nothing that can be read.
    """
    names = columns_in(path)
    options = options_for(mapping, key=secrets.token_bytes(32), kind=kind, rows=LOOKED_AT_ROWS)
    rejects = KeptRejects()
    reader = PostReader([path], options, rejects=rejects)
    batches = reader.batches()
    batch = next(batches, None)
    if hasattr(batches, "close"):
        batches.close()
    if batch is None and not reader.report.rejected:
        raise EngineError("read.nothing-readable", file="", rejected=0, reasons={})
    plan = ColumnPlan(options)
    mapped = _as_mapping(plan.chosen(names), mapping)
    return Look(names, mapped, batch, rejects.kept, reader.report.rejected, plan.naming_among(names))


def pieces(
    path: Path, options: ReadOptions, *, rejects: KeptRejects, progress: Callable[[int, int | None], None]
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Give the file piece by piece, with how many rows were rejected up to there; the same each time it is read."""
    reader = PostReader([path], options, rejects=rejects, progress=progress)
    for batch in reader.batches():
        yield batch, reader.report.rejected
    yield pa.RecordBatch.from_pylist([], schema=pa.schema([])), reader.report.rejected


def columns_in(path: Path) -> list[str]:
    """The names of the columns of a file: of its header, its schema, or its first objects."""
    [source], _ignored = list_inputs([path])
    with path.open("rb") as file:
        stream = ByteStream(file)
        head = stream.head()
        form = form_by_content(head, source.form)
        if form == PARQUET:
            names = _of_parquet(path, source, stream)
        elif form == SEPARATED:
            names = list(Header(head).names)
        else:
            lines: Readable = ArrayElements(stream) if form == JSON_ARRAY else stream
            names = _of_objects(lines.read(_JSON_HEAD))
    named = [name for name in names if name and len(name) <= _LONGEST_NAME][:MOST_COLUMNS]
    return [name for name, clean in zip(named, redact(text_array(named)).to_pylist(), strict=True) if name == clean]


def _of_parquet(path: Path, source: Input, stream: ByteStream) -> list[str]:
    if stream.is_gzip:
        return []
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError) as error:
        raise EngineError("read.damaged", file=source.name) from error


def _of_objects(text: bytes) -> list[str]:
    names: dict[str, None] = {}
    for line in text.splitlines()[:100]:
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        for name, value in row.items() if isinstance(row, dict) else ():
            inner = [f"{name}.{one}" for one in value] if isinstance(value, dict) else [name]
            names |= dict.fromkeys(inner)
    return list(names)


def _as_mapping(chosen: Mapping[str, list[str]], said: Mapping[str, str]) -> dict[str, str]:
    """What is taken for what, one column for each; a text of two columns is a title and a text."""
    found = {target: columns[0] for target, columns in chosen.items() if target in TARGETS and columns}
    text = chosen.get("text", [])
    if len(text) > 1:
        found |= {"title": text[0], "text": text[1]}
    return found | {
        target: column for target, column in said.items() if column == NO_COLUMN or (target == CALLED and column)
    }
