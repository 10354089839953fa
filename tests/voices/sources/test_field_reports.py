"""Field reports: who tells, what is refused, once for each form, and nothing of who told it with the voice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.actions.field_reports import FieldReport, give_field_report
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.actions.source_errors import ReportInvalid
from nhipcau.voices.models import IntakeBatch, IntakeReceipt, Source
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import client_of, page

KEY = "a-key-of-a-form-0001"


def report(cast: Cast, **values: Any) -> FieldReport:
    told: dict[str, Any] = {"office": cast.points[0], "occasion": "meeting", "on": timezone.localdate(), "people": 40}
    told |= {"lines": ("Bao giờ có nước sạch?", "", "  Lo trường   học xuống cấp ")}
    return FieldReport(**(told | values))


def kept() -> list[dict[str, Any]]:
    batches = IntakeBatch.objects.order_by("pk")
    return [row for batch in batches for row in read_back(bytes(batch.payload)).to_pylist()]


def test_each_line_becomes_a_voice_of_the_office(cast: Cast):
    receipt = give_field_report(by=cast.officer, report=report(cast), key=KEY)
    assert receipt.accepted == 2
    source = Source.objects.get()
    assert (source.kind, source.owner_id) == ("field", cast.hub.pk)
    assert [row["text"] for row in kept()] == ["Bao giờ có nước sạch?", "Lo trường học xuống cấp"]
    [first, _second] = kept()
    assert (first["place"], first["channel"], first["reach"], first["author_key"]) == ("Đơn vị P1", "meeting", 40, None)
    record = AuditRecord.objects.get()
    assert (record.action, record.values) == ("field-report.given", {"voices": 2})


def test_the_same_form_sent_twice_tells_nothing_twice(cast: Cast):
    give_field_report(by=cast.officer, report=report(cast), key=KEY)
    give_field_report(by=cast.officer, report=report(cast, lines=("Khác",)), key=KEY)
    assert len(kept()) == 2
    assert IntakeReceipt.objects.count() == AuditRecord.objects.count() == 1
    give_field_report(by=cast.officer, report=report(cast), key=KEY + "2")
    assert len(kept()) == 4
    assert Source.objects.count() == 1


@pytest.mark.parametrize("who", ["auditor", "stranger", "neighbour"])
def test_others_do_not_tell_for_an_office(cast: Cast, who: str):
    with pytest.raises(NotAllowed):
        give_field_report(by=getattr(cast, who), report=report(cast), key=KEY)
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"occasion": "rumour"}, "choice"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "later"),
        ({"on": timezone.localdate() - timedelta(days=61)}, "long-ago"),
        ({"lines": (" ", "")}, "missing"),
        ({"lines": ("x",) * 21}, "many"),
        ({"lines": ("x" * 1001,)}, "too-long"),
        ({"people": 0}, "range"),
    ],
)
def test_what_does_not_hold_is_refused(cast: Cast, values: dict[str, Any], problem: str):
    with pytest.raises(ReportInvalid) as refused:
        give_field_report(by=cast.officer, report=report(cast, **values), key=KEY)
    assert refused.value.values["problem"] == problem
    assert not AuditRecord.objects.exists()


def test_numbers_and_the_teller_are_kept_nowhere(cast: Cast):
    line = "Gọi chị ở số 0912 345 678 hoặc ai.do@thu.example nhé"
    give_field_report(by=cast.officer, report=report(cast, lines=(line,)), key=KEY)
    [row] = kept()
    assert "345" not in row["text"]
    assert "ai.do" not in row["text"]
    payload = bytes(IntakeBatch.objects.get().payload)
    assert str(cast.officer.email).encode() not in payload
    assert cast.officer.name.encode() not in payload


def test_page_tells_and_says_what_happens_next(cast: Cast):
    shown = page(cast.officer, "/field-report/")
    assert "Your name is not kept with it" in shown
    client = client_of(cast.officer)
    told = {"office": cast.points[0].pk, "occasion": "market", "on": timezone.localdate().isoformat(), "key": KEY}
    refused = client.post("/field-report/", told | {"lines": ""})
    assert refused.status_code == 422
    for _ in range(2):
        done = client.post("/field-report/", told | {"lines": "Giá điện sao tăng?\r\nKhi nào sửa cầu?"})
        assert done.url == "/field-report/sent"
    assert len(kept()) == 2
    assert "What happens next" in page(cast.officer, "/field-report/sent")
    other = client.post("/field-report/", told | {"office": cast.points[1].pk, "lines": "x"})
    assert other.status_code == 422, "an office that is not one's own is no choice"


def test_name_and_address_of_who_tells_are_taken_out_of_what_was_heard(cast: Cast):
    cast.officer.name = "Ngô Thị Thu Hà"
    cast.officer.save()
    lines = ("ngo thi thu ha ghi lại: mất nước", f"Hỏi thêm {cast.officer.email}")
    give_field_report(by=cast.officer, report=report(cast, lines=lines), key="k" * 20)
    assert [row["text"] for row in kept()] == ["[tên] ghi lại: mất nước", "Hỏi thêm [tài khoản mạng]"]
