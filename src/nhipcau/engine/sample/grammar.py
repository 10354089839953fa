"""Reads scenario files: what people write about a matter, as lines with slots. No choosing and no filling here.

The files are in `data/scenarios`; `phrases` compiles what is read here, `plan` decides when a scenario happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

KINDS: Final = ("question", "request", "concern", "report", "thanks", "other")

MARKS: Final[dict[str, str]] = {
    "?": "question",  # may follow "cho em hỏi"
    "!": "request",  # a whole sentence
    "&": "request",  # what stands after "mong chính quyền"
    "~": "concern",
    ".": "report",  # may also stand before a question, a request or a concern
    ",": "report",  # stands alone
    "+": "thanks",
    "*": "other",
}
"""First character of a line → kind of the voice. `e?`, `e!` … are the same in English, `>` is the title of a press item
and `>>` a sentence of its text."""

SHAPES: Final = ("sudden", "slow", "weekly", "steady")


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand at `{name}`. A fixed slot takes one choice for a whole issue: its river, its school."""

    choices: tuple[str, ...]
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """A matter that people raise, how its talk grows, where it is said, and the sentences in which it is said."""

    key: str
    label_vi: str
    label_en: str
    shape: str
    weight: float
    spread: int
    night: float
    weekday: int
    sources: dict[str, float]
    slots: dict[str, Slot] = field(default_factory=dict)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)


def split_lines(text: str) -> list[str]:
    """Lines that say something: neither empty nor a comment."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def parse_slot(line: str) -> tuple[str, Slot] | None:
    """`name = a | b` or `name := a | b` as a slot, else None."""
    head, equals, choices = line.partition("=")
    name = head.rstrip(":").strip()
    if not equals or any(mark in name for mark in "{?!.,"):
        return None
    return name, Slot(tuple(choice.strip() for choice in choices.split("|")), is_fixed=head.endswith(":"))


def parse_scenario(key: str, text: str) -> Scenario:
    """One scenario file.

    Raises
    ------
    ValueError
        A line that is none of the known ones, or a field that is missing.
    """
    fields: dict[str, str] = {}
    slots: dict[str, Slot] = {}
    lines: dict[str, list[str]] = {}
    for line in split_lines(text):
        mark, _, rest = line.partition(" ")
        if mark in MARKS or mark.lstrip("e") in MARKS or mark in (">", ">>"):
            lines.setdefault(mark, []).append(rest.strip())
        elif mark.endswith(":") and mark[:-1] in {
            "vi",
            "en",
            "shape",
            "weight",
            "spread",
            "night",
            "weekday",
            "sources",
        }:
            fields[mark[:-1]] = rest.strip()
        elif (slot := parse_slot(line)) is not None:
            slots[slot[0]] = slot[1]
        else:
            raise ValueError(f"{key}: {line!r} is no line of a scenario")
    if fields["shape"] not in SHAPES:
        raise ValueError(f"{key}: {fields['shape']!r} is no shape")
    sources = [part.split() for part in fields["sources"].split(",")]
    return Scenario(
        key=key,
        label_vi=fields["vi"],
        label_en=fields["en"],
        shape=fields["shape"],
        weight=float(fields.get("weight", "1")),
        spread=int(fields.get("spread", "4")),
        night=float(fields.get("night", "1")),
        weekday=int(fields.get("weekday", "5")),
        sources={topic: float(weight) for topic, weight in sources},
        slots=slots,
        lines={mark: tuple(rows) for mark, rows in lines.items()},
    )


def parse_sections(text: str) -> tuple[dict[str, Slot], dict[str, tuple[str, ...]]]:
    """Read the common phrases: slots, and lists of lines under `[name]`."""
    slots: dict[str, Slot] = {}
    sections: dict[str, list[str]] = {}
    name = ""
    for line in split_lines(text):
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
            sections[name] = []
        elif not name and (slot := parse_slot(line)) is not None:
            slots[slot[0]] = slot[1]
        else:
            sections[name].append(line)
    return slots, {name: tuple(rows) for name, rows in sections.items()}


def _data(*names: str) -> str:
    return resources.files("nhipcau.engine.sample").joinpath("data", *names).read_text(encoding="utf-8")


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All scenarios, in the order of their keys; background chatter is not among them."""
    folder = resources.files("nhipcau.engine.sample") / "data" / "scenarios"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".txt"))
    return tuple(parse_scenario(name.removesuffix(".txt"), _data("scenarios", name)) for name in names)


@cache
def chatter() -> Scenario:
    """Read what is said on the same pages and belongs to no issue."""
    return parse_scenario("chatter", _data("chatter.txt"))


@cache
def common_phrases() -> tuple[dict[str, Slot], dict[str, tuple[str, ...]]]:
    """Slots and sections that every scenario shares: openings, closings, emoji."""
    return parse_sections(_data("common.txt"))
