"""Outgoing mail: one a key, sent once, put off where the server is away, uncertain where it was cut off."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core import mail as outbox_of_django
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from nhipcau.running import sending
from nhipcau.running.mail import Attachment, NewMail, queue_mail, queue_mails, send_again, unsent
from nhipcau.running.models import MailState, OutgoingMail
from nhipcau.running.sending import send_due

pytestmark = pytest.mark.django_db


class Server(BaseEmailBackend):
    """A mail server of which a test says what it does."""

    opening: Exception | None = None
    taking: Exception | None = None
    taken: list[str]

    def open(self) -> bool:
        if Server.opening:
            raise Server.opening
        return True

    def close(self) -> None: ...

    def send_messages(self, messages) -> int:
        if Server.taking:
            raise Server.taking
        Server.taken += [message.extra_headers["Message-ID"] for message in messages]
        return len(messages)


@pytest.fixture
def server(monkeypatch) -> type[Server]:
    Server.opening = Server.taking = None
    Server.taken = []
    monkeypatch.setattr(sending, "get_connection", lambda **_: Server())
    return Server


def queue(key: str = "directive-1", **values) -> OutgoingMail:
    said = {"to": "an@example.org", "subject": "Chỉ đạo", "text": "Nội dung", "key": key, **values}
    if "attachments" in said:
        queue_mails([NewMail(**said)])
    else:
        queue_mail(**said)
    return OutgoingMail.objects.get(key=key)


def state(key: str = "directive-1") -> str:
    return OutgoingMail.objects.get(key=key).state


def later(minutes: float):
    return timezone.now() + timedelta(minutes=minutes)


def test_a_queued_mail_is_sent_once(server) -> None:
    queue()
    assert send_due(timezone.now()) == 1
    assert send_due(timezone.now()) == 0
    assert state() == MailState.SENT
    assert len(server.taken) == 1


def test_a_key_has_one_mail_for_ever(server) -> None:
    queue()
    send_due(timezone.now())
    queue(text="another")
    assert send_due(later(10)) == 0
    assert OutgoingMail.objects.count() == 1


def test_the_words_of_a_sent_mail_are_not_kept(server) -> None:
    queue(html="<a href='/a/secret'>")
    send_due(timezone.now())
    sent = OutgoingMail.objects.get()
    assert (sent.text, sent.html) == ("", "")


def test_a_mail_of_an_undone_transaction_does_not_exist(server) -> None:
    def act() -> None:
        with transaction.atomic():
            queue()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not OutgoingMail.objects.exists()


def test_many_are_queued_in_a_few_statements(server, django_assert_max_num_queries) -> None:
    mails = [NewMail(to="an@example.org", subject="s", text="t", key=str(number)) for number in range(400)]
    with django_assert_max_num_queries(6):
        queue_mails(mails)
    queue_mails(mails)
    assert OutgoingMail.objects.count() == 400


@pytest.mark.parametrize("name", ["console", "dummy"])
def test_without_a_mail_server_mails_wait(settings, name: str, capsys) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{name}.EmailBackend"
    queue()
    assert send_due(timezone.now()) == 0
    assert state() == MailState.QUEUED
    assert capsys.readouterr().out == ""


def test_a_mail_is_not_sent_before_its_time(server) -> None:
    queue(not_before=later(30))
    assert send_due(timezone.now()) == 0
    assert send_due(later(31)) == 1


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), smtplib.SMTPAuthenticationError(535, b"no"), TimeoutError()]
)
def test_a_server_that_is_away_puts_the_mail_off_and_never_refuses_it(server, error) -> None:
    queue()
    server.opening = error
    for attempt in range(10):
        assert send_due(later(120 * attempt)) == 0
        assert state() == MailState.QUEUED
    assert OutgoingMail.objects.get().error.startswith(type(error).__name__)
    server.opening = None
    assert send_due(later(60)) == 1


def test_where_no_connection_opens_the_others_are_not_tried(server) -> None:
    for number in range(5):
        queue(str(number))
    server.opening = ConnectionRefusedError()
    send_due(timezone.now())
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (smtplib.SMTPRecipientsRefused({"an@example.org": (550, b"unknown")}), MailState.REFUSED),
        (smtplib.SMTPRecipientsRefused({"an@example.org": (451, b"later")}), MailState.QUEUED),
        (smtplib.SMTPDataError(554, b"spam"), MailState.REFUSED),
        (smtplib.SMTPDataError(421, b"busy"), MailState.QUEUED),
        (smtplib.SMTPSenderRefused(550, b"who", "x@example.org"), MailState.QUEUED),
        (ValueError("a header with a line break"), MailState.REFUSED),
        (smtplib.SMTPServerDisconnected("gone"), MailState.UNCERTAIN),
        (TimeoutError(), MailState.UNCERTAIN),
        (ConnectionResetError(), MailState.UNCERTAIN),
    ],
    ids=repr,
)
def test_what_the_server_says_decides_what_becomes_of_a_mail(server, error, after) -> None:
    queue()
    server.taking = error
    assert send_due(timezone.now()) == 0
    assert state() == after


def test_after_a_week_of_no_a_mail_is_given_up(server) -> None:
    queue()
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=8))
    server.taking = smtplib.SMTPDataError(421, b"busy")
    send_due(timezone.now())
    assert state() == MailState.REFUSED


def test_what_a_dead_worker_had_only_taken_is_sent_by_another(server) -> None:
    queue()
    OutgoingMail.objects.update(state=MailState.TAKEN, taken_at=later(-6))
    assert send_due(timezone.now()) == 1


def test_what_a_dead_worker_was_handing_over_is_uncertain_and_only_a_person_sends_it_again(server) -> None:
    queue()
    OutgoingMail.objects.update(state=MailState.HANDING_OVER, taken_at=later(-6))
    assert send_due(timezone.now()) == 0
    assert state() == MailState.UNCERTAIN
    assert [stuck.key for stuck in unsent()] == ["directive-1"]
    assert send_again(key="directive-1")
    assert not send_again(key="directive-1")
    assert send_due(later(1)) == 1
    assert not unsent().exists()


def test_what_a_living_worker_has_is_left_to_it(server) -> None:
    queue()
    OutgoingMail.objects.update(state=MailState.HANDING_OVER, taken_at=later(-1))
    assert send_due(timezone.now()) == 0
    assert state() == MailState.HANDING_OVER


def test_two_copies_of_one_mail_carry_the_same_identity(server) -> None:
    queue()
    send_due(timezone.now())
    OutgoingMail.objects.update(state=MailState.UNCERTAIN)
    send_again(key="directive-1")
    send_due(later(1))
    assert len(server.taken) == 2
    assert len(set(server.taken)) == 1


def test_a_mail_has_its_words_and_says_that_a_machine_wrote_it() -> None:
    queue(subject="Chỉ đạo\r\nBcc: all@example.org", html="<p>Nội dung</p>")
    assert send_due(timezone.now()) == 1
    [message] = outbox_of_django.outbox
    assert message.subject == "Chỉ đạo Bcc: all@example.org"
    assert message.body == "Nội dung"
    assert message.alternatives[0].content == "<p>Nội dung</p>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def kept(settings, tmp_path, content: bytes = b"%PDF-1.7") -> Attachment:
    settings.DATA_FOLDER = tmp_path
    (tmp_path / "briefs").mkdir()
    (tmp_path / "briefs" / "a.pdf").write_bytes(content)
    digest = sha256(b"%PDF-1.7").hexdigest()
    return Attachment(name="bản tin.pdf", content_type="application/pdf", file="briefs/a.pdf", sha256=digest)


def test_a_file_goes_along(settings, tmp_path) -> None:
    queue(attachments=[kept(settings, tmp_path)])
    assert send_due(timezone.now()) == 1
    assert outbox_of_django.outbox[0].attachments == [("bản tin.pdf", b"%PDF-1.7", "application/pdf")]


@pytest.mark.parametrize("case", ["gone", "altered", "outside"])
def test_without_the_file_that_was_meant_the_mail_does_not_leave(settings, tmp_path, case: str) -> None:
    attachment = kept(settings, tmp_path, content=b"other" if case == "altered" else b"%PDF-1.7")
    if case == "gone":
        (tmp_path / "briefs" / "a.pdf").unlink()
    if case == "outside":
        settings.DATA_FOLDER = tmp_path / "other"
        attachment = replace(attachment, file="../briefs/a.pdf")
    queue(attachments=[attachment])
    send_due(timezone.now())
    assert (state(), outbox_of_django.outbox) == (MailState.REFUSED, [])
