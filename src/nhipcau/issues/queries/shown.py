"""What a page shows of an issue: its words, its figures, its small charts; and the floor, asked once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.engine.brief.quote_view import quotes_of
from nhipcau.engine.brief.view import Quote
from nhipcau.engine.brief.words import Words
from nhipcau.issues.briefwords import words_now
from nhipcau.issues.charts import PARTS, heat_bar, sparkline
from nhipcau.issues.floor import reaches_floor
from nhipcau.issues.models.issues import Issue, IssueHour, Level, Status, TriageState
from nhipcau.issues.models.triage import NotAnIssue
from nhipcau.issues.queries.hournumbers import HourNumber, hours_after

SPARK_HOURS: Final = 48
MOST_PLACES: Final = 3
LEVEL_MARKS: Final = {Level.NONE: "○○○", Level.WATCH: "●○○", Level.ALERT: "●●○", Level.URGENT: "●●●"}
STATUS_MARKS: Final = {Status.NEW: "✱", Status.GROWING: "↗", Status.STEADY: "→", Status.FADING: "↘"}


@dataclass(frozen=True)
class Shown:
    """An issue as a row of a page; figures are of the last 24 hours unless they say otherwise."""

    issue: Issue
    spark: SafeString = SafeString("")  # noqa: RUF009  # a text

    @cached_property
    def words(self) -> Words:
        """The words of the brief about what this issue is made of."""
        return words_now(press=self.issue.press, voices=self.issue.voices)

    @property
    def label(self) -> str:
        """What it is called; its number where there are no words."""
        return self.issue.own_label or self.issue.label or gettext("Issue %(number)s") % {"number": self.issue.pk}

    @property
    def level(self) -> Level:
        """The early-warning level."""
        return Level(self.issue.level)

    @property
    def level_mark(self) -> str:
        """Filled dots for the level, beside its word."""
        return LEVEL_MARKS[self.level]

    @property
    def status(self) -> Status:
        """Where it is going."""
        return Status(self.issue.status)

    @property
    def status_mark(self) -> str:
        """An arrow for it, beside its word."""
        return STATUS_MARKS[self.status]

    @property
    def triage(self) -> TriageState:
        """What the centre does about it."""
        return TriageState(self.issue.triage)

    @property
    def asks_again(self) -> bool:
        """Whether it was closed and rises again: somebody should look."""
        is_rising = self.issue.level >= Level.WATCH or self.issue.status in (Status.NEW, Status.GROWING)
        return self.issue.triage == TriageState.CLOSED and is_rising

    @property
    def heat(self) -> str:
        """Heat as a whole number."""
        return self.words.number(round(self.issue.heat))

    @property
    def parts(self) -> str:
        """Points of heat by what they come from, those that there are."""
        words, parts = self.words, self.issue.heat_parts
        told = [(name, float(parts.get(name) or 0)) for name in PARTS]
        return words("list.join").join(
            words("heat.part", name=words(f"heat.{name}"), points=words.number(round(points)))
            for name, points in told
            if round(points)
        )

    @property
    def heat_bar(self) -> SafeString:
        """The same as a bar; the words stand beside it."""
        return heat_bar(self.issue.heat_parts)

    @property
    def figures(self) -> str:
        """Voices of the last 24 hours, and from how many people and sources."""
        issue, words = self.issue, self.words
        told = [words("count.voices", issue.voices)]
        if issue.copies:
            told[0] = words("count.with_copies", own=told[0], copies=words("count.copies", issue.copies))
        if issue.distinct_authors:
            told.append(words("count.authors", issue.distinct_authors))
        elif issue.press < issue.voices:
            told.append(words("count.authors_none"))
        if issue.distinct_sources:
            told.append(words("count.sources", issue.distinct_sources))
        return " · ".join(told)

    @property
    def places(self) -> str:
        """Where, with how many voices speak of each."""
        places = self.issue.places
        told = [
            f"{place['name']} ({self.words.number(place['voices'])})" if place["voices"] else place["name"]
            for place in places[:MOST_PLACES]
        ]
        if len(places) > MOST_PLACES:
            told.append(self.words("issue.places_more", len(places) - MOST_PLACES))
        return ", ".join(told)

    @property
    def quotes(self) -> list[Quote]:
        """What may be quoted now, worded."""
        said: Any = {"excerpts": excerpts_of(self.issue), "distinct_authors": self.issue.distinct_authors}
        return quotes_of(said, floor=DEFAULT_FLOOR, words=self.words)

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Open questions in their words, where these may be shown, each with how many voices ask it."""
        if not is_wide(self.issue):
            return []
        words = self.words
        return [{"text": one["text"], "voices": words("count.voices", one["voices"])} for one in self.issue.questions]


def is_wide(issue: Issue) -> bool:
    """Whether so many people speak in an issue that their words may be shown; an unknown number is too few."""
    return reaches_floor(issue.distinct_authors)


def excerpts_of(issue: Issue) -> list[dict[str, Any]]:
    """Give what may be quoted; what is stored may be older than what is known of the authors."""
    return [one for one in issue.excerpts if is_wide(issue) or one.get("kind") == "press"]


def standing_issues() -> QuerySet[Issue]:
    """Issues that stand: not merged away, not said to be none, and not like one that is."""
    denied = NotAnIssue.objects.filter(taken_back_at=None).values("issue")
    return Issue.objects.filter(gone_at=None, like_denied=None).exclude(pk__in=denied)


def with_sparks(issues: Iterable[Issue], *, until: datetime) -> list[Shown]:
    """Give issues with their last two days, in one query."""
    held = list(issues)
    begin = (until - timedelta(hours=SPARK_HOURS - 1)).replace(minute=0, second=0, microsecond=0)
    after = hours_after(begin)
    counts: dict[int, list[int]] = {issue.pk: [0] * SPARK_HOURS for issue in held}
    hours = IssueHour.objects.filter(issue__in=list(counts), hour__gte=begin, hour__lte=until)
    for issue_id, hour, voices in hours.values_list("issue_id", HourNumber("hour"), "voices"):
        counts[issue_id][min(after(hour), SPARK_HOURS - 1)] += voices
    title = gettext("Voices by hour, the last two days; the most in an hour: %(most)s")
    return [Shown(one, sparkline(counts[one.pk], title=title % {"most": max(counts[one.pk])})) for one in held]
