"""Writing: sending once under a key, withdrawing, the moves of a unit, evidence; each refused as on the pages."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.tasks import Task
from tests.api.programs import Program, program
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of


def asked(**values: Any) -> dict[str, Any]:
    """A directive that is in order."""
    due_at = (timezone.now() + timedelta(days=3)).isoformat()
    return {"title": "Kiểm tra nước", "text": "Kiểm tra.", "due_at": due_at, "to": {"areas": ["N"]}} | values


def send(by: Program, body: dict[str, Any], key: str = "key-of-this-intent") -> Any:
    """Send a directive."""
    return by.post("/tasks", body, Idempotency_Key=key)


def test_directive_is_sent_to_areas_and_offices_with_one_audit_record(leader: Program):
    answer = send(leader, asked(to={"areas": ["N"], "offices": ["P4", "P1"]}))
    assert answer.status_code == 201
    task = Task.objects.get(pk=answer.json()["id"])
    assert answer.headers["Location"] == f"/api/v1/tasks/{task.pk}"
    assert answer.json()["tally"]["total"] == 4
    assert AuditRecord.objects.filter(action="task.issue").count() == 1


def test_same_key_sends_once_and_other_words_under_it_are_refused(leader: Program):
    body = asked()
    assert send(leader, body).json()["id"] == send(leader, body).json()["id"]
    assert Task.objects.count() == 1
    answer = send(leader, body | {"title": "Khác"})
    assert (answer.status_code, answer.json()["code"]) == (409, "task-key-used-otherwise")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "body.title"),
        ({"due_at": "2026-07-01T10:00:00"}, "body.due_at"),
        ({"due_at": "2001-07-01T10:00:00Z"}, "body.due_at"),
        ({"heading": "x"}, "body.heading"),
        ({"text": "a\x00b"}, "body.text"),
        ({"to": {"area": ["N"]}}, "body.to.area"),
    ],
)
def test_field_that_does_not_hold_is_named_and_nothing_is_sent(leader: Program, change: dict[str, Any], field: str):
    answer = send(leader, asked(**change))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert not Task.objects.exists()


def test_missing_key_and_unknown_or_foreign_offices_are_refused(leader: Program, cast: Cast):
    assert leader.post("/tasks", asked()).status_code == 422
    assert send(leader, asked(to={"offices": ["NOWHERE"]})).json()["code"] == "task-out-of-reach"
    assert send(program(cast.area_officer), asked(to={"offices": ["P4"]})).json()["code"] == "task-out-of-reach"
    assert send(leader, asked(to={})).json()["code"] == "task-no-recipients"
    assert not Task.objects.exists()


def test_withdrawing_takes_back_what_is_open_and_leaves_what_is_verified(leader: Program, cast: Cast):
    task = issue(cast, offices=cast.points)
    bring_to(cast, recipient_of(task), "verified")
    answer = leader.post(f"/tasks/{task.pk}/withdrawal", {"reason": "Gửi nhầm."})
    assert (answer.json()["tally"]["withdrawn"], answer.json()["tally"]["done"]) == (3, 1)
    again = leader.post(f"/tasks/{task.pk}/withdrawal", {"reason": "Gửi nhầm."})
    assert (again.status_code, again.json()["code"]) == (409, "task-has-moved")
    other = program(cast.area_officer)
    assert other.post(f"/tasks/{task.pk}/withdrawal", {"reason": "x"}).status_code == 403


def test_unit_goes_all_the_way_and_somebody_above_verifies_and_closes(cast: Cast, officer: Program, leader: Program):
    recipient = recipient_of(issue(cast))
    path = f"/recipients/{recipient.pk}"
    for name, state in (("acknowledge", "acknowledged"), ("accept", "accepted"), ("start", "in_progress")):
        assert officer.post(f"{path}/moves", {"move": name}).json()["state"] == state
    items = [{"kind": "count", "count": 3, "note": "giếng"}, {"kind": "link", "url": "https://example.vn/anh"}]
    handed_in = officer.post(f"{path}/evidence", {"items": items, "note": "Xong."}).json()
    assert (handed_in["state"], handed_in["submitted_by"]["id"]) == ("submitted", cast.officer.pk)
    assert [one["kind"] for one in handed_in["evidence"]] == ["link", "count"]
    assert officer.post(f"{path}/moves", {"move": "verify"}).status_code == 403
    assert leader.post(f"{path}/moves", {"move": "verify"}).json()["verified_by"]["id"] == cast.leader.pk
    assert leader.post(f"{path}/moves", {"move": "close"}).json()["state"] == "closed"


def test_acknowledging_twice_is_one_acknowledgement_and_any_other_move_twice_is_a_conflict(
    cast: Cast, officer: Program
):
    path = f"/recipients/{recipient_of(issue(cast)).pk}/moves"
    assert [officer.post(path, {"move": "acknowledge"}).status_code for _ in range(2)] == [200, 200]
    assert AuditRecord.objects.filter(action="task.acknowledge").count() == 1
    assert [officer.post(path, {"move": "accept"}).status_code for _ in range(2)] == [200, 409]


def test_returning_needs_a_reason(cast: Cast, officer: Program):
    path = f"/recipients/{bring_to(cast, recipient_of(issue(cast)), 'acknowledged').pk}/moves"
    assert officer.post(path, {"move": "return"}).json()["code"] == "task-reason-missing"
    assert officer.post(path, {"move": "return", "reason": "Đang có lũ."}).json()["state"] == "returned"


def test_neighbour_and_auditor_move_nothing(cast: Cast):
    path = f"/recipients/{recipient_of(issue(cast)).pk}/moves"
    assert program(cast.neighbour).post(path, {"move": "acknowledge"}).status_code == 404
    answer = program(cast.auditor).post(path, {"move": "acknowledge"})
    assert (answer.status_code, answer.json()["code"]) == (403, "task-not-yours")


def test_photo_is_handed_in_without_where_it_was_taken_and_what_is_no_photo_is_refused(cast: Cast, officer: Program):
    path = f"/recipients/{bring_to(cast, recipient_of(issue(cast)), 'accepted').pk}/files"
    refused = officer.upload(path, {"files": SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")})
    assert (refused.status_code, refused.json()["code"]) == (422, "task-evidence-refused"), refused.json()["errors"]
    held = BytesIO()
    Image.new("RGB", (40, 30)).save(held, "JPEG")
    photo = SimpleUploadedFile("giếng.jpg", held.getvalue(), "image/jpeg")
    taken = officer.upload(path, {"files": photo, "note": "Xong."}).json()
    assert [(one["kind"], one["file"]["name"]) for one in taken["evidence"]] == [("photo", "giếng.jpg")]
