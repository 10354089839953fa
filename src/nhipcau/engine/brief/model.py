"""The shape of a brief, exactly as its JSON has it, and the JSON itself.

`docs/brief.schema.json` is the same shape for other programs, `docs/brief.md` says how to read it.
What fills it is in `assemble`; what words it is in `view`.
"""

from __future__ import annotations

import json
import re
from typing import Final, Literal, TypedDict

VERSION: Final = 1
"""Raised when a field changes its meaning or goes away; a new field alone does not raise it."""

DEFAULT_FLOOR: Final = 10
"""How many distinct authors must speak in an issue before what they say is quoted."""

SPREAD_PAIR: Final = re.compile(r'\[\n\s+("[^"\n]*"),\n\s+(\d+)\n\s+\]')
"""A pair of a series over four lines. It matches no text of a user: inside a JSON string a line break is escaped."""

Status = Literal["new", "growing", "steady", "fading"]
Level = Literal["none", "watch", "alert", "urgent"]
Matter = Literal["post", "press", "mixed"]
"""What is counted: what people say, articles of the press, or both."""
MATTERS: Final[tuple[Matter, ...]] = ("post", "press", "mixed")
LEVELS: Final[tuple[Level, ...]] = ("none", "watch", "alert", "urgent")
STATUSES: Final[tuple[Status, ...]] = ("new", "growing", "steady", "fading")


class KindCounts(TypedDict):
    """How many voices ask, request, worry, report, thank, or do something else."""

    question: int
    request: int
    concern: int
    report: int
    thanks: int
    other: int


class HeatParts(TypedDict):
    """Points of heat by what they come from; they sum to the heat."""

    volume: float
    growth: float
    breadth: float
    sources: float
    open_questions: float


class IssuePlace(TypedDict):
    """A place that an issue speaks of; `ambiguous` names the other units of the same name, empty where it is sure."""

    code: str
    name: str
    voices: int
    ambiguous: list[str]


class Range(TypedDict):
    """An expected number with its 80 % interval."""

    mean: float
    lo80: float
    hi80: float


class ForecastHour(Range):
    """The voices expected in the hour that begins at `time`; `median` is the count that half of the chances reach."""

    time: str
    median: float


class Backtest(TypedDict):
    """How the same method did on this issue's own past, by the hour and for the total of 24 hours.

    `mase` is the error of the forecast that `of` names against repeating the day before, `coverage` the share inside
    the 80 % interval, `calibration` the share inside the middle 80 % of the chances with ties by their part, `windows`
    the number of past hours it was tried from, `hours` the number of hours scored in all. `mase_24` is of the expected
    total.
    """

    of: Literal["median"]
    mase: float | None
    coverage: float | None
    calibration: float | None
    windows: int
    hours: int
    mase_24: float | None
    coverage_24: float | None
    windows_24: int


class Question(TypedDict):
    """An open question and how many voices ask it."""

    text: str
    voices: int


class Excerpt(TypedDict):
    """What was said, redacted; `voices` counts it and its copies among the voices that were read."""

    text: str
    time: str | None
    source: str | None
    kind: Literal["post", "press"]
    voices: int
    link: str | None


class IssueEvent(TypedDict):
    """`merged`: the issue `other` was taken into this one. `split`: this issue was taken out of `other`."""

    time: str | None
    event: Literal["merged", "split"]
    other: int


class RelatedIssue(TypedDict):
    """An issue of the same brief that seems to be about the same matter, and the cosine of the two."""

    id: int
    similarity: float


class Issue(TypedDict):
    """One issue. `voices` and `copies` count the window, `voices_total` counts since the first was seen.

    `press` is how many of the voices are articles of the press.
    """

    id: int
    label: str
    in_title_lang: str | None
    keywords: list[str]
    status: Status
    level: Level
    heat: float
    heat_parts: HeatParts
    voices: int
    press: int
    copies: int
    voices_total: int
    distinct_authors: int | None
    distinct_sources: int | None
    first_seen: str | None
    last_seen: str | None
    series: list[tuple[str, int]]
    places: list[IssuePlace]
    forecast: list[ForecastHour]
    forecast_totals: dict[str, Range]
    forecast_reason: str | None
    backtest: Backtest | None
    kinds: KindCounts
    questions: list[Question]
    excerpts: list[Excerpt]
    excerpts_withheld: str | None
    evidence: list[str]
    history: list[IssueEvent]
    related: list[RelatedIssue]


class PlaceWarning(TypedDict):
    """A place over all issues, with the level of its own count."""

    code: str
    name: str
    voices: int
    level: Level


class Source(TypedDict):
    """A source and whether it fell silent; `expected` is what it would have brought in the silent time by habit."""

    name: str
    voices: int
    last_seen: str | None
    silent: bool
    silent_since: str | None
    expected: float | None
    enough_history: bool


class Unknown(TypedDict):
    """Something that the brief cannot know: a code, its values, and the sentence in the brief's language."""

    code: str
    values: dict[str, object]
    text: str


class Alarms(TypedDict):
    """False alarms a week by chance alone, at most, at each level or above, over all that is watched; null: unknown."""

    watch_per_week: float | None
    alert_per_week: float | None
    urgent_per_week: float | None


class Brief(TypedDict):
    """The whole brief. Times are ISO 8601 with an offset, or null where the input has none.

    `press` is how many of the posts are articles of the press.
    """

    version: int
    as_of: str | None
    since: str | None
    zone: str
    sample: bool
    posts: int
    press: int
    folded: int
    rejected: int
    later: int
    floor: int
    issues_total: int
    kinds: KindCounts
    alarms: Alarms
    issues: list[Issue]
    places: list[PlaceWarning]
    sources: list[Source]
    unknowns: list[Unknown]


def empty_kinds() -> KindCounts:
    """Count zero voices of every kind."""
    return {"question": 0, "request": 0, "concern": 0, "report": 0, "thanks": 0, "other": 0}


def empty_brief() -> Brief:
    """Make a brief of nothing: valid, with no issue in it.

    Examples
    --------
    >>> empty_brief()["issues"]
    []
    """
    return {
        "version": VERSION,
        "as_of": None,
        "since": None,
        "zone": "Asia/Ho_Chi_Minh",
        "sample": False,
        "posts": 0,
        "press": 0,
        "folded": 0,
        "rejected": 0,
        "later": 0,
        "floor": DEFAULT_FLOOR,
        "issues_total": 0,
        "kinds": empty_kinds(),
        "alarms": {"watch_per_week": None, "alert_per_week": None, "urgent_per_week": None},
        "issues": [],
        "places": [],
        "sources": [],
        "unknowns": [],
    }


def matter_of(*, press: int, voices: int) -> Matter:
    """Say what is counted where so many of the voices are articles of the press.

    Examples
    --------
    >>> matter_of(press=0, voices=12), matter_of(press=12, voices=12), matter_of(press=1, voices=12)
    ('post', 'press', 'mixed')
    """
    if not press:
        return "post"
    return "press" if press >= voices else "mixed"


def quotable(issue: Issue, *, floor: int) -> list[Excerpt]:
    """Keep the excerpts that may be shown: press always, people's words only from the floor of distinct authors up.

    The assembler holds this rule already; every output holds it once more, so that no single mistake can show a
    person's words.

    Parameters
    ----------
    issue
        The issue; an unknown number of authors counts as too few.
    floor
        Distinct authors needed.
    """
    authors = issue["distinct_authors"]
    is_wide = authors is not None and authors >= floor
    return [excerpt for excerpt in issue["excerpts"] if is_wide or excerpt["kind"] == "press"]


def to_json(brief: Brief) -> str:
    """Write the brief as indented JSON: same brief, same bytes; the fields stand in the order of the model.

    Parameters
    ----------
    brief
        The brief; excerpts below the floor are left out (see `quotable`).

    Raises
    ------
    ValueError
        A number that is not finite: JSON has no word for it.
    """
    issues = [{**issue, "excerpts": quotable(issue, floor=brief["floor"])} for issue in brief["issues"]]
    # A lone surrogate cannot be written as UTF-8; readers reject it, but a brief must not fail on one.
    written = json.dumps({**brief, "issues": issues}, ensure_ascii=False, indent=1, allow_nan=False)
    return SPREAD_PAIR.sub(r"[\1, \2]", written).encode("utf-8", "replace").decode("utf-8") + "\n"
