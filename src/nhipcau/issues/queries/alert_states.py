"""How issues and sources stand now, as alert rules see them, and where that differs from when they last looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from nhipcau.issues.alertrules import step_down
from nhipcau.issues.models.alerts import AlertSighting
from nhipcau.issues.models.issues import Issue, IssueHour, Status
from nhipcau.issues.models.triage import NotAnIssue
from nhipcau.issues.queries.alert_rows import COMPARED, codes, joined
from nhipcau.network.spelling import folded
from nhipcau.voices.models.sources import Source

OVERLAP: Final = timedelta(minutes=10)
"""A change that was begun before others and written after them is found within this time."""
FIRST_LOOK: Final = timedelta(days=7)
MOST_WORDS: Final = 1000


def has_something() -> Q:
    """Whether a sighting can be what any rule looks for."""
    return Q(is_there=True) & (
        Q(level__gt=0) | Q(people__gt=0) | Q(questions__gt=0) | Q(is_new=True) | Q(is_silent=True)
    )


def changed_since_last(at: datetime) -> tuple[list[AlertSighting], dict[str, AlertSighting]]:
    """Give what stands otherwise than when it was last seen, unsaved, and the last sightings of these subjects."""
    now = {row.subject: row for row in [*_issues_now(at), *_sources_now(at)]}
    last = {row.subject: row for row in AlertSighting.objects.filter(is_last=True, subject__in=list(now))}
    changed = [row for subject, row in now.items() if _differs(row, last.get(subject))]
    return sorted(changed, key=lambda row: row.subject), last


def _differs(row: AlertSighting, last: AlertSighting | None) -> bool:
    if last is None:
        return row.is_there
    return any(getattr(row, name) != getattr(last, name) for name in COMPARED)


def _issues_now(at: datetime) -> Iterable[AlertSighting]:
    latest = Issue.objects.aggregate(latest=Max("changed_at"))["latest"]
    if latest is None:
        return []
    seen = AlertSighting.objects.filter(is_last=True, subject__startswith="issue-")
    since = latest - (OVERLAP if seen.exists() else FIRST_LOOK)
    open_ones = seen.filter(has_something() | Q(is_there=False)).values_list("subject", "is_there")
    there = {int(subject.partition("-")[2]): is_there for subject, is_there in open_ones}
    again = [pk for pk, is_there in there.items() if not is_there]
    wanted = Q(changed_at__gte=since) | Q(pk__in=[pk for pk, is_there in there.items() if is_there])
    issues = issues_with_facts().filter(wanted | (Q(pk__in=again) & Q(gone_at__isnull=True, is_denied=False)))
    return [_sighting_of(issue, at) for issue in issues]


def issues_with_facts() -> QuerySet[Issue]:
    """Issues with whether anything was published about them, and whether somebody said that they are none."""
    published = IssueHour.objects.filter(issue=OuterRef("pk"), press__gt=0)
    denied = NotAnIssue.objects.filter(issue=OuterRef("pk"), taken_back_at__isnull=True)
    return Issue.objects.annotate(is_published=Exists(published), is_denied=Exists(denied)).defer(
        "excerpts", "questions", "forecast", "backtest", "evidence", "search_text", "heat_parts", "kinds"
    )


def words_of(issue: Issue) -> str:
    """What the words of a rule are looked for in: its names and keywords, without signs."""
    return folded(issue.own_label, issue.label, *map(str, issue.keywords))[:MOST_WORDS]


def _sighting_of(issue: Issue, at: datetime) -> AlertSighting:
    return AlertSighting(
        at=at,
        subject=f"issue-{issue.pk}",
        is_there=issue.gone_at is None and not getattr(issue, "is_denied", False),
        level=issue.level,
        is_new=issue.status == Status.NEW,
        people=step_down(issue.distinct_authors),
        questions=step_down(issue.open_questions),
        is_published=getattr(issue, "is_published", False),
        places=joined(codes(issue.place_codes)),
        sources=joined(codes(issue.source_codes)),
        words=words_of(issue),
    )


def _sources_now(at: datetime) -> Iterable[AlertSighting]:
    for code, silent_since, stopped_at in Source.objects.values_list("code", "silent_since", "stopped_at"):
        yield AlertSighting(
            at=at,
            subject=f"source-{code}",
            is_there=stopped_at is None,
            is_silent=silent_since is not None,
            sources=joined([code]),
        )
