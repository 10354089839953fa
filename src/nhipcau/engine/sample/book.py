"""Puts scenarios, chatter and common phrases into one phrasebook, with the odds of each part of a post.

`phrases` compiles, `compose` draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.sample.grammar import KINDS, MARKS, Scenario, chatter, common_phrases, scenarios
from nhipcau.engine.sample.phrases import Phrasebook, Templates, scenario_lines
from nhipcau.engine.sample.province import Source, sources

Numbers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

VOICE_MARKS: Final = tuple(MARKS)
PRESS_COLUMN: Final = len(VOICE_MARKS)
ENGLISH_COLUMN: Final = len(VOICE_MARKS) + 1
WHERE, SEEN, PRESS_LEAD = range(3)

# Chance that a voice of each mark has a greeting, a place or a report before it, a lead, a closing.
#                                ?     !     &     ~     .     ,     +     *
GREETING: Final = np.array([0.30, 0.30, 0.28, 0.10, 0.14, 0.08, 0.10, 0.00])
SITUATION: Final = np.array([0.34, 0.36, 0.36, 0.28, 0.14, 0.00, 0.08, 0.00])
LEAD: Final = np.array([0.62, 0.00, 1.00, 0.00, 0.00, 0.00, 0.00, 0.00])
CLOSING: Final = np.array([0.30, 0.34, 0.38, 0.24, 0.12, 0.08, 0.34, 0.08])
EMOJI: Final = np.array([0.07, 0.06, 0.08, 0.26, 0.13, 0.10, 0.34, 0.36])

# How the mixture of kinds moves while an issue lives: seen and asked at first, asked for later, thanked at the end.
PHASES: Final = np.array(
    [
        [1.2, 0.7, 0.7, 1.2, 1.5, 1.4, 0.3, 0.8],
        [1.0, 1.1, 1.1, 1.0, 1.0, 1.0, 0.8, 1.0],
        [0.9, 1.3, 1.3, 0.8, 0.7, 0.8, 1.9, 1.2],
    ]
)

# What ends a question, one after a particle of its own, and a statement; more of a kind is likelier.
ASKED: Final = ("?", "?", "?", "?", "?", " ạ?", " ạ?", " vậy?", " vậy ạ?", "??", "", "", " ?", " vậy", " ạ", " thế?")
ASKED_PLAINLY: Final = ("?", "?", "?", "?", "?", "?", "?", "?", " ạ?", "??", "", "", " ?", "?", " ạ", "?")
TOLD: Final = (".", ".", ".", ".", ".", ".", ".", ".", "", "", "", "", "!", "...", " ạ", " ạ.")
ENDINGS: Final = frozenset({*ASKED, *ASKED_PLAINLY, *TOLD})

_CLOSING_SECTIONS: Final = ("close ?", "close !", "close !", "close ~", "close .", "close .", "close +", "close *")
_EMOJI_SECTIONS: Final = ("emoji ?", "emoji !", "emoji !", "emoji ~", "emoji .", "emoji .", "emoji +", "emoji *")
_AREA_PAGE: Final = -1
_COMMUNE_PAGE: Final = -2


@dataclass(frozen=True)
class Book:
    """Everything that a draw needs, one row a scenario; the last row is the chatter.

    `core` are group numbers by mark, then press sentences, then English; `situation` what is told before the core;
    `mark_odds` cumulative, by phase and mark; `source_odds` cumulative over `source_choices`, whose -1 and -2 are the
    page of the post's area and of its commune.
    """

    pieces: list[str]
    templates: Templates
    nothing: int
    core: Numbers
    situation: Numbers
    title: Numbers
    greeting: Numbers
    formal_greeting: Numbers
    english_greeting: int
    english_closing: int
    lead: Numbers
    closing: Numbers
    personal: int
    passed_on: int
    emoji: Numbers
    mark_odds: Floats
    source_odds: Floats
    source_choices: Numbers
    press_sources: Numbers
    press_odds: Floats
    separators: dict[str, int]

    def segment_groups(self) -> tuple[Numbers, ...]:
        """Return what may stand in each segment of a post: greeting, situation, lead, core, closing, emoji."""
        others = np.array([self.english_greeting, self.passed_on], np.int32)
        return (
            np.concatenate([self.greeting.ravel(), self.formal_greeting, others]),
            self.situation.ravel(),
            self.lead.ravel(),
            self.core.ravel(),
            np.concatenate([self.closing.ravel(), np.array([self.english_closing, self.personal], np.int32)]),
            self.emoji,
        )


def _with_blank(lines: tuple[str, ...]) -> list[str]:
    return [line.replace("\\n", "\n") if line.endswith("\\n") else line + " " for line in lines]


def _by_variety(lines: list[str]) -> list[str]:
    """Repeat each line by its slots: what can be said in many ways is said more often than a fixed sentence."""
    return [line for line in lines for _ in range(1 + line.count("{"))]


def _source_tables(keys: tuple[Scenario, ...], places: tuple[Source, ...]) -> tuple[Numbers, Floats]:
    rows: list[tuple[list[int], list[float]]] = []
    for scenario in keys:
        choices: list[int] = []
        weights: list[float] = []
        for topic, weight in scenario.sources.items():
            if topic in ("area", "commune"):
                choices.append(_AREA_PAGE if topic == "area" else _COMMUNE_PAGE)
                weights.append(weight)
                continue
            members = [number for number, source in enumerate(places) if topic in source.topics]
            if not members:
                raise ValueError(f"{scenario.key}: no source speaks of {topic!r}")
            total = sum(places[number].weight for number in members)
            choices.extend(members)
            weights.extend(weight * places[number].weight / total for number in members)
        rows.append((choices, weights))
    width = max(len(choices) for choices, _ in rows)
    choices_table = np.full((len(rows), width), _AREA_PAGE, np.int32)
    odds = np.ones((len(rows), width))
    for number, (choices, weights) in enumerate(rows):
        choices_table[number, : len(choices)] = choices
        odds[number, : len(weights)] = np.cumsum(weights) / sum(weights)
    return choices_table, odds


def _mark_odds(keys: tuple[Scenario, ...]) -> Floats:
    odds = np.zeros((len(keys), len(PHASES), len(VOICE_MARKS)))
    for number, scenario in enumerate(keys):
        counts = np.array([len(scenario.lines.get(mark, ())) for mark in VOICE_MARKS], np.float64)
        weights = counts * PHASES
        odds[number] = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    return odds


@cache
def book() -> Book:
    """Compile the phrasebook of all scenarios. Cost: some tenths of a second, once."""
    slots, sections = common_phrases()
    keys = (*scenarios(), chatter())
    maker = Phrasebook()
    maker.share_slots(slots)
    core = np.full((len(keys), len(VOICE_MARKS) + 2), maker.nothing, np.int32)
    situation = np.full((len(keys), 3), maker.nothing, np.int32)
    title = np.full(len(keys), maker.nothing, np.int32)
    greeting = np.full((len(keys), len(VOICE_MARKS)), maker.nothing, np.int32)
    formal = np.full(len(keys), maker.nothing, np.int32)
    lead = np.full((len(keys), len(VOICE_MARKS)), maker.nothing, np.int32)
    closing = np.full((len(keys), len(VOICE_MARKS)), maker.nothing, np.int32)
    for row, scenario in enumerate(keys):
        own = maker.add_slots(scenario.slots)
        for column, mark in enumerate(VOICE_MARKS):
            lines = _by_variety(scenario_lines(scenario, [mark]))
            if lines:
                kind = KINDS.index(MARKS[mark])
                core[row, column] = maker.group(lines, slots=own, kinds=[kind] * len(lines))
            if scenario is not keys[-1] or mark in "?+":
                closing[row, column] = maker.group(sections[_CLOSING_SECTIONS[column]], slots=own)
        own_press = scenario_lines(scenario, [">>"])
        if own_press:
            press = [*own_press, *sections["press text"]]
            situation[row, PRESS_LEAD] = maker.group(own_press, slots=own)
            core[row, PRESS_COLUMN] = maker.group(press, slots=own, kinds=[KINDS.index("report")] * len(press))
            titles = [line.replace("{label}", scenario.label_vi) for line in sections["press title"]]
            title[row] = maker.group(_by_variety([*scenario_lines(scenario, [">"]), *titles]), slots=own)
        english = [(mark, line) for mark in VOICE_MARKS for line in scenario_lines(scenario, [f"e{mark}"])]
        if english:
            kinds = [KINDS.index(MARKS[mark]) for mark, _ in english]
            core[row, ENGLISH_COLUMN] = maker.group([line for _, line in english], slots=own, kinds=kinds)
        if scenario is not keys[-1]:
            reports = scenario_lines(scenario, ["."])
            situation[row, WHERE] = maker.group(sections["where"], slots=own)
            situation[row, SEEN] = maker.group(reports, slots=own) if reports else situation[row, WHERE]
        asked = maker.group(_with_blank(sections["greet"]), slots=own)
        told = maker.group(_with_blank(sections["greet others"]), slots=own)
        reported = maker.group(_with_blank(sections["greet reports"]), slots=own)
        thanked = maker.group(_with_blank(sections["greet thanks"]), slots=own)
        greeting[row] = [asked, asked, asked, told, reported, reported, thanked, thanked]
        formal[row] = maker.group(_with_blank(sections["greet formally"]), slots=own)
        lead[row, 0] = maker.group(_with_blank(sections["ask"]), slots=own)
        lead[row, 2] = maker.group(_with_blank(sections["want"]), slots=own)
    emoji = [maker.group([" " + line for line in sections[name]]) for name in _EMOJI_SECTIONS]
    places = sources()
    choices, source_odds = _source_tables(keys, places)
    press_sources = [number for number, source in enumerate(places) if source.channel == "press"]
    press_weights = np.array([places[number].weight for number in press_sources])
    separators = {name: maker.piece(name) for name in ("", ". ", ", ", "\n", " ", *sorted(ENDINGS))}
    return Book(
        nothing=maker.nothing,
        core=core,
        situation=situation,
        title=title,
        greeting=greeting,
        formal_greeting=formal,
        english_greeting=maker.group(_with_blank(sections["greet in English"])),
        english_closing=maker.group(sections["close in English"]),
        lead=lead,
        closing=closing,
        personal=maker.group(sections["personal"]),
        passed_on=maker.group(_with_blank(sections["passed on"])),
        emoji=np.array(emoji, np.int32),
        mark_odds=_mark_odds(keys),
        source_odds=source_odds,
        source_choices=choices,
        press_sources=np.array(press_sources, np.int32),
        press_odds=np.cumsum(press_weights) / press_weights.sum(),
        separators=separators,
        templates=maker.freeze(),
        pieces=maker.pieces,
    )
