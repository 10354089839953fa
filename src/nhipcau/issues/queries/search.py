"""Finding issues by words, place, level, course, triage and owner; *ngap nuoc* finds *ngập nước*.

Words of people are searched only where they may be shown: the text that is searched has them from the floor of
distinct authors up, and a row that still keeps words below it is found by its name alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.issues.models.issues import Issue, Level, Status, TriageState
from nhipcau.issues.queries.shown import Shown, standing_issues, with_sparks
from nhipcau.network.spelling import folded

PAGE: Final = 30
MOST_PAGES: Final = 1_000
MOST_WORDS: Final = 8
OF_PEOPLE: Final = '"kind": "post"'
"""What marks an excerpt of people among those that are kept, in the text of its column."""
DAYS: Final = {"1": 1, "7": 7, "30": 30, "365": 365}


@dataclass(frozen=True)
class Filters:
    """What was asked for; empty text asks for nothing."""

    words: str = ""
    place: str = ""
    level: str = ""
    status: str = ""
    triage: str = ""
    owner: int | None = None
    days: str = ""


@dataclass(frozen=True)
class Found:
    """A page of issues."""

    rows: list[Shown]
    number: int
    has_more: bool


def narrowed(issues: QuerySet[Issue], filters: Filters) -> QuerySet[Issue]:
    """Leave only what was asked for."""
    words = folded(filters.words).split()[:MOST_WORDS]
    if words:
        issues = issues.alias(kept_words=Cast("excerpts", TextField()))
    for word in words:
        issues = issues.filter(_says(word))
    if filters.place:
        issues = issues.filter(place_codes__contains=f"|{filters.place}|")
    if filters.level.isdecimal() and int(filters.level) in Level.values:
        issues = issues.filter(level__gte=int(filters.level))
    if filters.status in Status.values:
        issues = issues.filter(status=filters.status)
    if filters.triage in TriageState.values:
        issues = issues.filter(triage=filters.triage)
    if filters.owner is not None:
        issues = issues.filter(owner=filters.owner)
    return issues


def _says(word: str) -> Q:
    may_be_searched = Q(distinct_authors__gte=DEFAULT_FLOOR) | ~Q(kept_words__contains=OF_PEOPLE)
    said = Q(search_text__contains=word) & may_be_searched
    named = Q(own_name_text__contains=word) | Q(label__icontains=word)
    return said | named | Q(pk=int(word)) if word.isdecimal() and len(word) < 10 else said | named


def find(filters: Filters, *, now: datetime, number: int) -> Found:
    """Give a page: with words, those first that are called as it was typed; then the latest. Two queries."""
    issues = narrowed(standing_issues(), filters).select_related("owner")
    if filters.days in DAYS:
        issues = issues.filter(last_seen_at__gte=now - timedelta(days=DAYS[filters.days]))
    order = ["-last_seen_at", "pk"]
    if filters.words:
        issues, order = issues.annotate(nearness=_nearness(filters.words)), ["nearness", *order]
    begin = (number - 1) * PAGE
    rows = list(issues.order_by(*order)[begin : begin + PAGE + 1])
    return Found(with_sparks(rows[:PAGE], until=now), number, len(rows) > PAGE)


def _nearness(words: str) -> Case:
    """Called as it was typed, with its diacritics; called so without them; said somewhere in it."""
    as_typed = Q()
    for way in {words, words.lower(), words.capitalize()}:
        as_typed |= Q(own_label__contains=way) | Q(label__contains=way)
    bare = folded(words)
    named = Q(own_name_text__contains=bare) | Q(search_text__startswith=bare)
    ranks = (When(as_typed, then=Value(0)), When(named, then=Value(1)))
    return Case(*ranks, default=Value(2), output_field=IntegerField())
