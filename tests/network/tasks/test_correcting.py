"""Correcting a directive: a new version, the old one kept, units told; who acknowledged which version stays visible."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from nhipcau.network.actions.tasks import clocks, moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_for, acknowledge_task
from nhipcau.network.actions.tasks.correcting import Correction, correct_task
from nhipcau.network.actions.tasks.errors import NotYours, TaskCorrected, TaskHasMoved, TaskInvalid
from nhipcau.network.actions.tasks.withdrawing import withdraw_task
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_clocks import Reminder, TaskClock
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.models.tasks import Acknowledgement, Task, TaskVersion
from nhipcau.network.queries.board import tiles_of
from nhipcau.running.models import OutgoingMail
from tests.network.tasks.cast import Cast, bring_to, fresh, issue, recipient_of
from tests.network.tasks.test_links import link_to


def correct(task: Task, by: Person, *, version: int | None = None, **values: Any) -> Task:
    """Correct a directive: its text, unless something else is named."""
    now = Task.objects.get(pk=task.pk)
    said = {"title": now.title, "text": now.text, "why": now.why, "due_at": now.due_at}
    said |= {"text": "Chỉ kiểm tra giếng công cộng.", "what_changed": "Chỉ giếng công cộng."} | values
    version = now.version if version is None else version
    return correct_task(by=fresh(by), task=now, correction=Correction(**said), version=version)


def test_correction_is_a_new_version_and_what_was_said_before_is_kept(cast: Cast):
    task = issue(cast, offices=cast.points)
    made = correct(task, cast.leader)
    assert (made.version, made.text) == (2, "Chỉ kiểm tra giếng công cộng.")
    kept = TaskVersion.objects.get()
    assert (kept.number, kept.text, kept.corrected_by) == (1, task.text, cast.leader)
    record = AuditRecord.objects.get(action="task.correct")
    assert (record.values["version"], record.values["changed"]) == (2, ["text"])
    assert record.values["offices"] == ["P1", "P2", "P3", "P4"]
    correct(task, cast.analyst, text="Chỉ giếng ở thôn 1.", what_changed="Chỉ thôn 1.")
    assert list(TaskVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_units_that_are_not_settled_are_told_once_what_changed(cast: Cast):
    task = issue(cast, offices=cast.points[:3])
    moves.withdraw_from(by=cast.leader, recipient=recipient_of(task, cast.points[1]), reason="Nhầm.")
    OutgoingMail.objects.all().delete()
    correct(task, cast.leader)
    told = OutgoingMail.objects.order_by("pk")
    assert sorted(told.values_list("to", flat=True)) == ["colleague@example.vn", "officer@example.vn", "p3@example.vn"]
    text = told.get(to="officer@example.vn").text
    for said in ("Chỉ giếng công cộng.", "Chỉ kiểm tra giếng công cộng.", "/a/"):
        assert said in text
    assert TaskMail.objects.filter(kind="corrected").count() == 3


@pytest.mark.parametrize("who", ["area_officer", "officer", "auditor", "administrator", "stranger"])
def test_only_the_issuer_and_who_directs_at_the_hub_correct(cast: Cast, who: str):
    with pytest.raises(NotYours):
        correct(issue(cast), getattr(cast, who))
    assert not TaskVersion.objects.exists()


def test_area_corrects_its_own(cast: Cast):
    task = issue(cast, by=cast.area_officer)
    assert correct(task, cast.area_officer).version == 2
    assert correct(task, cast.leader, text="Khác.").version == 3


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"what_changed": " "}, "what_changed", "missing"),
        ({"title": ""}, "title", "missing"),
        ({"title": "x" * 201}, "title", "too_long"),
        ({"due_at": datetime(2001, 1, 1, tzinfo=timezone.get_default_timezone())}, "due_at", "past"),
        ({"text": "Kiểm tra và báo cáo."}, "text", "unchanged"),
    ],
)
def test_correction_that_does_not_hold_is_refused(cast: Cast, change: dict[str, Any], field: str, problem: str):
    task = issue(cast)
    with pytest.raises(TaskInvalid) as refused:
        correct(task, cast.leader, **change)
    assert (refused.value.values["field"], refused.value.values["problem"]) == (field, problem)
    assert not TaskVersion.objects.exists()


def test_two_who_correct_at_once_do_not_overwrite_one_another(cast: Cast):
    task = issue(cast)
    correct(task, cast.leader, version=1)
    with pytest.raises(TaskCorrected):
        correct(task, cast.analyst, version=1, text="Khác.")
    assert AuditRecord.objects.filter(action="task.correct").count() == 1


def test_settled_directive_is_corrected_no_more(cast: Cast):
    task = issue(cast)
    withdraw_task(by=cast.leader, task=task, reason="Nhầm.")
    with pytest.raises(TaskHasMoved):
        correct(task, cast.leader)


def test_correction_that_is_taken_back_tells_nobody(cast: Cast):
    task = issue(cast)
    OutgoingMail.objects.all().delete()
    with transaction.atomic():
        correct(task, cast.leader)
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_acknowledgement_stays_one_of_its_version_and_is_made_anew_once(cast: Cast):
    task = issue(cast)
    recipient = bring_to(cast, recipient_of(task), "in_progress")
    correct(task, cast.leader)
    (tile,) = tiles_of(task.recipients.all(), now=timezone.now())
    assert (tile.is_outdated, tile.acknowledgement.version, tile.state) == (True, 1, "in_progress")
    for _ in range(2):
        made = acknowledge_task(by=cast.colleague, recipient=recipient_of(task), version=2)
        assert (made.version, made.person) == (2, cast.colleague)
    (tile,) = tiles_of(task.recipients.all(), now=timezone.now())
    assert (tile.is_outdated, tile.acknowledgement.version) == (False, 2)
    assert list(recipient.acknowledgements.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert AuditRecord.objects.filter(action="task.acknowledge").count() == 2
    recipient.refresh_from_db()
    assert recipient.state == "in_progress"


def test_correction_before_any_acknowledgement_is_acknowledged_with_the_directive(cast: Cast):
    task = issue(cast)
    correct(task, cast.leader)
    made = acknowledge_task(by=cast.officer, recipient=recipient_of(task))
    assert (made.version, recipient_of(task).state) == (2, "acknowledged")


def test_nobody_acknowledges_a_correction_that_they_have_not_read(cast: Cast):
    task = issue(cast)
    correct(task, cast.leader)
    with pytest.raises(TaskCorrected):
        acknowledge_task(by=cast.officer, recipient=recipient_of(task), version=1)
    assert not Acknowledgement.objects.exists()


def test_proxy_records_that_the_correction_was_heard(cast: Cast):
    task = issue(cast)
    bring_to(cast, recipient_of(task), "acknowledged")
    correct(task, cast.leader)
    made = acknowledge_for(by=cast.area_officer, recipient=recipient_of(task), name="Bà Mẫu", note="Gọi điện.")
    assert (made.version, made.route, made.recorded_by) == (2, "proxy", cast.area_officer)


def test_link_of_either_mail_acknowledges_what_its_page_shows(cast: Cast, client: Client):
    task = issue(cast)
    first = link_to("officer@example.vn")
    client.post(first, {"version": "1"})
    correct(task, cast.leader)
    second = link_to("officer@example.vn")
    assert second != first
    for path in (first, second):
        page = client.get(path).content.decode()
        assert "Chỉ giếng công cộng." in page
        assert "Xác nhận bản sửa" in page
    late = client.post(second, {"version": "1"})
    assert late.status_code == 422
    assert Acknowledgement.objects.count() == 1
    for _ in range(2):
        assert client.post(first, {"version": "2"}).status_code == 200
    assert list(Acknowledgement.objects.order_by("version").values_list("version", "route")) == [
        (1, "link"),
        (2, "link"),
    ]


def test_new_due_time_holds_where_the_unit_had_the_old_one_and_clocks_go_by_it(cast: Cast):
    task = issue(cast, offices=cast.points)
    own = recipient_of(task, cast.points[1])
    own.due_at = task.due_at + timedelta(days=1)
    own.save()
    bring_to(cast, recipient_of(task, cast.points[0]), "submitted")
    paused = recipient_of(task, cast.points[2])
    clocks.pause_clocks(by=cast.leader, recipient=paused, reason="Lũ.")
    later = task.due_at + timedelta(days=7)
    correct(task, cast.leader, due_at=later, what_changed="Thêm một tuần.")
    due = dict(task.recipients.values_list("office__code", "due_at"))
    assert due == {"P1": task.due_at, "P2": own.due_at, "P3": later, "P4": later}
    late = TaskClock.objects.get(recipient__office=cast.points[3], kind="due_escalation")
    assert (late.state, late.rings_at > later) == ("waiting", True)
    assert TaskClock.objects.get(recipient=paused, kind="due_escalation").left > timedelta(days=1)


def test_clock_that_has_rung_rings_again_at_its_new_hour_and_nothing_twice(cast: Cast):
    task = issue(cast)
    recipient = bring_to(cast, recipient_of(task), "accepted")
    clock = TaskClock.objects.get(recipient=recipient, kind="due_escalation")
    with time_machine.travel(clock.rings_at + timedelta(minutes=1), tick=False):
        assert clocks.ring(clock.pk, now=timezone.now())
        correct(task, cast.leader, due_at=timezone.now() + timedelta(days=7), what_changed="Thêm một tuần.")
    clock.refresh_from_db()
    assert clock.state == "waiting"
    with time_machine.travel(clock.rings_at + timedelta(minutes=1), tick=False):
        assert [clocks.ring(clock.pk, now=timezone.now()) for _ in range(2)] == [True, False]
    assert Reminder.objects.filter(recipient=recipient, kind="due_escalation").count() == 2
    assert TaskMail.objects.filter(kind="escalation", address="leader@example.vn").count() == 2


def enter(client: Client, person: Person) -> Client:
    """Log in."""
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_pages_correct_it_and_show_what_changed_to_all(cast: Cast, client: Client):
    task = issue(cast, text="Dòng một.\nDòng hai.")
    bring_to(cast, recipient_of(task), "acknowledged")
    address = f"/tasks/{task.pk}/correct"
    page = enter(client, cast.leader).get(address)
    given = {**page.context["form"].initial, "what_changed": "Thêm dòng ba.", "text": "Dòng một.\r\nDòng hai."}
    given["due_at"] = timezone.localtime(task.due_at).strftime("%Y-%m-%dT%H:%M")
    assert client.post(address, given).status_code == 422  # nothing is different but line ends
    answer = client.post(address, given | {"text": "Dòng một.\r\nDòng hai.\r\nDòng ba."})
    assert answer.status_code == 302
    assert Task.objects.get().due_at == task.due_at
    for path in (f"/tasks/{task.pk}/", f"/received/{recipient_of(task).pk}/"):
        assert "Thêm dòng ba." in client.get(path).content.decode()
    assert "Mới xác nhận bản cũ" in client.get(f"/tasks/{task.pk}/board").content.decode()
    path = f"/received/{recipient_of(task).pk}/"
    assert "Xác nhận bản sửa" in enter(client, cast.officer).get(path).content.decode()
    assert client.get(address).status_code == 403
    assert client.post(f"{path}do/acknowledge", {"version": "1"}).status_code == 409
    assert client.post(f"{path}do/acknowledge", {"version": "2"}).status_code == 302
    assert "Xác nhận bản sửa" not in client.get(path).content.decode()
    assert enter(client, cast.neighbour).get(address).status_code == 403


def test_history_of_a_unit_tells_of_a_correction_and_that_of_all_is_not_drowned_by_it(cast: Cast, client: Client):
    task = issue(cast, offices=cast.points)
    acknowledge_task(by=cast.officer, recipient=recipient_of(task, cast.points[0]))
    correct(task, cast.leader)
    recipient = recipient_of(task, cast.points[0])
    acknowledge_task(by=cast.officer, recipient=recipient)
    client.force_login(cast.leader)
    unit = client.get(f"/received/{recipient.pk}/").content.decode()
    whole = client.get(f"/tasks/{task.pk}/").content.decode()
    unit_history, whole_history = (
        page.partition('<ol class="history">')[2].partition("</ol>")[0] for page in (unit, whole)
    )
    assert [word in unit_history for word in ("Đã xác nhận bản sửa", "Bản sửa", "Chỉ giếng công cộng.")] == [True] * 3
    assert "Đã xác nhận bản sửa" in whole_history
    assert "Chỉ giếng công cộng." not in whole_history
    assert whole.count("Chỉ giếng công cộng.") == 1
