"""Working on issues through the API: state, owner, name, notes, each once and on record; what happened to an issue."""

from __future__ import annotations

from typing import Any

import pytest

from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueNote
from nhipcau.network.models.audit import AuditRecord
from tests.api.programs import Program, program
from tests.issues.pages.cast import make_issue
from tests.network.tasks.cast import Cast


@pytest.fixture
def analyst(cast: Cast) -> Program:
    """A program of the hub's analyst."""
    return program(cast.analyst)


def test_state_moves_from_the_one_that_was_seen(analyst: Program):
    path = f"/issues/{make_issue(1, 'Ngập nước').pk}/triage"
    body = {"to": "assessing", "was": "new"}
    assert analyst.post(path, body).json()["triage"] == "assessing"
    again = analyst.post(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "issue-has-moved")
    assert analyst.post(path, {"to": "done", "was": "new"}).status_code == 422
    assert AuditRecord.objects.filter(action="issue.triaged").count() == 1


def test_owner_is_somebody_who_works_on_issues_or_nobody(cast: Cast, analyst: Program):
    path = f"/issues/{make_issue(1, 'Ngập nước').pk}/owner"
    assert analyst.post(path, {"owner": cast.leader.pk, "was": None}).json()["owner"]["id"] == cast.leader.pk
    refused = analyst.post(path, {"owner": cast.officer.pk, "was": cast.leader.pk})
    assert (refused.status_code, refused.json()["code"]) == (422, "api-choice-unknown")
    assert analyst.post(path, {"owner": None, "was": None}).json()["owner"]["id"] == cast.leader.pk  # nothing to do
    assert analyst.post(path, {"owner": None, "was": cast.leader.pk}).json()["owner"] is None
    assert analyst.post(path, {"owner": None, "was": cast.leader.pk}).status_code == 409


def test_name_and_notes_are_kept(analyst: Program):
    issue = make_issue(1, "Ngập nước")
    assert analyst.post(f"/issues/{issue.pk}/name", {"label": "Ngập cầu Trắng"}).json()["label"] == "Ngập cầu Trắng"
    assert analyst.post(f"/issues/{issue.pk}/notes", {"text": "Đã gọi xã."}).status_code == 200
    assert analyst.post(f"/issues/{issue.pk}/notes", {"text": " "}).status_code == 422
    assert IssueNote.objects.get().text == "Đã gọi xã."


def test_events_come_in_pages_the_newest_first(cast: Cast, analyst: Program):
    issue = make_issue(1, "Ngập nước")
    for to, was in (("assessing", "new"), ("acting", "assessing")):
        analyst.post(f"/issues/{issue.pk}/triage", {"to": to, "was": was})
    first = analyst.get(f"/issues/{issue.pk}/history", {"limit": 2}).json()
    second = analyst.get(f"/issues/{issue.pk}/history", {"limit": 2, "cursor": first["next"]}).json()
    said = [*first["items"], *second["items"]]
    assert [one["code"] for one in said] == ["triaged", "triaged", "appeared"]
    assert (said[0]["values"]["triage_to"], said[0]["by"]["id"]) == ("acting", cast.analyst.pk)
    assert second["next"] is None


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("triage", {"to": "closed", "was": "new"}),
        ("owner", {"owner": None, "was": None}),
        ("name", {"label": "x"}),
        ("notes", {"text": "x"}),
    ],
)
def test_auditors_and_points_change_nothing(cast: Cast, what: str, body: dict[str, Any]):
    issue = make_issue(1, "Ngập nước")
    for person in (cast.auditor, cast.officer, cast.area_officer):
        assert program(person).post(f"/issues/{issue.pk}/{what}", body).status_code == 403
    assert Issue.objects.get().triage == "new"
    assert program(cast.analyst).post(f"/issues/987654321/{what}", body).status_code == 404
