"""How issues stood at a past moment: their last note of the hour by then, and their counts by the hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max, Q, QuerySet, Sum

from nhipcau.issues.models import Issue, IssueHour, IssueMoment

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class PastIssue:
    """What an issue was at the moment of a brief. `is_present`: the row itself says so, with quotes and forecast."""

    row: Issue
    is_present: bool
    status: str
    level: int
    heat: float
    heat_parts: dict[str, Any]
    voices: int
    press: int
    copies: int
    voices_total: int
    distinct_authors: int | None
    distinct_sources: int | None
    last_seen_at: datetime

    @classmethod
    def of(cls, row: Issue) -> PastIssue:
        """Give what the listener last knew."""
        return cls(
            row=row,
            is_present=True,
            status=row.status,
            level=row.level,
            heat=row.heat,
            heat_parts=row.heat_parts,
            voices=row.voices,
            press=row.press,
            copies=row.copies,
            voices_total=row.voices_total,
            distinct_authors=row.distinct_authors,
            distinct_sources=row.distinct_sources,
            last_seen_at=row.last_seen_at,
        )


def counted_over(issues: Sequence[PastIssue], *, since: datetime, as_of: datetime) -> list[PastIssue]:
    """Give issues with their voices of a period longer than the usual one; one query."""
    hours = IssueHour.objects.filter(issue__in=[one.row.pk for one in issues], hour__gt=since - HOUR, hour__lte=as_of)
    summed = (
        hours.values("issue").annotate(of_own=Sum("voices"), copied=Sum("copies"), of_press=Sum("press")).order_by()
    )
    found = {each["issue"]: each for each in summed}
    return [
        replace(one, voices=each["of_own"] or 1, copies=each["copied"], press=each["of_press"])
        if (each := found.get(one.row.pk))
        else replace(one, voices=max(one.voices, 1))
        for one in issues
    ]


def issues_at(as_of: datetime, *, since: datetime, leaving_out: QuerySet[Any, Any]) -> list[PastIssue]:
    """Give the issues that were heard in the period, the hottest first; three queries."""
    hours = IssueHour.objects.filter(hour__gt=since - HOUR, hour__lte=as_of)
    heard = {
        counted["issue"]: counted
        for counted in hours.values("issue")
        .annotate(of_own=Sum("voices"), copied=Sum("copies"), of_press=Sum("press"), last=Max("hour"))
        .order_by()
    }
    moments: dict[int, IssueMoment] = {}
    for moment in IssueMoment.objects.filter(issue__in=heard, at__gt=since, at__lte=as_of).order_by("at"):
        moments[moment.issue_id] = moment
    rows = Issue.objects.filter(Q(gone_at=None) | Q(gone_at__gt=as_of), pk__in=moments, like_denied=None)
    found = [_at(row, moments[row.pk], heard[row.pk]) for row in rows.exclude(pk__in=leaving_out)]
    return sorted(found, key=lambda one: (-one.heat, one.row.pk))


def _at(row: Issue, moment: IssueMoment, counted: Mapping[str, Any]) -> PastIssue:
    return PastIssue(
        row=row,
        is_present=False,
        status=moment.status,
        level=moment.level,
        heat=moment.heat,
        heat_parts=moment.heat_parts,
        voices=moment.voices,
        press=counted["of_press"],
        copies=counted["copied"],
        voices_total=moment.voices,
        distinct_authors=moment.distinct_authors,
        distinct_sources=None,
        last_seen_at=min(row.last_seen_at, counted["last"] + timedelta(minutes=59)),
    )
