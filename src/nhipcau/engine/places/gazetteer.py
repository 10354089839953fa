"""The list of places, and what texts and place columns say of them: `Gazetteer`. Its data: `reading.py`, `units.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.errors import EngineError
from nhipcau.engine.places.columns import ColumnNames
from nhipcau.engine.places.reading import read_units, shipped_units
from nhipcau.engine.places.units import TYPE_WORDS, Place, Units

if TYPE_CHECKING:
    from nhipcau.engine.cleaning.tokens import Tokens
    from nhipcau.engine.places.names import Context, Spellings


@dataclass(frozen=True, slots=True)
class PlaceMatches:
    """The places of n texts: those of text i are `rows[offsets[i]:offsets[i + 1]]`, each once, as first named.

    `offsets` is int64[n + 1], `rows` int32[m], rows of the gazetteer.
    """

    offsets: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]


class _UnitColumns(NamedTuple):
    """What the kernel needs to know of units: int32, int32, int8, int8, bool, bool, all of one length."""

    parent: npt.NDArray[np.int32]
    province: npt.NDArray[np.int32]
    level: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    former: npt.NDArray[np.bool_]
    is_zone: npt.NDArray[np.bool_]


class _Ambiguous(NamedTuple):
    """Rows that stand for a name of several units: of each entry one for all (province -1), then one a province."""

    offsets: npt.NDArray[np.int64]
    province: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]


class _Tables:
    """What is made of units for finding them; slow to make and never changed: gazetteers of one list share it."""

    def __init__(self, units: Units) -> None:
        self.units = units

    @cached_property
    def names(self) -> ColumnNames:
        return ColumnNames(self.units)

    @cached_property
    def context(self) -> Context:
        from nhipcau.engine.places.names import context

        return context()

    @cached_property
    def spellings(self) -> Spellings:
        from nhipcau.engine.places.names import spellings

        return spellings(self.units, shadowed=shadowed(self.units), absorbed=shadowed(self.units, of_kind=False))

    @cached_property
    def columns(self) -> _UnitColumns:
        units = self.units
        numbers = {kind: number for number, kind in enumerate(TYPE_WORDS)}
        kind = np.array([numbers[kind] for kind in units.kind], dtype=np.int8)
        is_zone = kind == numbers["special-zone"]
        return _UnitColumns(units.parent, units.province, units.level, kind, units.former, is_zone)

    @cached_property
    def shared_names(self) -> tuple[list[tuple[int, ...]], _Ambiguous]:
        """Sets of units that one spelling may mean, and the row of each; the same set has one row for all spellings."""
        names = self.spellings
        offsets, provinces, rows = [0], [], []
        known: dict[tuple[int, ...], int] = {}
        candidates, province = names.candidates.tolist(), self.units.province.tolist()
        bounds = names.offsets.tolist()
        for first, last in pairwise(bounds):
            if last - first > 1:
                by_province: dict[int, list[int]] = {-1: sorted(candidates[first:last])}
                for unit in by_province[-1]:
                    by_province.setdefault(province[unit], []).append(unit)
                for code, units in by_province.items():
                    if len(units) > 1:
                        provinces.append(code)
                        rows.append(len(self.units) + known.setdefault(tuple(units), len(known)))
            offsets.append(len(rows))
        return list(known), _Ambiguous(
            np.array(offsets, np.int64), np.array(provinces, np.int32), np.array(rows, np.int32)
        )


@cache
def _shipped() -> _Tables:
    return _Tables(shipped_units())


class Gazetteer:
    """Units, and rows for names that are ambiguous or not listed.

    Rows are numbered in this order: the units as the file has them; names that several units bear, in a fixed order;
    then the names that only a place column brought (`extras`), in the order in which they came. The first two depend on
    the file alone, so a log of rows stays readable as long as `fingerprint` and `extras` are kept with it.

    Examples
    --------
    >>> from nhipcau.engine.cleaning.tokens import Lexicon, tokenize
    >>> gazetteer = Gazetteer.load()
    >>> texts = pa.array(["Mưa lớn ở xã Tân Lập, tỉnh Đồng Nai"])
    >>> matches = gazetteer.find(tokenize(texts, lexicon=Lexicon.load()), texts)
    >>> [gazetteer.describe(row).full_name for row in matches.rows]
    ['xã Tân Lập', 'tỉnh Đồng Nai']
    """

    def __init__(
        self,
        units: Units,
        *,
        home: str | None = None,
        extras: Iterable[Place] = (),
        tables: _Tables | None = None,
    ) -> None:
        self.units = units
        self._tables = tables or _Tables(units)
        rows = {code: row for row, code in enumerate(units.code)}
        if home is not None and home not in rows:
            raise EngineError("places.unknown-home", home=home)
        self._home = rows[home] if home is not None else -1
        self._rows = rows
        # A file has lists where a place has tuples.
        self._extras = [replace(extra, candidates=tuple(extra.candidates), successors=()) for extra in extras]
        self._extra_rows = {(extra.name, extra.candidates): row for row, extra in enumerate(self._extras)}

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        *,
        more: Path | None = None,
        home: str | None = None,
        extras: Iterable[Place] = (),
    ) -> Gazetteer:
        """Load the units of Viet Nam, or an operator's own list.

        Parameters
        ----------
        path
            A CSV with at least `code,name`, see `reading.read_units`; it stands instead of the shipped list.
        more
            Such a CSV that stands beside the shipped list; not together with `path`.
        home
            Code of the operator's own province: among units of one name, those in it are meant.
        extras
            What `extras` gave when a stream was saved.

        Raises
        ------
        EngineError
            `places.unreadable`, `places.no-heading`, `places.bad-line`, `places.empty`, `places.unknown-home`.
        """
        if more is not None:
            tables = _Tables(read_units(more, beside_shipped=True))
        else:
            tables = _shipped() if path is None else _Tables(read_units(path))
        return cls(tables.units, home=home, extras=extras, tables=tables)

    def __len__(self) -> int:
        """Return the number of rows, those of ambiguous and of unlisted names included."""
        return self._first_extra + len(self._extras)

    @property
    def extras(self) -> tuple[Place, ...]:
        """Names that place columns brought and the file has not, to be saved with the stream."""
        return tuple(self._extras)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when rows would mean other places."""
        import hashlib

        digest = hashlib.blake2b(digest_size=8)
        for row, code in enumerate(self.units.code):
            digest.update(f"{code}\t{self.units.name[row]}\t{self.units.kind[row]}\n".encode())
        digest.update(str(len(self._tables.shared_names[0])).encode())
        return digest.hexdigest()

    def find(self, tokens: Tokens, texts: pa.Array) -> PlaceMatches:
        """Find the places that texts name.

        A name with its type word counts (xã Tân Lập, TP.HCM, Q.1); without it only where it stands as a name of its own
        and is known enough: a province, a city, or a smaller unit whose surroundings the post names. Text without
        diacritics counts under stricter rules. The longest spelling wins. Units of one name are told apart by the
        province or district that the post names, then by `home`; what stays open is a row of kind `ambiguous`.

        Parameters
        ----------
        tokens
            Tokens of the texts.
        texts
            The texts that the tokens were cut from, for what stands between them.

        Notes
        -----
        One pass over the tokens, a few bytes of memory a token; numba-compiled, without the interpreter lock.
        """
        from nhipcau.engine.cleaning.tokens import utf8_buffers
        from nhipcau.engine.places._kernels import find_places

        data, bases = utf8_buffers(texts)
        offsets = np.zeros(len(bases), dtype=np.int64)
        rows = np.empty(len(tokens.marked), dtype=np.int32)
        columns = _TokenColumns(tokens.offsets, tokens.marked, tokens.starts, tokens.ends, tokens.flags)
        tables = self._tables
        names = (tables.spellings, tables.columns, tables.shared_names[1], tables.context, self._home)
        widest = int(np.diff(tokens.offsets).max(initial=0))
        rooms = (
            np.zeros(len(self.units), np.int64),
            np.empty((4, widest), np.int64),
            np.empty(widest, np.int64),
            np.empty(2, np.int64),
        )
        count = find_places(columns, data, bases, *names, rooms, offsets, rows)
        return PlaceMatches(offsets, rows[:count].copy())

    def resolve(self, values: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int32]:
        """Rows of a place column: int32[n], -1 where the column is empty.

        A value is a code, or a name with or without diacritics, type word and the units above it ('xã Tân Lập, huyện
        Đồng Phú, tỉnh Bình Phước'). A name that several units bear is a row of kind `ambiguous`, one that the list has
        not a row of kind `unlisted`; both are remembered in `extras` in the order in which they first came.
        """
        encoded = values.cast(pa.string()).dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks() if encoded.num_chunks != 1 else encoded.chunk(0)
            if isinstance(encoded, pa.ChunkedArray):
                encoded = encoded.unify_dictionaries().chunk(0)
        meanings = np.array([self._meaning(value) for value in encoded.dictionary.to_pylist()] + [-1], dtype=np.int32)
        indices = encoded.indices
        if not len(indices):
            return np.empty(0, dtype=np.int32)
        numbers = np.frombuffer(indices.buffers()[1], dtype=np.int32)[indices.offset : indices.offset + len(indices)]
        if not indices.null_count:
            return meanings[numbers]
        is_valid = np.array(indices.is_valid().to_pylist(), dtype=np.bool_)
        return meanings[np.where(is_valid, numbers, len(meanings) - 1)]

    def describe(self, row: int) -> Place:
        """Return what a row stands for.

        Raises
        ------
        IndexError
            The gazetteer has no such row.
        """
        if 0 <= row < len(self.units):
            return self.units.place(row)
        if 0 <= row < self._first_extra:
            return self._shared(self._tables.shared_names[0][row - len(self.units)])
        return self._extras[row - self._first_extra] if row >= 0 else self._extras[len(self._extras)]

    def row_of(self, code: str) -> int | None:
        """Return the row of a unit by its code, None where there is none."""
        return self._rows.get(code)

    def _meaning(self, value: str) -> int:
        found = self._tables.names.units_of(value, home=self._home)
        if found is None:
            return -1
        name, candidates = found
        if len(candidates) == 1:
            return candidates[0]
        key = (name, tuple(self.units.code[unit] for unit in candidates))
        if key not in self._extra_rows:
            provinces = {int(self.units.province[unit]) for unit in candidates}
            self._extra_rows[key] = len(self._extras)
            self._extras.append(
                Place(
                    code=f"{'ambiguous' if candidates else 'unlisted'}:{name}",
                    name=name,
                    kind="ambiguous" if candidates else "unlisted",
                    province=self._province_code(provinces),
                    candidates=key[1],
                )
            )
        return self._first_extra + self._extra_rows[key]

    def _province_code(self, provinces: set[int]) -> str:
        return self.units.code[next(iter(provinces))] if len(provinces) == 1 and min(provinces) >= 0 else ""

    def _shared(self, units: Sequence[int]) -> Place:
        places = [self.units.place(unit) for unit in units]
        full_names = {place.full_name for place in places}
        name = places[0].full_name if len(full_names) == 1 else places[0].name
        return Place(
            code=f"ambiguous:{name}",
            name=name,
            kind="ambiguous",
            province=self._province_code({int(self.units.province[unit]) for unit in units}),
            candidates=tuple(place.code for place in places),
        )

    @property
    def _first_extra(self) -> int:
        return len(self.units) + len(self._tables.shared_names[0])


class _TokenColumns(NamedTuple):
    offsets: npt.NDArray[np.int64]
    marked: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]


def shadowed(units: Units, *, of_kind: bool = True) -> npt.NDArray[np.bool_]:
    """Former units that today's unit of the same name (and kind) holds: the same place with another border."""
    name, kind = units.name, units.kind
    return np.array(
        [
            any(name[unit] == name[row] and (not of_kind or kind[unit] == kind[row]) for unit in successors)
            for row, successors in enumerate(units.successors)
        ],
        dtype=np.bool_,
    )
