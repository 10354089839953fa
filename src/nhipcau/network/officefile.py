"""Files of offices (CSV): reading their rows with all that is wrong in them, and writing them. No database.

What a file would change is in `queries/office_plan.py`; bringing it in is `actions/office_import.py`.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from nhipcau.network.officefields import OfficeFields, Problem, problems_of, read_routes, write_routes
from nhipcau.network.spelling import folded
from nhipcau.network.week import WeekError, read_week, write_week

COLUMNS: Final = (
    "code",
    "name",
    "name_en",
    "kind",
    "parent",
    "areas",
    "place_code",
    "latitude",
    "longitude",
    "languages",
    "working_hours",
    "routes",
    "opened_on",
)
HEADINGS_VI: Final = (
    "mã",
    "tên",
    "tên tiếng Anh",
    "loại",
    "cấp trên",
    "khu vực",
    "mã địa bàn",
    "vĩ độ",
    "kinh độ",
    "ngôn ngữ",
    "giờ làm việc",
    "liên hệ",
    "ngày thành lập",
)
"""What a heading may say instead; signs and capitals do not matter."""
KINDS_VI: Final = {
    "điểm cầu tỉnh": "hub",
    "khu vực": "area",
    "sở, ngành": "department",
    "sở ngành": "department",
    "điểm cầu": "point",
}
MOST_ROWS: Final = 5000
MOST_BYTES: Final = 5_000_000
_GUARDED: Final = ("=", "+", "-", "@", "\t", "'")
"""A table program would run such a cell as a formula; it is written with an apostrophe before it."""
_FIELDS: Final = {
    folded(name): column for names in (COLUMNS, HEADINGS_VI) for name, column in zip(names, COLUMNS, strict=True)
}
_KINDS: Final = {folded(name): kind for name, kind in KINDS_VI.items()}


class FileRefused(ValueError):
    """A file that cannot be read at all: a code, and what it needs."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(slots=True)
class FileRow:
    """A row of the file: what it states (only the columns of the file), and what does not hold."""

    line: int
    code: str
    stated: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_file(content: bytes) -> list[FileRow]:
    """Read the rows of a file in UTF-8; commas, semicolons or tabs between the columns.

    Raises
    ------
    FileRefused
        `too-large`, `not-utf8`, `no-heading` (missing), `heading-unknown` (heading), `heading-twice` (heading),
        `too-many-rows`, `empty`, `broken` (line), `broken-sign` (line).
    """
    if len(content) > MOST_BYTES:
        raise FileRefused("too-large", megabytes=MOST_BYTES // 1_000_000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("not-utf8", line=content[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise FileRefused("broken-sign", line=text[: text.index("\0")].count("\n") + 1)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[FileRow] = []
    try:
        columns = _columns(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(_row(reader.line_num, columns, cells))
            if len(rows) > MOST_ROWS:
                raise FileRefused("too-many-rows", rows=MOST_ROWS)
    except csv.Error:
        raise FileRefused("broken", line=reader.line_num) from None
    if not rows:
        raise FileRefused("empty")
    _mark_repeated(rows)
    return rows


def write_file(offices: Iterable[tuple[OfficeFields, str, list[str]]]) -> str:
    """Write offices, each with the code of its parent and those of its areas, so that `read_file` reads the same."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for office, parent, areas in offices:
        cells = (
            office.code,
            office.name,
            office.name_en,
            office.kind,
            parent,
            " ".join(areas),
            office.place_code,
            "" if office.latitude is None else repr(office.latitude),
            "" if office.longitude is None else repr(office.longitude),
            " ".join(office.languages),
            write_week(office.working_hours) if office.working_hours else "",
            write_routes(office.routes),
            office.opened_on.isoformat() if office.opened_on else "",
        )
        writer.writerow(
            f"'{cell}" if cell.startswith(_GUARDED) and column not in ("latitude", "longitude") else cell
            for column, cell in zip(COLUMNS, cells, strict=True)
        )
    return text.getvalue()


def fields_with(office: OfficeFields | None, row: FileRow) -> OfficeFields:
    """What the office would be with what the row states; a column that the file has not stays as it is."""
    before = (
        {name: getattr(office, name) for name in OfficeFields.__slots__}
        if office is not None
        else {"code": row.code, "name": "", "kind": "point"}
    )
    stated = {name: value for name, value in row.stated.items() if name not in ("parent", "areas")}
    if not stated.get("kind"):
        stated.pop("kind", None)  # an office always has one: an empty cell leaves what is
    return OfficeFields(**before | stated)


def row_problems(row: FileRow, office: OfficeFields) -> list[Problem]:
    """All that does not hold in a row: unreadable cells first, then what the fields may not be."""
    unread = {problem.field for problem in row.problems}
    return [*row.problems, *(problem for problem in problems_of(office) if problem.field not in unread)]


def _columns(headings: list[str]) -> list[str]:
    columns: list[str] = []
    for heading in headings:
        column = _FIELDS.get(folded(heading))
        if column is None:
            raise FileRefused("heading-unknown", heading=heading.strip(), headings=", ".join(COLUMNS))
        if column in columns:
            raise FileRefused("heading-twice", heading=heading.strip())
        columns.append(column)
    if "code" not in columns:
        raise FileRefused("no-heading", heading="code")
    return columns


def _row(line: int, columns: list[str], cells: list[str]) -> FileRow:
    values = {name: _unguarded(cell.strip()) for name, cell in zip(columns, cells, strict=False)}
    row = FileRow(line, values.get("code", ""))
    if len(cells) != len(columns):
        row.problems.append(Problem("code", "cell-count", f"{len(cells)} ≠ {len(columns)}"))
        return row
    for name, cell in values.items():
        try:
            row.stated[name] = _value(name, cell)
        except WeekError as error:
            row.problems.append(Problem(name, error.code, error.text))
        except ValueError:
            row.problems.append(Problem(name, "number" if name in ("latitude", "longitude") else "day", cell))
    return row


def _value(name: str, cell: str) -> Any:
    match name:
        case "latitude" | "longitude":
            return float(cell.replace(",", ".")) if cell else None
        case "kind":
            return _KINDS.get(folded(cell), cell.lower())
        case "areas" | "languages":
            return tuple(cell.replace(",", " ").replace(";", " ").split())
        case "working_hours":
            return read_week(cell) if cell else None
        case "routes":
            return read_routes(cell)
        case "opened_on":
            return _day(cell) if cell else None
        case _:
            return " ".join(cell.split())


def _day(cell: str) -> datetime.date:
    """A day as the machine writes it (2025-07-01) or as people do (1/7/2025)."""
    if "/" in cell:
        day, month, year = (int(part) for part in cell.split("/"))
        return datetime.date(year, month, day)
    return datetime.date.fromisoformat(cell)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def _mark_repeated(rows: list[FileRow]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.code and row.code in first:
            row.problems.append(Problem("code", "code-twice", str(first[row.code])))
        first.setdefault(row.code, row.line)
