"""Sending: only what is signed, each address at most once, whatever is cut off; corrections; readers."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox_of_django
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from nhipcau.issues.actions.briefs import sending
from nhipcau.issues.actions.briefs.correcting import correct_brief
from nhipcau.issues.actions.briefs.errors import BriefAltered, BriefHasMoved, BriefInvalid, BriefNotYours
from nhipcau.issues.actions.briefs.readers import add_reader, switch_reader
from nhipcau.issues.actions.briefs.sending import send_brief, send_delivery_again
from nhipcau.issues.jobs.briefs import note_brief_deliveries
from nhipcau.issues.models import Brief, BriefDelivery, BriefReader, Issue
from nhipcau.network.models.audit import AuditRecord
from nhipcau.running.models import MailState, OutgoingMail
from nhipcau.running.sending import send_due
from tests.issues.briefs.cast import drafted, edited, reader, sent, signed
from tests.issues.briefs.conftest import MORNING
from tests.network.tasks.cast import Cast, fresh


@pytest.fixture
def brief(cast: Cast, issues: list[Issue]) -> Brief:
    """A signed brief."""
    made = signed(cast.leader, edited(cast.analyst, drafted(cast.analyst)))
    OutgoingMail.objects.all().delete()
    return made


def deliver() -> None:
    """What the worker does until nothing is left."""
    while send_due(timezone.now()):
        pass
    note_brief_deliveries(timezone.now())


def test_readers_get_html_text_and_pdf_in_their_language(cast: Cast, brief: Brief) -> None:
    reader(cast.analyst)
    reader(cast.analyst, "reader@example.org", language="en", wants_pdf=False)
    add_reader(by=cast.analyst, person=cast.officer, email="", name="", language="vi", wants_pdf=True)
    sent(cast.analyst, brief)
    deliver()
    by_address = {mail.to[0]: mail for mail in outbox_of_django.outbox}
    assert set(by_address) == {"doc@example.vn", "reader@example.org", cast.officer.email}
    vietnamese, english = by_address["doc@example.vn"], by_address["reader@example.org"]
    assert vietnamese.subject.startswith("Bản tin dư luận, Số 1/2026: 06:00, thứ Sáu 27/11/2026")
    assert english.subject.startswith("Brief on public opinion, No. 1/2026")
    html = vietnamese.alternatives[0][0]
    for words in ("Ngập sau mưa lớn", "Những điều chưa biết", "VI. Việc đã làm", brief.fingerprint, "<style>"):
        assert words in html
    assert "<script" not in html
    assert "src=" not in html
    name, content, kind = vietnamese.attachments[0]
    assert (name, kind, content[:5]) == ("ban-tin-du-luan-1-2026.pdf", "application/pdf", b"%PDF-")
    assert english.attachments == []
    assert set(BriefDelivery.objects.values_list("outcome", flat=True)) == {"sent"}
    values = AuditRecord.objects.get(action="brief.sent").values
    assert (values["number"], values["mails"]) == ("1/2026", 3)


def test_nothing_unsigned_leaves(cast: Cast, issues: list[Issue]) -> None:
    reader(cast.analyst)
    draft = drafted(cast.analyst)
    OutgoingMail.objects.all().delete()
    with pytest.raises(BriefHasMoved):
        send_brief(by=cast.leader, brief=draft)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("part", ["auditor", "officer", "stranger"])
def test_others_do_not_send(cast: Cast, brief: Brief, part: str) -> None:
    with pytest.raises(BriefNotYours):
        send_brief(by=getattr(cast, part), brief=brief)


def test_sent_again_nothing_is_sent(cast: Cast, brief: Brief) -> None:
    reader(cast.analyst)
    stale = Brief.objects.get(pk=brief.pk)
    sent(cast.analyst, brief)
    for known in (Brief.objects.get(pk=brief.pk), stale):
        with pytest.raises(BriefHasMoved):
            send_brief(by=cast.analyst, brief=known)
    assert OutgoingMail.objects.count() == 1


def test_altered_brief_is_not_sent(cast: Cast, brief: Brief) -> None:
    reader(cast.analyst)
    document = {**brief.document, "lead": "Khác."}
    Brief.objects.filter(pk=brief.pk).update(document=document)
    with pytest.raises(BriefAltered):
        send_brief(by=cast.analyst, brief=Brief.objects.get(pk=brief.pk))
    assert not OutgoingMail.objects.exists()


def test_cut_off_while_queueing_nobody_is_written_to_and_it_can_be_sent(
    cast: Cast, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(cast.analyst)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sending, "queue_mails", killed)
        with pytest.raises(SystemExit):
            send_brief(by=cast.analyst, brief=brief)
    assert (Brief.objects.get(pk=brief.pk).state, BriefDelivery.objects.count()) == ("signed", 0)
    sent(cast.analyst, Brief.objects.get(pk=brief.pk))
    deliver()
    assert len(outbox_of_django.outbox) == 1


def test_cut_off_while_handing_over_is_uncertain_and_goes_again_only_by_hand(
    cast: Cast, brief: Brief, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(cast.analyst)
    reader(cast.analyst, "other@example.vn")
    sent(cast.analyst, brief)

    def killed(*_: Any) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", killed)
        with pytest.raises(SystemExit):
            send_due(timezone.now())
    clock.shift(timedelta(minutes=10))
    deliver()
    first, second = BriefDelivery.objects.order_by("pk")
    assert (first.outcome, second.outcome) == ("uncertain", "sent")
    assert [mail.to for mail in outbox_of_django.outbox] == [["other@example.vn"]]
    with pytest.raises(BriefNotYours):
        send_delivery_again(by=cast.auditor, delivery=first)
    send_delivery_again(by=cast.analyst, delivery=first)
    with pytest.raises(BriefHasMoved):
        send_delivery_again(by=cast.analyst, delivery=second)
    deliver()
    assert [mail.to for mail in outbox_of_django.outbox][1:] == [["doc@example.vn"]]
    assert set(BriefDelivery.objects.values_list("outcome", flat=True)) == {"sent"}
    assert AuditRecord.objects.get(action="brief.sent-again").values["address"] == "doc@example.vn"


def test_refusal_of_the_mail_server_shows(cast: Cast, brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    reader(cast.analyst)
    sent(cast.analyst, brief)

    def refuse(*_: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"doc@example.vn": (550, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    deliver()
    assert BriefDelivery.objects.get().outcome == "refused"


def test_sample_is_sent_to_nobody(cast: Cast, issues: list[Issue]) -> None:
    reader(cast.analyst)
    cast.hub.is_sample = True
    cast.hub.save()
    assert sent(cast.analyst).state == "sent"
    assert not OutgoingMail.objects.exists()


def test_correction_has_the_number_and_a_revision_and_goes_to_who_got_the_first(
    cast: Cast, brief: Brief, clock: Any
) -> None:
    first, stopped = reader(cast.analyst), reader(cast.analyst, "stopped@example.vn")
    sent(cast.analyst, brief)
    deliver()
    switch_reader(by=cast.analyst, reader=stopped, is_active=False)
    reader(cast.analyst, "new@example.vn")
    clock.move_to(MORNING + timedelta(hours=2), tick=False)
    analyst, leader = fresh(cast.analyst), fresh(cast.leader)
    begun = correct_brief(by=analyst, brief=Brief.objects.get(pk=brief.pk), reason="Sai tên đường.")
    with pytest.raises(BriefHasMoved):
        correct_brief(by=leader, brief=Brief.objects.get(pk=brief.pk), reason="Cũng sai.")
    made = sent(leader, signed(leader, edited(analyst, Brief.objects.get(pk=begun.pk), lead="Đã sửa.")))
    assert (made.number, made.revision, made.made) == ("1/2026", 1, brief.made)
    assert made.document["corrects"] == {"fingerprint": brief.fingerprint, "revision": 0, "reason": "Sai tên đường."}
    deliver()
    mails = outbox_of_django.outbox[2:]
    assert {mail.to[0] for mail in mails} == {first.address, "stopped@example.vn", "new@example.vn"}
    assert "1/2026, sửa đổi 1" in mails[0].subject
    assert "Sai tên đường." in mails[0].body
    assert Brief.objects.get(pk=brief.pk).document == brief.document


def test_what_a_signed_correction_replaced_is_not_sent_any_more(cast: Cast, brief: Brief) -> None:
    begun = correct_brief(by=cast.analyst, brief=brief, reason="Sai.")
    signed(cast.leader, Brief.objects.get(pk=begun.pk))
    with pytest.raises(BriefHasMoved):
        send_brief(by=cast.analyst, brief=Brief.objects.get(pk=brief.pk))


def test_correcting_is_for_signed_briefs_needs_a_reason_and_the_right(cast: Cast, brief: Brief) -> None:
    with pytest.raises(BriefInvalid):
        correct_brief(by=cast.analyst, brief=brief, reason=" ")
    with pytest.raises(BriefNotYours):
        correct_brief(by=cast.auditor, brief=brief, reason="x")
    with pytest.raises(BriefHasMoved):
        correct_brief(by=cast.analyst, brief=drafted(cast.analyst), reason="x")


def test_reader_is_a_person_or_an_address_and_there_once(cast: Cast) -> None:
    added = {"name": "", "language": "vi", "wants_pdf": True}
    made = add_reader(by=cast.analyst, person=cast.officer, email="", **added)
    for person, email in ((cast.officer, ""), (None, ""), (cast.leader, "a@example.vn"), (None, "no address")):
        with pytest.raises(BriefInvalid):
            add_reader(by=cast.analyst, person=person, email=email, **added)
    reader(cast.analyst)
    with pytest.raises(BriefInvalid):
        reader(cast.analyst, "DOC@example.vn")
    with pytest.raises(BriefNotYours):
        reader(cast.auditor, "b@example.vn")
    switch_reader(by=cast.analyst, reader=made, is_active=False)
    switch_reader(by=cast.analyst, reader=made, is_active=False)
    assert (BriefReader.objects.count(), AuditRecord.objects.filter(action="brief-reader.stopped").count()) == (2, 1)


def test_reader_with_two_entries_of_one_address_gets_one_and_a_closed_log_in_none(cast: Cast, brief: Brief) -> None:
    add_reader(by=cast.analyst, person=cast.officer, email="", name="", language="vi", wants_pdf=False)
    reader(cast.analyst, cast.officer.email, wants_pdf=False)
    add_reader(by=cast.analyst, person=cast.neighbour, email="", name="", language="vi", wants_pdf=False)
    cast.neighbour.is_active = False
    cast.neighbour.save()
    sent(cast.analyst, brief)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [cast.officer.email]


def test_mail_that_was_queued_with_another_state_is_left_alone(cast: Cast, brief: Brief) -> None:
    reader(cast.analyst)
    sent(cast.analyst, brief)
    OutgoingMail.objects.update(state=MailState.TAKEN)
    assert note_brief_deliveries(timezone.now()) == 0
