"""What people do with one issue: its state, its owner, its name, notes, and that it is none.

Who may do it is stated in the table of rights. Merging and splitting is in `parting.py`; what was noted about an issue
is written here and there by `tell`, one event and one audit record for each action.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from nhipcau.issues.actions.telling import note_events
from nhipcau.issues.denials import signature_of
from nhipcau.issues.errors import IssueHasMoved, IssueInvalid
from nhipcau.issues.holding import hold_grouping
from nhipcau.issues.models.issues import Issue, TriageState
from nhipcau.issues.models.triage import IssueEvent, IssueNote, NotAnIssue
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.spelling import folded

LONGEST_LABEL: Final = 300
LONGEST_NOTE: Final = 5_000
LONGEST_REASON: Final = 300


def move_issue(*, by: Person, issue: Issue, to: str, was: str) -> None:
    """Say what the centre does about an issue; `was` is the state that the person saw."""
    if to not in TriageState.values:
        raise IssueInvalid(field="triage", problem="unknown")
    if to == was:
        return
    with transaction.atomic():
        hold_grouping()
        if not Issue.objects.filter(pk=issue.pk, triage=was, gone_at=None).update(triage=to):
            raise IssueHasMoved
        tell(by, issue, "triaged", {"triage_from": was, "triage_to": to})


def own_issue(*, by: Person, issue: Issue, owner: Person | None, was: int | None) -> None:
    """Say whose an issue is, nobody's with None; `was` is the number of who had it on the page that was seen."""
    if (owner.pk if owner else None) == was:
        return
    with transaction.atomic():
        hold_grouping()
        if not Issue.objects.filter(pk=issue.pk, gone_at=None, owner=was).update(owner=owner):
            raise IssueHasMoved
        tell(by, issue, "owned", {"owner": owner.name if owner else ""})


def rename_issue(*, by: Person, issue: Issue, label: str) -> None:
    """Call an issue otherwise; with an empty name it is called as its voices do."""
    label = " ".join(label.split())
    if len(label) > LONGEST_LABEL:
        raise IssueInvalid(field="label", problem="too_long", limit=LONGEST_LABEL)
    if label == issue.own_label:
        return
    bare = folded(label)[:LONGEST_LABEL]
    with transaction.atomic():
        hold_grouping()
        same = Issue.objects.filter(pk=issue.pk, gone_at=None, own_label=issue.own_label)
        if not same.update(own_label=label, own_name_text=bare):
            raise IssueHasMoved
        tell(by, issue, "renamed", {"label": label, "before": issue.own_label})


def note_issue(*, by: Person, issue: Issue, text: str) -> IssueNote:
    """Note something about an issue, for the house."""
    text = text.strip()
    if not text:
        raise IssueInvalid(field="note", problem="missing")
    if len(text) > LONGEST_NOTE:
        raise IssueInvalid(field="note", problem="too_long", limit=LONGEST_NOTE)
    with transaction.atomic():
        hold_grouping()
        note = IssueNote.objects.create(issue=issue, by=by, at=timezone.now(), text=text)
        tell(by, issue, "noted", {})
    return note


def deny_issue(*, by: Person, issue: Issue, reason: str) -> NotAnIssue:
    """Say that this is no issue: it is shown no more, and new ones that are called alike are hidden likewise."""
    reason = reason.strip()
    if not reason:
        raise IssueInvalid(field="reason", problem="missing")
    if len(reason) > LONGEST_REASON:
        raise IssueInvalid(field="reason", problem="too_long", limit=LONGEST_REASON)
    with transaction.atomic():
        hold_grouping()
        if not Issue.objects.filter(pk=issue.pk, gone_at=None).exists():
            raise IssueHasMoved
        if NotAnIssue.objects.filter(issue=issue, taken_back_at=None).exists():
            raise IssueHasMoved
        signature = signature_of(issue.keywords)
        denial = NotAnIssue.objects.create(issue=issue, by=by, at=timezone.now(), reason=reason, signature=signature)
        tell(by, issue, "not-an-issue", {"reason": reason})
    return denial


def take_back_denial(*, by: Person, denial: NotAnIssue) -> None:
    """It is an issue after all."""
    with transaction.atomic():
        hold_grouping()
        if not NotAnIssue.objects.filter(pk=denial.pk, taken_back_at=None).update(taken_back_at=timezone.now()):
            raise IssueHasMoved
        Issue.objects.filter(like_denied=denial).update(like_denied=None)
        tell(by, denial.issue, "an-issue-again", {})


def tell(by: Person, issue: Issue, code: str, values: dict[str, Any], *, other: Issue | None = None) -> None:
    """Write one event of the issue and one audit record."""
    if code != "noted":  # a note tells of itself
        note_events([IssueEvent(issue=issue, at=timezone.now(), code=code, other=other, by=by, values=values)])
    record(by=by, action=f"issue.{code}", of=issue, values={"issue": issue.pk, **values})
