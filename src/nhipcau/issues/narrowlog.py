"""The narrow columns of the last six weeks of grouped voices: what counts, levels and curves are made of. No texts.

They follow from the voice log and can be made anew from it. On disk they lie in pieces of one checkpoint each
(`nhipcau.engine.checkpoint` names those that count); keys of authors are forgotten after a few days.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import DAY, HISTORY_DAYS, seconds_of
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.kinds.cues import CueTable
from nhipcau.engine.posts import PRESS
from nhipcau.engine.reading.arrays import mask_of, numbers_of, text_array, validity_of

AUTHOR_DAYS: Final = 3
"""Distinct authors are counted over a day; keys of older ones are forgotten."""
MOST_PIECES: Final = 64
COLUMNS: Final = {
    "seq": np.int64, "thread": np.int64, "time": np.int64, "arrived": np.int64, "author": np.uint64,
    "source": np.int32, "epoch": np.int32, "is_copy": np.bool_, "is_press": np.bool_, "kind": np.uint8,
    "sizes": np.uint8,
}  # fmt: skip
_PRESS = text_array([PRESS])[0]
_MOST_PLACES: Final = 255

Columns = dict[str, NDArray[Any]]


class NarrowLog:
    """A log (`nhipcau.engine.log.Log`) that keeps columns and forgets texts.

    Parameters
    ----------
    folder
        Where the pieces are kept.
    segments
        Names of the pieces that count.
    lexicon, cues
        What the kinds of voices are told by.
    """

    def __init__(
        self, folder: Path, *, segments: Sequence[str] = (), lexicon: Lexicon, cues: CueTable | None = None
    ) -> None:
        self.folder = folder
        self.segments = list(segments)
        self.source_names: list[str] = []
        self._source_codes: dict[str, int] = {}
        self._lexicon, self._cues = lexicon, cues
        self._parts: list[tuple[Columns, NDArray[np.int32]]] = []
        self._columns: Columns = {name: np.zeros(0, kind) for name, kind in COLUMNS.items()}
        self._places = np.zeros(0, np.int32)
        self._written = 0  # rows that lie in pieces
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.segments:
            self._read_piece(name)
        self._join()
        self._written = self.rows

    @property
    def rows(self) -> int:
        """How many voices are kept."""
        self._join()
        return len(self._columns["seq"])

    def column(self, name: str) -> NDArray[Any]:
        """One of `COLUMNS`, a value a voice; not to be changed."""
        self._join()
        return self._columns[name]

    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Where the places of each voice begin, and rows of the gazetteer."""
        self._join()
        sizes = self._columns["sizes"].astype(np.int64)
        return np.concatenate([[0], np.cumsum(sizes)]), self._places

    def append(self, batch: pa.RecordBatch) -> None:
        """Take the columns of a batch of `LOGGED_SCHEMA`."""
        from nhipcau.engine.kinds import kinds_of

        texts = batch.column("text")
        kinds = kinds_of(texts, tokens=tokenize(texts, lexicon=self._lexicon), cues=self._cues)
        author = batch.column("author_key")
        arrived = batch.column("arrived")
        time = seconds_of(batch)
        lists = batch.column("places")
        sizes, places = _at_most(lists)
        self._parts.append(
            (
                {
                    "seq": numbers_of(batch.column("seq")).copy(),
                    "thread": numbers_of(batch.column("thread")).copy(),
                    "time": time,
                    "arrived": np.where(validity_of(arrived), numbers_of(arrived) // 1_000_000, time),
                    "author": np.where(validity_of(author), numbers_of(author), 0).view(np.uint64),
                    "source": self._codes_of(batch.column("source")),
                    "epoch": _shorts(batch.column("author_epoch")).copy(),
                    "is_copy": mask_of(batch.column("is_copy")),
                    "is_press": mask_of(pc.equal(batch.column("kind"), _PRESS)),
                    "kind": np.frombuffer(kinds.buffers()[1], np.uint8, len(kinds), kinds.offset).copy(),
                    "sizes": sizes,
                },
                places,
            )
        )

    def forget(self, *, now: int) -> None:
        """Leave out what is older than the window, and the keys of authors whose day is long over."""
        self._join()
        arrived, time, author = self._columns["arrived"], self._columns["time"], self._columns["author"]
        old = arrived < now - AUTHOR_DAYS * DAY
        if author[old].any():
            self._columns["author"] = np.where(old, np.uint64(0), author)
        kept = np.maximum(arrived, time) >= now - HISTORY_DAYS * DAY
        if kept.all():
            return
        sizes = self._columns["sizes"]
        self._written = int(np.count_nonzero(kept[: self._written]))
        self._places = self._places[np.repeat(kept, sizes)]
        self._columns = {name: column[kept] for name, column in self._columns.items()}

    def flush(self) -> None:
        """Write what is new as one piece; all anew as one piece, when the pieces are many or hold what is forgotten."""
        self._join()
        if self.rows == self._written and self.segments:
            return
        is_anew = len(self.segments) >= MOST_PIECES
        start = 0 if is_anew else self._written
        number = 1 + max((int(name.removeprefix("piece-").removesuffix(".arrow")) for name in self.segments), default=0)
        name = f"piece-{number:08d}.arrow"
        self._write_piece(name, start)
        self.segments = [name] if is_anew else [*self.segments, name]
        self._written = self.rows

    def drop_unknown(self) -> None:
        """Remove pieces that no checkpoint counts."""
        for path in self.folder.glob("piece-*.arrow"):
            if path.name not in self.segments:
                path.unlink()

    def scan(
        self, columns: Sequence[str] | None = None, *, only: NDArray[np.int64] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Texts are in the voice log."""
        raise NotImplementedError("what is asked of this log are columns; texts are in the voice log")

    def _codes_of(self, sources: pa.StringArray) -> NDArray[np.int32]:
        encoded = sources.dictionary_encode("encode")
        codes = [self._code(name or "") for name in encoded.dictionary.to_pylist()]
        return np.array(codes, np.int32)[_shorts(encoded.indices)]

    def _code(self, name: str) -> int:
        code = self._source_codes.setdefault(name, len(self.source_names))
        if code == len(self.source_names):
            self.source_names.append(name)
        return code

    def _join(self) -> None:
        if not self._parts:
            return
        parts = [(self._columns, self._places), *self._parts]
        self._parts = []
        self._columns = {name: np.concatenate([part[name] for part, _ in parts]) for name in COLUMNS}
        self._places = np.concatenate([places for _, places in parts])

    def _write_piece(self, name: str, start: int) -> None:
        rows = {key: pa.array(column[start:]) for key, column in self._columns.items() if key != "source"}
        rows["source"] = pa.array([self.source_names[code] for code in self._columns["source"][start:]], pa.string())
        offsets, places = self.places()
        ends = (offsets[start:] - offsets[start]).astype(np.int32)
        rows["places"] = pa.ListArray.from_arrays(pa.array(ends), pa.array(places[offsets[start] :]))
        table = pa.table(rows)
        with (self.folder / name).open("wb") as file:
            with ipc.new_file(file, table.schema, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
                writer.write_table(table)
            file.flush()
            os.fsync(file.fileno())

    def _read_piece(self, name: str) -> None:
        with pa.OSFile(str(self.folder / name)) as file, ipc.open_file(file) as reader:
            table = reader.read_all().combine_chunks()
        if not table.num_rows:
            return
        batch = table.to_batches()[0]
        rows = {
            key: batch.column(key).to_numpy(zero_copy_only=False).astype(kind)
            for key, kind in COLUMNS.items()
            if key != "source"
        }
        rows["source"] = self._codes_of(batch.column("source"))
        self._parts.append((rows, batch.column("places").flatten().to_numpy().astype(np.int32)))


def _at_most(lists: pa.ListArray) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """How many places each voice names and which, 255 at most."""
    offsets = np.frombuffer(lists.buffers()[1], np.int32, len(lists) + 1, lists.offset * 4)
    sizes = np.diff(offsets)
    flat = lists.flatten().to_numpy().astype(np.int32)
    within = np.arange(len(flat)) - np.repeat(offsets[:-1] - offsets[0], sizes)
    return np.minimum(sizes, _MOST_PLACES).astype(np.uint8), flat[within < _MOST_PLACES]


def _shorts(values: pa.Array) -> NDArray[np.int32]:
    return np.frombuffer(values.buffers()[1], np.int32, len(values), values.offset * 4)
