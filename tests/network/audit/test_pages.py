"""The pages of the audit log: filters, the cursor, proof, export, and their cost."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from nhipcau.network.actions.audit import record
from nhipcau.network.auditwords import record_words
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.queries.audit import PAGE, Asked, audit_page
from tests.network.tasks.cast import Cast, make_cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def auditor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.auditor, backend=BACKEND)
    return client


def write(cast: Cast, count: int, **values: Any) -> None:
    asked = {"by": cast.officer, "action": "person.edited", "of": cast.officer, "values": {"name": "=1+1"}} | values
    for _ in range(count):
        with transaction.atomic():
            record(**asked)


def test_cursor_walks_all_pages_there_and_back(cast: Cast):
    write(cast, 2 * PAGE + 7)
    newest = audit_page(Asked())
    middle = audit_page(Asked(before=newest.older_than))
    oldest = audit_page(Asked(before=middle.older_than))
    numbers = [one.seq for page in (newest, middle, oldest) for one in page.records]
    assert numbers == list(range(2 * PAGE + 7, 0, -1))
    assert (newest.newer_than, oldest.older_than) == (None, None)
    back = audit_page(Asked(after=oldest.newer_than))
    assert [one.seq for one in back.records] == [one.seq for one in middle.records]
    assert [one.seq for one in audit_page(Asked(after=back.newer_than)).records] == [one.seq for one in newest.records]


def test_filters_find_what_they_say(cast: Cast, auditor: Client, time_machine: Any):
    write(cast, 1)
    write(cast, 2, by=cast.leader, action="task.issue", of=cast.points[0], values={"title": "Kiểm tra"})
    time_machine.move_to(timezone.now() + timedelta(days=2))
    write(cast, 4, by=None, action="task.remind", of=cast.points[1])
    today = timezone.localdate()

    def count(**asked: Any) -> int:
        response = auditor.get("/audit/", asked)
        assert response.status_code == 200, response.context["form"].errors
        return len(response.context["page"].records)

    assert count() == 8  # and the auditor's own log-in
    assert count(person="LEADER@example.vn") == 2
    assert count(office="P2") == 4
    assert count(action="person.edited") == 1
    assert count(from_on=today.isoformat()) == 4
    assert count(until_on=(today - timedelta(days=1)).isoformat()) == 4
    assert count(from_on=(today + timedelta(days=1)).isoformat()) == 0
    assert count(kind="office", number=str(cast.points[0].pk)) == 2
    assert count(person="leader@example.vn", office="P2") == 0


@pytest.mark.parametrize(
    "asked", [{"person": "nobody@example.vn"}, {"office": "NO"}, {"from_on": "soon"}, {"before": "x"}]
)
def test_filter_that_does_not_hold_is_said(auditor: Client, asked: dict[str, str]):
    response = auditor.get("/audit/", asked)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(asked)


@pytest.mark.parametrize("count", [3, 60])
def test_page_takes_few_queries_whatever_the_number_of_records(
    cast: Cast, auditor: Client, count: int, django_assert_max_num_queries: Any
):
    write(cast, count)
    auditor.get("/audit/")
    with django_assert_max_num_queries(8):
        auditor.get("/audit/")


def test_page_proves_the_chain(cast: Cast, auditor: Client):
    write(cast, 3)
    for span in ("recent", "all"):
        response = auditor.post("/audit/verify", {"span": span})
        assert response.context["proof"].holds
        assert AuditRecord.objects.latest("seq").hash in response.content.decode()


def test_export_gives_all_that_the_filters_leave_and_is_itself_recorded(cast: Cast, auditor: Client):
    write(cast, 3)
    write(cast, 2, action="task.issue")
    response = auditor.post("/audit/export", {"action": "person.edited"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["seq"] for row in rows] == ["2", "3", "4"]
    assert rows[0]["hash"] == AuditRecord.objects.get(seq=2).hash
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    last = AuditRecord.objects.latest("seq")
    assert (last.action, last.by, last.values) == ("audit.exported", cast.auditor, {"action": "person.edited"})


def test_export_of_a_filter_that_does_not_hold_takes_nothing_out(auditor: Client):
    assert auditor.post("/audit/export", {"office": "NO"}).status_code == 422
    assert not AuditRecord.objects.filter(action="audit.exported").exists()


@pytest.mark.parametrize(
    ("language", "reminded", "acknowledged"),
    [
        ("vi", "Báo cấp trên: quá hạn", "người ghi nhận thay"),
        ("en", "Escalated: overdue", "named proxy"),
    ],
)
def test_codes_in_records_are_worded_in_either_language(language: str, reminded: str, acknowledged: str):
    values = {"task": 1, "office": "P1", "name": "An"}
    with translation.override(language):
        assert reminded in record_words("task.remind", {**values, "clock": "due_escalation"})
        assert acknowledged in record_words("task.acknowledge", {**values, "route": "proxy"})
        assert "(later)" in record_words("task.remind", {**values, "clock": "later"})
