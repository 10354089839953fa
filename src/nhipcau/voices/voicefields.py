"""What one voice may hold, and what is said of one that cannot be taken: never a word of the voice itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from nhipcau.engine.cleaning.names import called_by

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
_DISGUISE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
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


class Voice(NamedTuple):
    """One good voice: its number in the batch, its fields, what its author is called."""

    row: int
    id: str
    time: str | None
    text: str
    author: str | None
    """What tells one author from another: the id, else the handle, else the name."""
    place: str | None
    channel: str | None
    kind: str | None
    reach: str | None
    link: str | None
    names: tuple[str, ...]
    handles: tuple[str, ...]


def judged(voices: Iterable[object]) -> tuple[list[Voice], list[Refused]]:
    """Judge voices one by one; rows count from 1. A `Refused` among them was judged before."""
    good, refused = [], []
    for row, voice in enumerate(voices, 1):
        if isinstance(voice, Refused):
            refused.append(voice._replace(row=row))
            continue
        found = _fields(row, voice)
        if isinstance(found, Refused):
            refused.append(found)
        else:
            good.append(_voice(row, found))
    return good, refused


def _voice(row: int, found: dict[str, str]) -> Voice:
    get = found.get
    title, text, name, account, handle = get("title"), get("text"), get("author"), get("author_id"), get("handle")
    names, handles = called_by((account, handle)) if account or handle else ([], [])
    return Voice(
        row,
        found["id"],
        get("time"),
        f"{title}\n{text}" if title and text else title or text or "",
        account or handle or name,
        get("place"),
        get("channel"),
        get("kind"),
        get("reach"),
        get("link"),
        (*((name,) if name else ()), *names),
        tuple(handles),
    )


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
    if not _DISGUISE.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _HIDDEN.sub("", text))
