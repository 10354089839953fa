"""What people do with an issue: its state, its owner, its name, notes; and what happened to it.

Merging, splitting and saying that it is none want a look at its voices, and stay with the pages.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from nhipcau.api import cursors
from nhipcau.api.bearer import person_of
from nhipcau.api.endpoints.alert_rules import ChoiceUnknown
from nhipcau.api.shapes.issue_work import EventsPage, NameIn, NoteIn, OwnerIn, TriageIn, event_out
from nhipcau.api.shapes.issues import IssueOut, issue_out
from nhipcau.issues.actions import triage
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.issues.queries.people import who_may_own

router = Router(tags=["issues"])


@router.get(
    "/issues/{int:issue_id}/history",
    response=EventsPage,
    url_name="issue-history",
    operation_id="issue-history",
    summary="What happened to an issue",
)
def issue_history(
    request: HttpRequest, issue_id: int, limit: cursors.Limit = 50, cursor: cursors.Cursor = ""
) -> EventsPage:
    """What happened to an issue, by itself or by people, the newest first."""
    del request
    found = IssueEvent.objects.filter(issue=get_object_or_404(Issue, pk=issue_id)).select_related("by")
    of = f"events-{issue_id}"
    after = cursors.read(cursor, of=of)
    if after is not None:
        found = found.filter(pk__lt=after)
    page, has_more = cursors.cut(list(found.order_by("-pk")[: limit + 1]), limit=limit)
    following = cursors.written(page[-1].pk, of=of) if has_more else None
    return EventsPage(items=[event_out(one) for one in page], next=following)


@router.post(
    "/issues/{int:issue_id}/triage",
    response=IssueOut,
    url_name="issue-triage",
    operation_id="triage-issue",
    summary="Say what is done about an issue",
)
def issue_triage(request: HttpRequest, issue_id: int, body: TriageIn) -> IssueOut:
    """Move an issue: new, assessing, acting, watching, closed. 409 where it is no longer in the state that was seen."""
    triage.move_issue(by=person_of(request), issue=_issue(issue_id), to=body.to, was=body.was)
    return issue_out(_issue(issue_id))


@router.post(
    "/issues/{int:issue_id}/owner",
    response=IssueOut,
    url_name="issue-owner",
    operation_id="own-issue",
    summary="Say whose an issue is",
)
def issue_owner(request: HttpRequest, issue_id: int, body: OwnerIn) -> IssueOut:
    """Put an issue into the hands of somebody who works on issues at the hub, or of nobody; 409 as for its state."""
    issue = _issue(issue_id)
    owner = next((one for one in who_may_own() if one.pk == body.owner), None)
    if body.owner is not None and owner is None:
        raise ChoiceUnknown(field="owner", problem="unknown", unknown=body.owner)
    triage.own_issue(by=person_of(request), issue=issue, owner=owner, was=body.was)
    return issue_out(_issue(issue_id))


@router.post(
    "/issues/{int:issue_id}/name",
    response=IssueOut,
    url_name="issue-name",
    operation_id="rename-issue",
    summary="Name an issue",
)
def issue_name(request: HttpRequest, issue_id: int, body: NameIn) -> IssueOut:
    """Call an issue otherwise; with an empty name it is called as its voices do."""
    triage.rename_issue(by=person_of(request), issue=_issue(issue_id), label=body.label)
    return issue_out(_issue(issue_id))


@router.post(
    "/issues/{int:issue_id}/notes",
    response=IssueOut,
    url_name="issue-notes",
    operation_id="note-issue",
    summary="Note something about an issue",
)
def issue_notes(request: HttpRequest, issue_id: int, body: NoteIn) -> IssueOut:
    """Note something about an issue, for the house; its page shows it."""
    triage.note_issue(by=person_of(request), issue=_issue(issue_id), text=body.text)
    return issue_out(_issue(issue_id))


def _issue(issue_id: int) -> Issue:
    return get_object_or_404(Issue.objects.select_related("owner"), pk=issue_id)
