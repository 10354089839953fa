"""The rules of the kinds: cue phrases read from CSV files and laid out for the kernel.

How a cue is matched is in `_kernels.py`; the public functions are in `classify.py`.
An operator's own file has the same columns as `data/kinds_vi.csv`; `docs` of the columns: `load_cues`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading.arrays import text_array

if TYPE_CHECKING:
    from nhipcau.engine.cleaning.lexicon import Lexicon

KINDS: Final = ("question", "request", "concern", "report", "thanks", "other")
"""The kinds of voices; a code is a place in this tuple."""

NO_KIND: Final = len(KINDS)
"""Code of the rows of kind ``none``: exceptions, which mean nothing and hide the shorter cues inside them."""
PARTICLE: Final = NO_KIND + 1
"""Code of the rows of kind ``particle``: words that may stand before a ``start`` cue or after an ``end`` cue."""

_CODES: Final = {**{name: code for code, name in enumerate(KINDS)}, "none": NO_KIND, "particle": PARTICLE}
_POSITIONS: Final = {"anywhere": 0, "start": 1, "end": 2}
_COLUMNS: Final = ("cue", "kind", "weight", "position", "accents", "asks")
_BUILT_IN: Final = ("kinds_vi.csv", "kinds_en.csv")

GAP: Final = "…"
ANY_WORD: Final = "_"


class CueArrays(NamedTuple):
    """Cues of all files, one a row, and an index from the plain hash of a first word to its rows.

    Attributes
    ----------
    kind, weight, position
        int64[c]: code of the kind, points, and where it must stand (0 anywhere, 1 start, 2 end of a clause).
    needs_accents, silences
        bool[c]: only where the writer uses diacritics; the sentence asks nothing, whatever its mark.
    first, gap, last
        int64[c]: the words of a cue are `first` to `last` in the two word arrays; from `gap` on stands what follows
        the ellipsis (`gap` = `last` where there is none).
    plain, marked
        uint64[w]: hashes of the words without and with diacritics; both 0 for ``_``, any one word.
    slots, slot_first, slot_last, rows
        Open-addressed table (uint64 keys, 0 = free; a power of two) from a first word to a range of `rows`, where
        particles come first. `second`: uint64, beside `rows`: plain hash of the word that must follow, 0 = any.
    """

    kind: npt.NDArray[np.int64]
    weight: npt.NDArray[np.int64]
    position: npt.NDArray[np.int64]
    needs_accents: npt.NDArray[np.bool_]
    silences: npt.NDArray[np.bool_]
    first: npt.NDArray[np.int64]
    gap: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    plain: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    slots: npt.NDArray[np.uint64]
    slot_first: npt.NDArray[np.int64]
    slot_last: npt.NDArray[np.int64]
    second: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.int64]


@dataclass(frozen=True)
class CueTable:
    """The phrases as written in the files, and their arrays for the kernel."""

    cues: tuple[str, ...]
    arrays: CueArrays


@dataclass(frozen=True)
class _Row:
    cue: str
    kind: int
    weight: int
    position: int
    needs_accents: bool
    silences: bool


def load_cues(more: Iterable[Path] = (), *, lexicon: Lexicon | None = None) -> CueTable:
    """Read the built-in cues and an operator's own files.

    Parameters
    ----------
    more
        CSV files with the columns ``cue,kind,weight,position,accents,asks``. ``cue``: words; ``…`` stands for up to
        eight words of the same clause, ``_`` for any one word. ``kind``: one of `KINDS`, or ``none`` (an exception:
        these words mean nothing, and shorter cues inside them do not count), or ``particle`` (a word of courtesy or
        address that does not move a start or an end). ``weight``: 0 to 9 points; a kind needs 4. ``position``:
        ``anywhere``, or ``start`` or ``end`` of a clause. ``accents``: ``needed`` where the phrase without diacritics
        would be another word, else ``free``. ``asks``: ``no`` for a rhetorical question.
        A later row with the same cue, kind and position replaces an earlier one.
    lexicon
        The teencode of the posts; the shipped one if not given.

    Raises
    ------
    EngineError
        ``kinds.unreadable``, ``kinds.bad-columns`` and ``kinds.bad-cue``, with the file, the line, and what is wrong.

    Notes
    -----
    About 10 ms for 1,300 cues; `built_in_cues` keeps the table of the process.
    """
    rows: dict[tuple[str, int, int], _Row] = {}
    for name in _BUILT_IN:
        text = files("nhipcau.engine.data").joinpath(name).read_text(encoding="utf-8")
        rows |= {(row.cue, row.kind, row.position): row for row in _read(text, name)}
    for path in more:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError("kinds.unreadable", file=str(path), reason=str(error)) from error
        rows |= {(row.cue, row.kind, row.position): row for row in _read(text, str(path))}
    return _table(list(rows.values()), lexicon or built_in_lexicon())


@cache
def built_in_cues() -> CueTable:
    """Return the built-in cues, read once a process."""
    return load_cues()


@cache
def built_in_lexicon() -> Lexicon:
    """Return the shipped teencode, read once a process, for callers that bring no tokens."""
    from nhipcau.engine.cleaning.lexicon import Lexicon

    return Lexicon.load()


def _read(text: str, name: str) -> list[_Row]:
    reader = csv.DictReader(text.splitlines())
    if not set(_COLUMNS) <= set(reader.fieldnames or ()):
        raise EngineError("kinds.bad-columns", file=name, expected=",".join(_COLUMNS))
    rows = []
    for cells in reader:
        line = reader.line_num
        cell = {column: (cells[column] or "").strip() for column in _COLUMNS}
        if problem := _problem(cell):
            raise EngineError(
                "kinds.bad-cue", file=name, line=line, column=problem, value=cell[problem], reason=f"cue-{problem}"
            )
        rows.append(
            _Row(
                cue=" ".join(cell["cue"].split()),
                kind=_CODES[cell["kind"]],
                weight=int(cell["weight"]),
                position=_POSITIONS[cell["position"]],
                needs_accents=cell["accents"] == "needed",
                silences=cell["asks"] == "no",
            )
        )
    return rows


def _problem(cell: dict[str, str]) -> str | None:
    """Name the first column whose value cannot be used."""
    parts = cell["cue"].split(GAP)
    usable = len(parts) <= 2 and all(part.split() and part.split()[0] != ANY_WORD for part in parts)
    checks = {
        "cue": usable,
        "kind": cell["kind"] in _CODES,
        "weight": cell["weight"].isascii() and cell["weight"].isdigit() and len(cell["weight"]) == 1,
        "position": cell["position"] in _POSITIONS,
        "accents": cell["accents"] in {"free", "needed", ""},
        "asks": cell["asks"] in {"no", ""},
    }
    return next((column for column, good in checks.items() if not good), None)


def _table(rows: list[_Row], lexicon: Lexicon) -> CueTable:
    words = sorted({word for row in rows for word in row.cue.split()} - {GAP, ANY_WORD})
    hashes = _hashes_of(words, lexicon)
    plain: list[int] = []
    marked: list[int] = []
    first, gap, last = [], [], []
    for row in rows:
        first.append(len(plain))
        gap.append(-1)
        for word in row.cue.split():
            if word == GAP:
                gap[-1] = len(plain)
                continue
            for pair in [(0, 0)] if word == ANY_WORD else hashes[word]:
                plain.append(pair[0])
                marked.append(pair[1])
        last.append(len(plain))
        gap[-1] = last[-1] if gap[-1] < 0 else gap[-1]
    usable = [place for place in range(len(rows)) if last[place] > first[place]]
    by_word: dict[int, list[int]] = {}
    for place in usable:
        by_word.setdefault(plain[first[place]], []).append(place)
    size = 1 << max(4, (4 * len(by_word)).bit_length())
    slots = np.zeros(size, dtype=np.uint64)
    slot_first, slot_last = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    order: list[int] = []
    for key, places in sorted(by_word.items()):
        slot = key & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot], slot_first[slot] = key, len(order)
        order.extend(sorted(places, key=lambda place: rows[place].kind != PARTICLE))
        slot_last[slot] = len(order)
    arrays = CueArrays(
        kind=np.array([row.kind for row in rows], dtype=np.int64),
        weight=np.array([row.weight for row in rows], dtype=np.int64),
        position=np.array([row.position for row in rows], dtype=np.int64),
        needs_accents=np.array([row.needs_accents for row in rows], dtype=np.bool_),
        silences=np.array([row.silences for row in rows], dtype=np.bool_),
        first=np.array(first, dtype=np.int64),
        gap=np.array(gap, dtype=np.int64),
        last=np.array(last, dtype=np.int64),
        plain=np.array(plain, dtype=np.uint64),
        marked=np.array(marked, dtype=np.uint64),
        slots=slots,
        slot_first=slot_first,
        slot_last=slot_last,
        second=np.array([plain[first[row] + 1] if gap[row] > first[row] + 1 else 0 for row in order], dtype=np.uint64),
        rows=np.array(order, dtype=np.int64),
    )
    return CueTable(tuple(row.cue for row in rows), arrays)


def _hashes_of(words: list[str], lexicon: Lexicon) -> dict[str, list[tuple[int, int]]]:
    """Each word through the same tokenizer as the posts, so that teencode and tone marks meet."""
    from nhipcau.engine.cleaning.tokens import tokenize

    tokens = tokenize(text_array(words), lexicon=lexicon)
    pairs = list(zip(tokens.plain.tolist(), tokens.marked.tolist(), strict=True))
    bounds = tokens.offsets.tolist()
    return {word: pairs[bounds[place] : bounds[place + 1]] for place, word in enumerate(words)}
