"""Values of a place column → units: by code, or by name with or without diacritics, type word and the units above."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import Final

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.text import normalize
from nhipcau.engine.places.units import FORMER_PREFIX, TYPE_WORDS, Units

_DIVIDERS: Final = re.compile(r"\s*[,;|/>\n]\s*")
_HYPHENS: Final = re.compile(r"\s+[-–—]\s+")
_SHORT_WORDS: Final = {
    "x": "xã",
    "p": "phường",
    "h": "huyện",
    "q": "quận",
    "t": "tỉnh",
    "tt": "thị trấn",
    "tx": "thị xã",
}
_TYPE_WORD: Final = re.compile(
    r"^(tỉnh|tinh|thành phố|thanh pho|tp\.?|xã|xa|phường|phuong|đặc khu|dac khu|thị trấn|thi tran|huyện|huyen|quận|quan"
    r"|thị xã|thi xa|tx\.?|[xphqt]\.|tt\.)\s*",
    re.IGNORECASE,
)
_COUNTRY: Final = frozenset({"viet nam", "vietnam", "vn"})


class ColumnNames:
    """Names of units in the forms that place columns have, and the choice among units of one name."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._codes = {code: row for row, code in enumerate(units.code)}

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        """Bare name without diacritics in lower case → rows."""
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self._units.name):
            for spelling in (name, *self._units.aliases[row]):
                known = rows.setdefault(_key(_TYPE_WORD.sub("", spelling)), [])
                if row not in known[-1:]:
                    known.append(row)
        return rows

    def units_of(self, value: str, *, home: int) -> tuple[str, tuple[int, ...]] | None:
        """Return the name and the units that a value may mean: one, several, or none; None for an empty value.

        The name is the value as people write it, for what is ambiguous or not listed.
        """
        text = normalize(value)
        if not text:
            return None
        for code in (text, FORMER_PREFIX + text):
            if code in self._codes:
                return text, (self._codes[code],)
        parts = [part for part in self._parts(text) if part and _key(part) not in _COUNTRY]
        whole = self._called(text)
        if whole:
            parts, candidates = [text], whole
        else:
            candidates = self._called(parts[0]) if parts else []
        above = [set(self._called(part)) for part in parts[1:]]
        for rows in above:
            rows.update(successor for row in tuple(rows) for successor in self._units.successors[row])
        candidates = _best(candidates, [sum(self._is_in(row, rows) for rows in above) for row in candidates])
        if len(candidates) > 1 and home >= 0:
            candidates = _best(candidates, [int(self._units.province[row] == home) for row in candidates])
        if len(candidates) > 1 and len({int(self._units.province[row]) for row in candidates}) == 1:
            rank = [2 * int(self._units.level[row]) + (not self._units.former[row]) for row in candidates]
            candidates = _best(candidates, rank)
        return parts[0] if len(parts) == 1 else text, tuple(candidates)

    def _parts(self, text: str) -> list[str]:
        """Cut a value at its commas, and at hyphens between names that no unit bears together."""
        parts = []
        for part in _DIVIDERS.split(text):
            parts.extend([part] if self._called(part) else _HYPHENS.split(part))
        return parts

    def _called(self, part: str) -> list[int]:
        """Rows of the units that may be called so: with the right type word where one is given, if any fits."""
        typed = _TYPE_WORD.match(part)
        name = part[typed.end() :] if typed else part
        rows = self._rows.get(_key(name), [])
        if typed and not rows:
            name, typed = part, None
            rows = self._rows.get(_key(name), [])
        if not name.isascii():
            spelled = _spelled(name)
            rows = [row for row in rows if spelled in map(_spelled, self._forms(row))]
        if typed:
            word = typed[1].rstrip(".").lower()
            word = _key(_SHORT_WORDS.get(word, word))
            rows = [row for row in rows if word in map(_key, TYPE_WORDS[self._units.kind[row]])] or rows
        elif rows:
            highest = max(int(self._units.level[row]) for row in rows)
            if highest == 3:  # a bare name of a province means the province
                rows = [row for row in rows if self._units.level[row] == 3]
        shadow = {row for row in rows if self._is_shadowed(row)}
        return [row for row in rows if row not in shadow]

    def _forms(self, row: int) -> list[str]:
        """Return the spellings of a unit without type words."""
        return [_TYPE_WORD.sub("", name) for name in (self._units.name[row], *self._units.aliases[row])]

    def _is_shadowed(self, row: int) -> bool:
        name, kind = self._units.name, self._units.kind
        return any(name[unit] == name[row] and kind[unit] == kind[row] for unit in self._units.successors[row])

    def _is_in(self, row: int, above: set[int]) -> bool:
        for _ in range(8):  # deeper than any administration; ends a ring of parents too
            if row < 0:
                break
            row_above = int(self._units.parent[row])
            if row_above in above or int(self._units.province[row]) in above:
                return True
            row = row_above
        return False


def _best(rows: list[int], scores: list[int]) -> list[int]:
    best = max(scores, default=0)
    return [row for row, score in zip(rows, scores, strict=True) if score == best]


def _spelled(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("-", " ").split())


def _key(name: str) -> str:
    return strip_diacritics(_spelled(name))
