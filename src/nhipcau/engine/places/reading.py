"""A gazetteer file → `Units`: the list that comes with the engine, or an operator's own CSV. No searching."""

from __future__ import annotations

import csv
import gzip
import io
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from nhipcau.engine.errors import EngineError
from nhipcau.engine.places.units import COLUMNS, TYPE_WORDS, Units, level_of

_REQUIRED: Final = ("code", "name")

_Columns = tuple[dict[str, list[str]], npt.NDArray[np.float64], npt.NDArray[np.float64]]
_NONE: Final[_Columns] = ({}, np.zeros(0), np.zeros(0))


def shipped_units() -> Units:
    """Read today's and the former units of Viet Nam."""
    return _units(*_shipped_columns())


def _shipped_columns() -> _Columns:
    with (files("nhipcau.engine") / "data" / "places.csv.gz").open("rb") as packed:
        text = gzip.decompress(packed.read())
    table = pa.csv.read_csv(
        pa.BufferReader(text),
        convert_options=pa.csv.ConvertOptions(
            column_types={name: pa.float64() if name in ("latitude", "longitude") else pa.string() for name in COLUMNS},
            strings_can_be_null=False,
        ),
    )
    columns = {name: table[name].to_pylist() for name in COLUMNS if name not in ("latitude", "longitude")}
    # Not `ChunkedArray.to_numpy`, which imports pandas where it is installed and so takes half a second.
    latitude, longitude = (np.array(table[name].to_pylist(), dtype=np.float64) for name in ("latitude", "longitude"))
    return columns, latitude, longitude


def read_units(path: Path, *, beside_shipped: bool = False) -> Units:
    """Read an operator's own list, to stand instead of the shipped one or beside it.

    The CSV (UTF-8, gzipped or not) has a heading with at least `code` and `name`; of the other `COLUMNS` it may have
    any. `parent` is a code of the same file (or of the shipped list, where it stands beside that), `aliases` are
    divided by semicolons. Without a `kind` a row is a place of its own (a hamlet, a market, a road), found by its name
    alone. What `data/places.csv.gz` holds can stand in the same file.

    Raises
    ------
    EngineError
        `places.unreadable` (file, reason), `places.no-heading` (file, columns), `places.bad-line` (file, line,
        field, reason: a code), `places.empty` (file).
    """
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        text = content.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise EngineError("places.unreadable", file=str(path), reason=str(error)) from None
    shipped_columns, shipped_latitude, shipped_longitude = _shipped_columns() if beside_shipped else _NONE
    shipped = frozenset(shipped_columns.get("code", ()))
    reader = csv.reader(io.StringIO(text, newline=""))
    heading = [name.strip().lower() for name in next(reader, [])]
    if not set(_REQUIRED) <= set(heading):
        raise EngineError("places.no-heading", file=str(path), columns=",".join(heading))
    columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
    lines: dict[str, int] = {}
    for values in reader:
        if not any(value.strip() for value in values):
            continue
        line = reader.line_num
        row = dict(zip(heading, (value.strip() for value in values), strict=False))
        if len(values) != len(heading):
            raise _bad(path, line, ",".join(heading), "column-count", expected=len(heading), found=len(values))
        for name in _REQUIRED:
            if not row[name]:
                raise _bad(path, line, name, "empty")
        if row["code"] in lines:
            raise _bad(path, line, "code", "code-twice", value=row["code"], first=lines[row["code"]])
        if row["code"] in shipped:
            raise _bad(path, line, "code", "code-shipped", value=row["code"])
        if row.get("kind", "") not in ("", *TYPE_WORDS):
            raise _bad(path, line, "kind", "unknown-kind", value=row["kind"], expected=", ".join(TYPE_WORDS))
        for name, limit in (("latitude", 90.0), ("longitude", 180.0)):
            _check_degrees(row.get(name, ""), name, limit, path, line)
        lines[row["code"]] = line
        for name in COLUMNS:
            columns[name].append(row.get(name, ""))
    if not lines:
        raise EngineError("places.empty", file=str(path))
    columns["kind"] = [kind or "place" for kind in columns["kind"]]
    for code, *others in zip(columns["code"], columns["parent"], columns["province"], strict=True):
        for other in others:
            if other and ((other not in lines and other not in shipped) or other == code):
                raise _bad(path, lines[code], "parent", "no-such-code", value=other)
    latitude, longitude = (
        np.array([float(value) if value else np.nan for value in columns[name]], dtype=np.float64)
        for name in ("latitude", "longitude")
    )
    if beside_shipped:
        columns = {name: shipped_columns[name] + columns[name] for name in shipped_columns}
        latitude = np.concatenate([shipped_latitude, latitude])
        longitude = np.concatenate([shipped_longitude, longitude])
    return _units(columns, latitude, longitude)


def _bad(path: Path, line: int, field: str, reason: str, **values: object) -> EngineError:
    return EngineError("places.bad-line", file=str(path), line=line, field=field, reason=reason, **values)


def _check_degrees(value: str, name: str, limit: float, path: Path, line: int) -> None:
    try:
        is_good = not value or abs(float(value)) <= limit
    except ValueError:
        is_good = False
    if not is_good:
        raise _bad(path, line, name, "degrees", value=value)


def _units(
    columns: dict[str, list[str]], latitude: npt.NDArray[np.float64], longitude: npt.NDArray[np.float64]
) -> Units:
    rows = {code: row for row, code in enumerate(columns["code"])}
    parent = np.array([rows.get(code, -1) for code in columns["parent"]], dtype=np.int32)
    level_of_kind = {kind: level_of(kind) for kind in set(columns["kind"])}
    level = np.array([level_of_kind[kind] for kind in columns["kind"]], dtype=np.int8)
    province = np.array([rows.get(code, -1) for code in columns["province"]], dtype=np.int32)
    return Units(
        code=columns["code"],
        name=columns["name"],
        kind=columns["kind"],
        aliases=[tuple(filter(None, map(str.strip, text.split(";")))) if text else () for text in columns["aliases"]],
        parent=parent,
        province=np.where(province >= 0, province, _uppermost(parent, level)).astype(np.int32),
        level=level,
        former=np.array([bool(day) for day in columns["valid_to"]]),
        latitude=latitude,
        longitude=longitude,
        successors=[
            tuple(rows[code] for code in codes.split(" ") if code in rows) if codes else ()
            for codes in columns["former_of"]
        ],
    )


def _uppermost(parent: npt.NDArray[np.int32], level: npt.NDArray[np.int8]) -> npt.NDArray[np.int32]:
    """Row of the province above each place, or of whatever stands highest, -1 where nothing stands above."""
    top = np.where(level == 3, np.arange(len(parent)), parent)
    for _ in range(8):  # deeper than any administration; ends a ring of parents too
        above = np.where(top >= 0, parent[np.maximum(top, 0)], -1)
        top = np.where((above >= 0) & (level[np.maximum(top, 0)] != 3), above, top)
    return top.astype(np.int32)
