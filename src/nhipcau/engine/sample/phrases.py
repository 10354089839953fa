"""Compiles sentences with slots into numbers: pieces of text, slots that choose among pieces, templates of both.

A template is a row of numbers: a piece, `EMPTY`, or a slot (`-2 - slot`). What a slot may say depends on its context
(the writer, the commune, nothing); one formula fills any slot of many posts at once: `filling.Filler.fill`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.sample.grammar import Scenario, Slot
from nhipcau.engine.sample.province import PROVINCE, SETTLEMENTS, areas, communes

Numbers = npt.NDArray[np.int32]

EMPTY: Final = -1
WIDTH: Final = 24
"""Most pieces in one template."""

CONTEXTS: Final = ("none", "persona", "commune", "settlement", "area")
"""What a slot's choices depend on, in the order of their numbers."""

FREE, OF_POST, OF_ISSUE = range(3)
"""How steady a slot's choice is: made anew each time, the same throughout a post, the same throughout an issue."""

PERSONAS: Final = (
    ("em", "anh chị", 0.14),
    ("em", "ad", 0.16),
    ("em", "các anh chị", 0.07),
    ("em", "admin", 0.06),
    ("mình", "ad", 0.10),
    ("mình", "mọi người", 0.06),
    ("mình", "admin", 0.03),
    ("mình", "bà con", 0.03),
    ("tôi", "ban quản trị", 0.07),
    ("tôi", "các anh chị", 0.11),
    ("tôi", "ad", 0.10),
    ("cháu", "cô chú", 0.04),
    ("cháu", "các cô chú", 0.03),
)
"""What writers call themselves, whom they speak to, and their share of the posts."""

_HOMES: Final = {
    "em": ("nhà em",),
    "mình": ("nhà mình",),
    "tôi": ("nhà tôi",),
    "cháu": ("nhà cháu",),
}
_COURTESY: Final = {
    "em": (" ạ", " ạ", " ạ", ""),
    "mình": ("", "", " ạ", ""),
    "tôi": ("", "", "", " ạ"),
    "cháu": (" ạ", " ạ", " ạ", " ạ"),
}


_PARTICLES: Final = ("vậy", "hả", "sao", "thế", "nhỉ", "với", "giúp", "đây", "ta", "ạ", "gì")


def ends_sentence(text: str) -> bool:
    """Whether what follows begins a sentence."""
    return text.rstrip(" ").endswith((".", "!", "?", "\n", ":"))


@dataclass
class _SlotTable:
    start: list[int] = field(default_factory=list)
    size: list[int] = field(default_factory=list)
    context: list[int] = field(default_factory=list)
    steadiness: list[int] = field(default_factory=list)


class Phrasebook:
    """All pieces, slots and templates, and the groups of templates from which a post draws.

    `group` takes a name and lines and gives the group's number; the arrays are made by `freeze`.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._piece_of: dict[str, int] = {}
        self._slots = _SlotTable()
        self._inline: dict[tuple[str, ...], int] = {}
        self._common: dict[str, int] = {}
        self._rows: list[list[int]] = []
        self._kinds: list[int] = []
        self._ends: list[bool] = []
        self._takes_particle: list[bool] = []
        self._group_start: list[int] = []
        self._group_size: list[int] = []
        self._add_common_slots()
        self.nothing = self.group([""])

    def piece(self, text: str) -> int:
        """Return the number of a piece of text."""
        if text not in self._piece_of:
            self._piece_of[text] = len(self.pieces)
            self.pieces.append(text)
        return self._piece_of[text]

    def _pieces_in_a_row(self, texts: Iterable[str]) -> int:
        # A slot's choices stand side by side, so they are stored anew even where a piece of the same text exists.
        start = len(self.pieces)
        self.pieces.extend(texts)
        return start

    def _slot(self, by_context: Sequence[Sequence[str]], context: str, steadiness: int = FREE) -> int:
        size = len(by_context[0])
        table = self._slots
        table.start.append(self._pieces_in_a_row(text for texts in by_context for text in texts))
        table.size.append(size)
        table.context.append(CONTEXTS.index(context))
        table.steadiness.append(steadiness)
        return len(table.start) - 1

    def _add_common_slots(self) -> None:
        places = communes()
        common = self._common
        common["em"] = self._slot([(word,) for word, _, _ in PERSONAS], "persona")
        common["ad"] = self._slot([(other,) for _, other, _ in PERSONAS], "persona")
        common["nhà em"] = self._slot([_HOMES[word] for word, _, _ in PERSONAS], "persona")
        common["ạ"] = self._slot([_COURTESY[word] for word, _, _ in PERSONAS], "persona")
        common["xã"] = self._slot(
            [(place.full_name, place.name, place.full_name, place.name) for place in places], "commune"
        )
        common["xã đủ"] = self._slot([(place.full_name,) for place in places], "commune")
        common["tên xã"] = self._slot([(place.name,) for place in places], "commune")
        common["xã cũ"] = self._slot([(place.former_name,) for place in places], "commune")
        common["tx"] = self._slot([("xã",), ("xã",), ("phường",)], "settlement")
        common["ấp"] = self._slot(
            [tuple(f"{word} {number}" for number in range(1, 10)) for word in SETTLEMENTS], "settlement", OF_POST
        )
        common["tên ấp"] = self._slot([(word,) for word in SETTLEMENTS], "settlement")
        common["khu vực"] = self._slot([(name,) for name in areas()], "area")
        common["tỉnh"] = self._slot([(PROVINCE, "tỉnh mình", f"tỉnh {PROVINCE}")], "none")

    def add_slots(self, slots: dict[str, Slot]) -> dict[str, int]:
        """Named slots of a scenario; a choice with `{tx}` says 'xã' or 'phường' as the commune is."""
        numbers = {}
        for name, slot in slots.items():
            steadiness = OF_ISSUE if slot.is_fixed else OF_POST
            if any("{tx}" in choice for choice in slot.choices):
                words = ("xã", "xã", "phường")
                texts = [tuple(choice.replace("{tx}", word) for choice in slot.choices) for word in words]
                numbers[name] = self._slot(texts, "settlement", steadiness)
            else:
                numbers[name] = self._slot([slot.choices], "none", steadiness)
        return numbers

    def share_slots(self, slots: dict[str, Slot]) -> None:
        """Named slots that every line may use."""
        self._common.update(self.add_slots(slots))

    def _inline_slot(self, choices: tuple[str, ...]) -> int:
        if choices not in self._inline:
            self._inline[choices] = self._slot([choices], "none")
        return self._inline[choices]

    def _compiled(self, line: str, slots: dict[str, int]) -> list[int]:
        row = []
        for part in re.split(r"(\{[^}]*\})", line):
            if not part:
                continue
            if not part.startswith("{"):
                row.append(self.piece(part))
                continue
            name = part[1:-1]
            span = re.fullmatch(r"(\d+)\.\.(\d+)", name)
            if span:
                slot = self._inline_slot(tuple(str(n) for n in range(int(span[1]), int(span[2]) + 1)))
            elif "|" in name:
                slot = self._inline_slot(tuple(name.split("|")))
            elif name in slots:
                slot = slots[name]
            elif name in self._common:
                slot = self._common[name]
            else:
                raise ValueError(f"no slot {{{name}}} for {line!r}")
            row.append(-2 - slot)
        if len(row) > WIDTH:
            raise ValueError(f"{len(row)} pieces, more than {WIDTH}: {line!r}")
        return row + [EMPTY] * (WIDTH - len(row))

    def group(self, lines: Sequence[str], *, slots: dict[str, int] | None = None, kinds: Sequence[int] = ()) -> int:
        """Templates to draw from together; `kinds` are rows of `grammar.KINDS`, one a line."""
        self._group_start.append(len(self._rows))
        self._group_size.append(len(lines))
        for number, line in enumerate(lines):
            self._rows.append(self._compiled(line, slots or {}))
            self._kinds.append(kinds[number] if kinds else -1)
            self._ends.append(ends_sentence(line))
            self._takes_particle.append(not line.endswith(_PARTICLES))
        return len(self._group_start) - 1

    def freeze(self) -> Templates:
        """Return the arrays."""
        table = self._slots
        return Templates(
            rows=np.array(self._rows, np.int32),
            kinds=np.array(self._kinds, np.int8),
            ends=np.array(self._ends, bool),
            group_start=np.array(self._group_start, np.int32),
            group_size=np.array(self._group_size, np.int32),
            slot_start=np.array(table.start, np.int32),
            slot_size=np.array(table.size, np.int32),
            slot_context=np.array(table.context, np.int32),
            slot_steadiness=np.array(table.steadiness, np.int32),
            takes_particle=np.array(self._takes_particle, bool),
        )


@dataclass(frozen=True)
class Templates:
    """`rows` is (templates, WIDTH); `kinds`, `ends`, `takes_particle` one a template; a group is a run of templates."""

    rows: Numbers
    kinds: npt.NDArray[np.int8]
    ends: npt.NDArray[np.bool_]
    group_start: Numbers
    group_size: Numbers
    slot_start: Numbers
    slot_size: Numbers
    slot_context: Numbers
    slot_steadiness: Numbers
    takes_particle: npt.NDArray[np.bool_]


_NAMES: Final = ("Tết", "Zalo", "Facebook", "Google")


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    file = resources.files("nhipcau.engine.sample") / "data" / "synonyms.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    table = {row["from"]: row["to"] for row in rows}
    ordered = sorted(table, key=lambda word: (-len(word), word))
    words = "|".join(re.escape(word) for word in ordered if not word.startswith("^"))
    first = "|".join(re.escape(word[1:]) for word in ordered if word.startswith("^"))
    return re.compile(rf"\{{[^}}]*\}}|(?<!\w)(?:{words})(?!\w)(?! ơi| mình| nha\b|$)|^(?:{first})(?!\w)"), table


def with_synonyms(line: str) -> str:
    """Put a slot wherever a word can be said in another way.

    Examples
    --------
    >>> with_synonyms("bao giờ sửa {đường}")
    '{bao giờ|khi nào|chừng nào|bao giờ} sửa {đường}'
    """
    pattern, table = _synonyms()

    def slot(found: re.Match[str]) -> str:
        choices = table.get(found[0]) or (table.get(f"^{found[0]}") if found.start() == 0 else None)
        return f"{{{choices}}}" if choices else found[0]

    return pattern.sub(slot, line)


def scenario_lines(scenario: Scenario, marks: Sequence[str]) -> list[str]:
    """Return the lines of a scenario under these marks, in their order; a voice begins with a small letter.

    What begins a sentence gets its capital when the post is joined. Words of capitals and names keep theirs.
    """
    lines = [line for mark in marks for line in scenario.lines.get(mark, ())]
    if marks[0].startswith(">"):
        return lines
    lines = [
        line if line.startswith(_NAMES) or not line[1:2].islower() else line[:1].lower() + line[1:] for line in lines
    ]
    return lines if marks[0].startswith("e") else [with_synonyms(line) for line in lines]
