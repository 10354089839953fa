"""When an alert rule fires: pure rules over how issues and sources stood, one moment after the other.

The worker goes on from what it remembers (`Memory`), a trial on the past goes through all of it at once; both call
`Watch.advance`, so that they cannot differ. To whom a letter goes, and when, is in `alertletters.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

LEVEL: Final = "level"
PLACE: Final = "place"
SOURCE: Final = "source"
VOID: Final = "void"
CROWD: Final = "crowd"
"""What a rule looks for: a level that an issue or a place reaches, a silent source, many questions with nothing
published about them, a new issue of many people."""
URGENT: Final = 3
STEPS: Final = (0, 1, 2, 3, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000)
"""To these numbers of people and of questions a rule may be set; between them nothing is remembered."""


def step_down(number: int | None) -> int:
    """Return the largest step that is not above a number; nobody counted is none."""
    return max(step for step in STEPS if step <= (number or 0))


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule looks for, and when it tells of the same subject again."""

    what: str
    level: int = 0
    people: int = 0
    questions: int = 0
    places: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    """In small letters without signs; one of them is enough."""
    repeat_hours: int = 24
    """So long nothing is said of the same subject again, unless its level rises."""
    repeats: bool = False
    """Whether it is said again after these hours while it simply goes on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How an issue, a place or a source stands from a moment on, until it is seen otherwise."""

    at: datetime
    subject: str
    is_there: bool = True
    level: int = 0
    is_new: bool = False
    people: int = 0
    questions: int = 0
    is_published: bool = False
    places: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    words: str = ""
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """What a rule keeps of a subject: since when it holds without a break, and what was told last."""

    held_since: datetime | None = None
    told_at: datetime | None = None
    told_level: int = 0


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule finds what it looks for."""

    at: datetime
    subject: str
    level: int


def kind_of(subject: str) -> str:
    """The kind of a subject: `issue`, `place` or `source`."""
    return subject.partition("-")[0]


def holds(condition: Condition, seen: Seen) -> bool:
    """Whether a subject is what a rule looks for; of a place only its level is known."""
    kind = kind_of(seen.subject)
    if not seen.is_there or kind != {SOURCE: "source", PLACE: "place"}.get(condition.what, "issue"):
        return False
    if condition.what == SOURCE:
        return seen.is_silent and (not condition.sources or not condition.sources.isdisjoint(seen.sources))
    if condition.what == PLACE:
        return seen.level >= max(condition.level, 1)
    if not _passes(condition, seen):
        return False
    if condition.what == LEVEL:
        return seen.level >= max(condition.level, 1)
    if condition.what == VOID:
        return not seen.is_published and seen.questions >= max(condition.questions, 1)
    return seen.is_new and seen.people >= max(condition.people, 1)


def _passes(condition: Condition, issue: Seen) -> bool:
    """Whether an issue passes the filters."""
    return (
        issue.is_there
        and issue.level >= condition.level
        and (not condition.places or not condition.places.isdisjoint(issue.places))
        and (not condition.sources or not condition.sources.isdisjoint(issue.sources))
        and (not condition.words or any(word in issue.words for word in condition.words))
    )


@dataclass
class Watch:
    """A rule on the watch: how things stood when it was last advanced, and what it remembers of them.

    `states` are the issues and sources as last seen, `since` is when the rule was switched on: what holds already
    then is told then.
    """

    condition: Condition
    since: datetime
    states: Mapping[str, Seen] = field(default_factory=dict)
    memory: dict[str, Memory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put issues where they are spoken of."""
        self._by_place: dict[str, dict[str, int]] = defaultdict(dict)
        self._places_of: dict[str, frozenset[str]] = {}
        self._now: dict[str, Seen] = {}
        for seen in self.states.values():
            for state in self._subjects(seen):
                self._now[state.subject] = state

    def advance(self, sightings: Iterable[Seen], *, until: datetime) -> list[Firing]:
        """Take what was seen, the oldest first and nothing later than `until`; give what fires by then, in order."""
        courses: dict[str, list[Seen]] = {}
        for seen in sightings:
            for state in self._subjects(seen):
                before = self._now.get(state.subject)
                courses.setdefault(state.subject, [before] if before else []).append(state)
                self._now[state.subject] = state
        for subject, state in self._now.items():
            if subject not in courses and (subject not in self.memory or self.memory[subject].held_since):
                courses[subject] = [state]
        fired = [firing for subject, course in courses.items() for firing in self._walk(subject, course, until=until)]
        self._forget(until)
        return sorted(fired, key=lambda firing: (firing.at, firing.subject))

    def _subjects(self, seen: Seen) -> Iterator[Seen]:
        """Turn what was seen into states of what the rule looks at: itself, or the places that it changes."""
        if self.condition.what != PLACE:
            yield seen
            return
        if kind_of(seen.subject) != "issue":
            return
        places = seen.places if _passes(replace(self.condition, level=0), seen) else frozenset()
        if self.condition.places:
            places &= self.condition.places
        for place in sorted(places | self._places_of.get(seen.subject, frozenset())):
            levels = self._by_place[place]
            if place in places:
                levels[seen.subject] = seen.level
            else:
                levels.pop(seen.subject, None)
            yield Seen(at=seen.at, subject=f"place-{place}", level=max(levels.values(), default=0))
        self._places_of[seen.subject] = places

    def _walk(self, subject: str, course: list[Seen], *, until: datetime) -> Iterator[Firing]:
        """Go through a subject's states, each lasting until the next; the last one until now."""
        kept = self.memory.get(subject, Memory())
        ends = [later.at for later in course[1:]]
        for number, state in enumerate(course):
            begin, end = max(state.at, self.since), ends[number] if number < len(ends) else None
            if (end is not None and end <= begin) or begin > until:
                continue
            if not holds(self.condition, state):
                kept = replace(kept, held_since=None)
                continue
            kept = replace(kept, held_since=kept.held_since or begin)
            while (at := self._due(kept, state.level, begin)) is not None and at <= until and (not end or at < end):
                kept = replace(kept, told_at=at, told_level=state.level)
                yield Firing(at, subject, state.level)
        if kept != Memory():
            self.memory[subject] = kept

    def _due(self, kept: Memory, level: int, begin: datetime) -> datetime | None:
        """When a subject that holds is to be told next, or None while that is not said."""
        if kept.told_at is None or level > kept.told_level:
            return begin
        if kept.held_since is not None and kept.told_at >= kept.held_since and not self.condition.repeats:
            return None
        return max(kept.told_at + timedelta(hours=self.condition.repeat_hours), begin)

    def _forget(self, until: datetime) -> None:
        """Drop what can no longer keep anything from being told."""
        long_ago = until - timedelta(hours=self.condition.repeat_hours)
        for subject, kept in list(self.memory.items()):
            if kept.held_since is None and (kept.told_at is None or kept.told_at <= long_ago):
                del self.memory[subject]
