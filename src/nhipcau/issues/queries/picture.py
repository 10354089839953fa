"""The front page: what is urgent, new, growing, asked and unanswered, silent. As it was: `past.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Sum

from nhipcau.issues.models.issues import Issue, Level, Picture, Status
from nhipcau.issues.queries.search import Filters, narrowed
from nhipcau.issues.queries.shown import Shown, standing_issues, with_sparks
from nhipcau.voices.models import IntakeBatch, Source

MOST: Final = 200
MOST_OF_SECTION: Final = 25
MOST_ASKED: Final = 10
MOST_SILENT: Final = 20
OLD_PICTURE: Final = timedelta(minutes=2)
DAY: Final = timedelta(days=1)
SECTIONS: Final[tuple[tuple[str, Callable[[Issue], bool]], ...]] = (
    ("urgent", lambda one: one.level >= Level.ALERT),
    ("new", lambda one: one.status == Status.NEW),
    ("growing", lambda one: one.status == Status.GROWING),
    ("others", lambda _one: True),
)
"""Each issue stands in one section, the gravest that it belongs to."""


@dataclass(frozen=True)
class Section:
    """A part of the page: its code, which the template words, its issues, and how many more there are."""

    code: str
    rows: list[Shown]
    more: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.rows) + self.more


@dataclass(frozen=True)
class SilentSource:
    """A source of which nothing comes, since when, and how much would have come by habit."""

    name: str
    since: datetime | None
    expected: int | None = None


@dataclass(frozen=True)
class FrontPage:
    """All of it."""

    sections: dict[str, Section]
    asked: list[Shown]
    as_of: datetime | None
    silent: list[SilentSource] = field(default_factory=list)
    version: int = 0
    is_past: bool = False
    is_old: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    waiting: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is shown at all."""
        return not any(section.rows for section in self.sections.values())


def front_page(filters: Filters, *, now: datetime) -> FrontPage:
    """Give the page of now. Five queries."""
    picture = Picture.objects.filter(pk=1).first() or Picture()
    until = picture.as_of or now
    recent = narrowed(standing_issues(), filters).filter(last_seen_at__gte=until - DAY)
    rows = recent.select_related("owner").defer("search_text", "evidence", "forecast", "excerpts", "threads")
    issues = list(rows.order_by("-heat", "pk")[:MOST])
    return FrontPage(
        sections=sections_of(issues, until=until),
        asked=asked_of(issues),
        as_of=picture.as_of,
        silent=_silent(picture.facts),
        version=picture.version,
        is_old=picture.as_of is not None and now - picture.as_of > OLD_PICTURE,
        facts=picture.facts,
        waiting=IntakeBatch.objects.aggregate(voices=Sum("voices"))["voices"] or 0,
    )


def sections_of(issues: list[Issue], *, until: datetime) -> dict[str, Section]:
    """Sort issues into the parts of the page, those that are shown with their last two days. One query."""
    left, parts = issues, {}
    for code, belongs in SECTIONS:
        parts[code] = [one for one in left if belongs(one)]
        left = [one for one in left if not belongs(one)]
    shown = with_sparks((one for part in parts.values() for one in part[:MOST_OF_SECTION]), until=until)
    of_issue = {one.issue.pk: one for one in shown}
    return {
        code: Section(code, [of_issue[one.pk] for one in part[:MOST_OF_SECTION]], max(0, len(part) - MOST_OF_SECTION))
        for code, part in parts.items()
    }


def asked_of(issues: list[Issue]) -> list[Shown]:
    """Issues with open questions, the most first."""
    asked = [one for one in issues if one.open_questions]
    return [
        Shown(one) for one in sorted(asked, key=lambda one: (-one.open_questions, -one.voices, one.pk))[:MOST_ASKED]
    ]


def _silent(facts: dict[str, Any]) -> list[SilentSource]:
    """Sources that the register knows to be silent, and those that the engine finds so by their habit."""
    rows = Source.objects.filter(silent_since__isnull=False, stopped_at=None).order_by("silent_since")
    found = [(row.code, SilentSource(row.name, row.silent_since)) for row in rows[:MOST_SILENT]]
    known = {name for code, one in found for name in (code, one.name)}
    by_habit = [one for one in facts.get("sources") or [] if one.get("silent") and one["name"] not in known]
    names = dict(Source.objects.filter(code__in=[one["name"] for one in by_habit]).values_list("code", "name"))
    for one in by_habit:
        since = datetime.fromisoformat(one["silent_since"]) if one.get("silent_since") else None
        expected = round(one["expected"]) if one.get("expected") else None
        found.append((one["name"], SilentSource(names.get(one["name"], one["name"]), since, expected)))
    return [one for _code, one in found[:MOST_SILENT]]


def picture_version() -> int:
    """The number that grows when the page would look different."""
    return int(Picture.objects.filter(pk=1).values_list("version", flat=True).first() or 0)


def places_of(facts: dict[str, Any], chosen: str) -> list[tuple[str, str]]:
    """Places to choose from: those of the day, and the one that is chosen already."""
    places = [(one["code"], one["name"]) for one in facts.get("places") or []]
    if chosen and chosen not in dict(places):
        places.append((chosen, chosen))
    return sorted(places, key=lambda one: one[1])
