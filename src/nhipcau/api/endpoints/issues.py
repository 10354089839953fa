"""Issues and the picture, for those who see what people say."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from nhipcau.api import cursors
from nhipcau.api.shapes.issues import (
    HourOut,
    IssueOut,
    IssuesPage,
    PictureOut,
    SeriesOut,
    issue_out,
    issue_short,
    picture_out,
)
from nhipcau.api.shapes.text import Moment, Word
from nhipcau.issues.models.issues import Issue, Picture
from nhipcau.issues.queries.search import Filters, narrowed
from nhipcau.issues.queries.shown import standing_issues

router = Router(tags=["issues"])
LIST = "issues"
MOST_HOURS = 2_000
Status = Literal["", "new", "growing", "steady", "fading"]
Triage = Literal["", "new", "assessing", "acting", "watching", "closed"]
LevelFrom = Literal["", "1", "2", "3"]


@router.get("/picture", response=PictureOut, url_name="picture", operation_id="picture", summary="The picture")
def picture(request: HttpRequest) -> PictureOut:
    """How fresh the picture is and what it says of the whole; poll it with its ETag and read issues when it changes."""
    del request
    return picture_out(Picture.objects.filter(pk=1).first() or Picture())


@router.get("/issues", response=IssuesPage, url_name="issues", operation_id="issues", summary="Issues")
def issues(
    request: HttpRequest,
    words: Word = "",
    place: Word = "",
    level: LevelFrom = "",
    status: Status = "",
    triage: Triage = "",
    changed_after: Moment | None = None,
    limit: cursors.Limit = 50,
    cursor: cursors.Cursor = "",
) -> IssuesPage:
    """Issues that stand, the latest heard first; words are found with and without diacritics, `level` is the least.

    `changed_after` leaves those out of which nothing new was heard since.
    """
    del request
    found = narrowed(standing_issues(), Filters(words=words, place=place, level=level, status=status, triage=triage))
    if changed_after is not None:
        found = found.filter(changed_at__gt=changed_after)
    after = cursors.read(cursor, of=LIST)
    if after is not None:
        seen, number = datetime.fromisoformat(after[0]), after[1]
        found = found.filter(Q(last_seen_at__lt=seen) | Q(last_seen_at=seen, pk__gt=number))
    page, has_more = cursors.cut(list(found.order_by("-last_seen_at", "pk")[: limit + 1]), limit=limit)
    following = cursors.written([page[-1].last_seen_at.isoformat(), page[-1].pk], of=LIST) if has_more else None
    return IssuesPage(items=[issue_short(one) for one in page], next=following)


@router.get("/issues/{int:issue_id}", response=IssueOut, url_name="issue", operation_id="issue", summary="One issue")
def issue(request: HttpRequest, issue_id: int) -> IssueOut:
    """An issue with its places, questions and forecast; one that was merged says into which."""
    del request
    return issue_out(get_object_or_404(Issue.objects.select_related("owner"), pk=issue_id))


@router.get(
    "/issues/{int:issue_id}/series",
    response=SeriesOut,
    url_name="issue-series",
    operation_id="issue-series",
    summary="An issue by hour",
)
def issue_series(request: HttpRequest, issue_id: int, since: Moment | None = None) -> SeriesOut:
    """The voices of an issue by hour, at most 2,000 hours, the latest ones; `since` leaves earlier ones out."""
    del request
    hours = get_object_or_404(Issue, pk=issue_id).hours.order_by("-hour")
    if since is not None:
        hours = hours.filter(hour__gte=since)
    rows = list(hours.values("hour", "voices", "copies", "press")[:MOST_HOURS])
    return SeriesOut(items=[HourOut(**row) for row in rows[::-1]])
