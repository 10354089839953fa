"""The front page as it was: from how each issue stood at the last hour that had changed it, and what was done since.

Counts and levels are those of then; names are taken back to those of then too. Words of people are not kept for the
past, so none are shown.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from nhipcau.issues.models.issues import Issue, IssueMoment
from nhipcau.issues.models.triage import IssueEvent, NotAnIssue
from nhipcau.issues.queries.picture import DAY, MOST, FrontPage, asked_of, sections_of
from nhipcau.issues.queries.search import Filters, narrowed

OF_MOMENT = ("heat", "heat_parts", "level", "status", "voices", "distinct_authors", "open_questions", "place_codes")
LATER_MOVES = 2_000


def front_page_at(filters: Filters, *, at: datetime) -> FrontPage:
    """Give the page as it was. Four queries."""
    recent = IssueMoment.objects.filter(at__lte=at, at__gt=at - DAY)
    latest = recent.filter(issue=OuterRef("issue")).values("issue").annotate(latest=Max("at")).values("latest")
    moments = recent.filter(at=Subquery(latest), issue__in=_standing_at(filters, at=at))
    if filters.level.isdecimal():
        moments = moments.filter(level__gte=int(filters.level))
    if filters.place:
        moments = moments.filter(place_codes__contains=f"|{filters.place}|")
    found = list(moments.select_related("issue__owner").order_by(F("heat").desc(), "issue_id")[:MOST])
    issues = []
    for moment in found:
        issue = moment.issue
        for name in OF_MOMENT:
            setattr(issue, name, getattr(moment, name))
        issue.press = issue.copies = 0
        issue.distinct_sources, issue.questions, issue.excerpts = None, [], []
        # how many spoke of each place is not kept
        issue.places = [{**one, "voices": 0} for one in issue.places if f"|{one['code']}|" in issue.place_codes]
        issues.append(issue)
    _take_back(issues, at=at)
    chosen = [issue for issue in issues if not filters.triage or issue.triage == filters.triage]
    return FrontPage(sections=sections_of(chosen, until=at), asked=asked_of(chosen), as_of=at, is_past=True)


def _standing_at(filters: Filters, *, at: datetime) -> QuerySet[Issue]:
    """Issues that stood then: not yet merged away, and not said to be none."""
    denied = NotAnIssue.objects.filter(Q(taken_back_at=None) | Q(taken_back_at__gt=at), at__lte=at)
    standing = Issue.objects.filter(Q(gone_at=None) | Q(gone_at__gt=at), first_seen_at__lte=at)
    asked = Filters(words=filters.words, owner=filters.owner)
    return narrowed(standing.exclude(pk__in=denied.values("issue")), asked)


def _take_back(issues: list[Issue], *, at: datetime) -> None:
    """Undo on the rows what people did later; nothing is saved."""
    later = IssueEvent.objects.filter(
        issue__in=[issue.pk for issue in issues], at__gt=at, code__in=("triaged", "owned", "renamed")
    )
    before: dict[tuple[int, str], dict[str, str]] = {}
    for issue_id, code, values in later.order_by("at", "pk").values_list("issue_id", "code", "values")[:LATER_MOVES]:
        before.setdefault((issue_id, code), values)
    for issue in issues:
        if (moved := before.get((issue.pk, "triaged"))) is not None:
            issue.triage = moved["triage_from"]
        if (renamed := before.get((issue.pk, "renamed"))) is not None:
            issue.own_label = renamed["before"]
        if (issue.pk, "owned") in before:
            issue.owner = None  # whose it was then is in its history


def parsed_moment(text: str) -> datetime | None:
    """Read a moment as a page gives it, in the zone of the house; None where it is none."""
    try:
        read = datetime.fromisoformat(text)
        return read if timezone.is_aware(read) else timezone.make_aware(read)
    except (ValueError, OverflowError):
        return None
