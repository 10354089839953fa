"""What one voice may hold, and what is said of one that cannot be taken: never a word of the voice itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

FIELDS: Final[dict[str, int]] = {
    "id": 300,
    "time": 100,
    "title": 2_000,
    "text": 50_000,
    "author": 300,
    "author_id": 300,
    "handle": 300,
    "place": 500,
    "channel": 100,
    "kind": 50,
    "reach": 30,
    "link": 4_000,
}
"""The fields and how many letters each may have."""
_NUMBERS_TOO: Final = frozenset({"id", "time", "author_id", "handle", "reach"})
_HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
CODES: Final = (
    "json",
    "no-object",
    "unknown-field",
    "missing",
    "empty",
    "type",
    "too-long",
    "time-unreadable",
    "time-too-late",
    "time-too-early",
)
"""All that can be wrong with a row."""


class Refused(NamedTuple):
    """A row that was left out: its number, the field that does not hold (empty: the row as a whole), and why."""

    row: int
    field: str
    code: str
    values: Mapping[str, int] = {}

    def to_json(self) -> dict[str, Any]:
        """As it is kept with a receipt."""
        return {"row": self.row, "field": self.field, "code": self.code, "values": dict(self.values)}


@dataclass
class Columns:
    """The fields of the good voices, a list each."""

    lines: list[int] = field(default_factory=list)
    id: list[str | None] = field(default_factory=list)
    time: list[str | None] = field(default_factory=list)
    text: list[str | None] = field(default_factory=list)
    author: list[str | None] = field(default_factory=list)
    """What tells one author from another: the id, else the handle, else the name."""
    place: list[str | None] = field(default_factory=list)
    channel: list[str | None] = field(default_factory=list)
    kind: list[str | None] = field(default_factory=list)
    reach: list[str | None] = field(default_factory=list)
    link: list[str | None] = field(default_factory=list)
    called: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    """Names, and handles with ids, of each author."""


def columns_of(voices: Iterable[object]) -> tuple[Columns, list[Refused]]:
    """Judge voices one by one; rows count from 1."""
    columns, refused = Columns(), []
    for row, voice in enumerate(voices, 1):
        if isinstance(voice, Refused):
            refused.append(voice._replace(row=row))
            continue
        found = _fields(row, voice)
        if isinstance(found, Refused):
            refused.append(found)
        else:
            _add(columns, row, found)
    return columns, refused


def _add(columns: Columns, row: int, found: dict[str, str]) -> None:
    title, text = found.get("title"), found["text"]
    handles = [found[name] for name in ("author_id", "handle") if name in found]
    names = [found["author"]] if "author" in found else []
    columns.lines.append(row)
    columns.id.append(found["id"])
    columns.time.append(found.get("time"))
    columns.text.append(f"{title}\n{text}" if title and text else title or text)
    columns.author.append(next(iter((*handles, *names)), None))
    columns.called.append((tuple(names), tuple(handles)))
    for name in ("place", "channel", "kind", "reach", "link"):
        getattr(columns, name).append(found.get(name))


def _fields(row: int, voice: object) -> dict[str, str] | Refused:
    """The fields of a voice that hold something, as clean texts."""
    if not isinstance(voice, Mapping):
        return Refused(row, "", "no-object")
    found: dict[str, str] = {}
    for name, value in voice.items():
        limit = FIELDS.get(name)
        if limit is None:
            return Refused(row, "", "unknown-field")
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            text = _written(name, value)
            if text is None:
                return Refused(row, name, "type")
            value = text
        if len(value) > limit:
            return Refused(row, name, "too-long", {"limit": limit})
        found[name] = clean(value)
    if not found.get("id", "").strip():
        return Refused(row, "id", "missing")
    if not found.get("text") and not found.get("title"):
        return Refused(row, "text", "missing")
    found.setdefault("text", "")
    return found


def _written(name: str, value: object) -> str | None:
    """A number or a moment as a text; None where the field takes neither."""
    if name == "time" and isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else None
    if name in _NUMBERS_TOO and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if abs(value) < 1e18 else None
    return None


def clean(text: str) -> str:
    """Take out what could disguise a text, as the engine's readers do: controls, turned directions, half characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _HIDDEN.search(text):
        text = _HIDDEN.sub("", text)
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
