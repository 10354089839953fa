"""What those above a unit do through the API: send again, pause, resume, a proxy's word; files; the route on record."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.tasks import Acknowledgement, RecipientEvent, Task
from tests.api.programs import Program, program
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def pdf(name: str = "mau.pdf") -> SimpleUploadedFile:
    """A document."""
    return SimpleUploadedFile(name, PDF, "application/pdf")


def form(**values: Any) -> dict[str, Any]:
    """A form with a directive that is in order, and one file."""
    due_at = (timezone.now() + timedelta(days=3)).isoformat()
    asked = {"title": "Kiểm tra nước", "text": "Kiểm tra.", "due_at": due_at, "to": {"areas": ["N"]}} | values
    return {"directive": json.dumps(asked), "files": pdf()}


def sent_with_files(by: Program, fields: dict[str, Any], key: str = "key-of-this-intent") -> Any:
    """Send a form."""
    return by.upload("/tasks/with-files", fields, Idempotency_Key=key)


def test_route_of_a_program_is_on_record(cast: Cast, officer: Program, leader: Program):
    recipient = recipient_of(issue(cast))
    said = officer.post(f"/recipients/{recipient.pk}/moves", {"move": "acknowledge"}).json()
    assert said["acknowledgement"]["route"] == "api"
    officer.post(f"/recipients/{recipient.pk}/moves", {"move": "accept"})
    officer.post(f"/recipients/{recipient.pk}/evidence", {"items": [{"kind": "count", "count": 1}]})
    leader.post(f"/recipients/{recipient.pk}/moves", {"move": "verify"})
    routes = RecipientEvent.objects.filter(recipient=recipient).order_by("pk").values_list("route", flat=True)
    assert list(routes) == ["log_in", "api", "api", "api", "api"]
    assert AuditRecord.objects.get(action="task.acknowledge").values["route"] == "api"


def test_named_proxy_is_recorded_once_with_who_recorded_it(cast: Cast, leader: Program, officer: Program):
    path = f"/recipients/{recipient_of(issue(cast)).pk}/proxy-acknowledgement"
    given = {"name": "Nguyễn Thị Mẫu", "note": "Gọi điện lúc 9 giờ."}
    assert officer.post(path, given).status_code == 403
    assert leader.post(path, given | {"note": ""}).status_code == 422
    for _ in range(2):
        said = leader.post(path, given)
        assert said.status_code == 200
        taken = said.json()["acknowledgement"]
        assert (taken["name"], taken["route"], taken["recorded_by"]["id"]) == (given["name"], "proxy", cast.leader.pk)
    assert Acknowledgement.objects.count() == AuditRecord.objects.filter(action="task.acknowledge").count() == 1


def test_clocks_are_paused_with_a_reason_and_go_on(cast: Cast, leader: Program, officer: Program):
    recipient = recipient_of(issue(cast))
    path = f"/recipients/{recipient.pk}"
    assert leader.post(f"{path}/pause", {"reason": ""}).status_code == 422
    assert officer.post(f"{path}/pause", {"reason": "Lũ."}).status_code == 403
    assert leader.post(f"{path}/pause", {"reason": "Lũ."}).json()["is_paused"] is True
    again = leader.post(f"{path}/pause", {"reason": "Lũ."})
    assert (again.status_code, again.json()["code"]) == (409, "task-pause-refused")
    assert not TaskClock.objects.filter(recipient=recipient, state="waiting").exists()
    assert leader.post(f"{path}/resumption").json()["is_paused"] is False
    assert leader.post(f"{path}/resumption").status_code == 409
    actions = AuditRecord.objects.filter(action__in=["task.pause", "task.resume"]).values_list("action", flat=True)
    assert sorted(actions) == ["task.pause", "task.resume"]


def test_returned_directive_is_sent_again_and_is_acknowledged_anew(cast: Cast, leader: Program, officer: Program):
    recipient = bring_to(cast, recipient_of(issue(cast)), "returned")
    path = f"/recipients/{recipient.pk}/rounds"
    due_at = (timezone.now() + timedelta(days=9)).replace(microsecond=0)
    assert officer.post(path, {"reason": "x"}).status_code == 403
    assert leader.post(path, {"reason": "x", "due_at": "2001-01-01T00:00:00Z"}).status_code == 422
    said = leader.post(path, {"reason": "Nước đã rút.", "due_at": due_at.isoformat()}).json()
    assert (said["state"], said["round"], said["acknowledgement"]) == ("sent", 2, None)
    recipient.refresh_from_db()
    assert recipient.due_at == due_at
    assert leader.post(path, {"reason": "Nước đã rút."}).status_code == 409


def test_directive_goes_out_with_files_which_its_units_and_nobody_else_fetch(cast: Cast, leader: Program):
    said = sent_with_files(leader, form())
    assert said.status_code == 201
    (file,) = said.json()["attachments"]
    path = file["address"].removeprefix("/api/v1")
    for one in (leader, program(cast.officer), program(cast.auditor)):
        fetched = one.get(path)
        assert (fetched.status_code, b"".join(fetched.streaming_content)) == (200, PDF)
        assert fetched.headers["ETag"] == f'"{file["sha256"]}"'
    assert leader.get(path, If_None_Match=f'"{file["sha256"]}"').status_code == 304
    assert program(cast.other_area_officer).get(path).status_code == 404
    assert program(cast.stranger).get(path).status_code == 404
    assert leader.get(f"/files/{'0' * 48}.pdf").status_code == 404


def test_same_key_with_the_same_files_sends_once_and_other_files_are_refused(leader: Program):
    fields = form()
    first = sent_with_files(leader, fields).json()["id"]
    assert sent_with_files(leader, fields | {"files": pdf()}).json()["id"] == first
    other = SimpleUploadedFile("mau.pdf", PDF + b"\n", "application/pdf")
    assert sent_with_files(leader, fields | {"files": other}).status_code == 409
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"directive": "{"}, "body.directive"),
        ({"directive": "[]"}, "body.directive"),
        ({"directive": '{"title": "x"}'}, "body.directive.text"),
        ({"files": SimpleUploadedFile("a.exe", b"MZ", "application/octet-stream")}, "body.files"),
        ({"files": [pdf(str(number)) for number in range(6)]}, "body.files"),
    ],
)
def test_form_that_does_not_hold_is_refused_with_its_field(leader: Program, change: dict[str, Any], field: str):
    answer = sent_with_files(leader, form() | change)
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["errors"]]
    assert not Task.objects.exists()


def test_evidence_is_fetched_by_who_sees_the_unit(cast: Cast, officer: Program, leader: Program):
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    given = SimpleUploadedFile("bien-ban.pdf", BytesIO(PDF).getvalue(), "application/pdf")
    said = officer.upload(f"/recipients/{recipient.pk}/files", {"files": given}).json()
    path = said["evidence"][0]["file"]["address"].removeprefix("/api/v1")
    assert b"".join(leader.get(path).streaming_content) == PDF
    assert program(cast.neighbour).get(path).status_code == 404


def test_directive_is_corrected_and_says_what_it_said_before(cast: Cast, leader: Program, officer: Program):
    task = issue(cast)
    recipient = bring_to(cast, recipient_of(task), "acknowledged")
    path = f"/tasks/{task.pk}/corrections"
    said = {"title": task.title, "text": "Chỉ giếng công cộng.", "due_at": task.due_at.isoformat()}
    body = said | {"version": 1, "what_changed": "Chỉ giếng công cộng."}
    assert officer.post(path, body).status_code == 403
    answer = leader.post(path, body).json()
    assert (answer["version"], answer["text"]) == (2, "Chỉ giếng công cộng.")
    assert [(one["number"], one["text"]) for one in answer["earlier"]] == [(1, task.text)]
    again = leader.post(path, body | {"text": "Khác."})
    assert (again.status_code, again.json()["code"]) == (409, "task-corrected")
    moves = f"/recipients/{recipient.pk}/moves"
    assert officer.post(moves, {"move": "acknowledge", "version": 1}).json()["code"] == "task-corrected"
    anew = officer.post(moves, {"move": "acknowledge", "version": 2}).json()
    assert (anew["state"], anew["acknowledgement"]["version"]) == ("acknowledged", 2)
    assert {one.route for one in task.events.order_by("-id")[:2]} == {"api"}  # the correction, and taking note of it
