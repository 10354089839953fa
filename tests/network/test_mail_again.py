"""E-mails that were refused or may not have arrived: shown, and sent again by a person, with a record, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nhipcau.issues.models.alerts import AlertNotice, AlertRule
from nhipcau.network.actions.mail import MailHasMoved, send_mail_again, send_task_mail_again
from nhipcau.network.jobs.tasks import note_deliveries
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.running.mail import queue_mail
from nhipcau.running.models import MailState, OutgoingMail
from nhipcau.site.errors import NotAllowed
from tests.network.tasks.cast import Cast, fresh, issue, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The offices and people."""
    return make_cast()


@pytest.fixture
def task_mail(cast: Cast) -> TaskMail:
    """An e-mail about a directive that was cut off while it was handed over."""
    issue(cast)
    found = TaskMail.objects.get(address="officer@example.vn")
    end(found.key, MailState.UNCERTAIN)
    return TaskMail.objects.select_related("recipient__task", "recipient__office").get(pk=found.pk)


def end(key: str, state: MailState) -> None:
    """What became of an e-mail, carried to who waits for it."""
    OutgoingMail.objects.filter(key=key).update(state=state, error="timed out")
    note_deliveries(timezone.now())


def enter(client: Client, person: Person) -> Client:
    """Log in."""
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_who_is_above_a_unit_sends_again_once_and_what_becomes_of_it_is_open(cast: Cast, task_mail: TaskMail):
    assert task_mail.outcome == "uncertain"
    send_task_mail_again(by=fresh(cast.area_officer), task_mail=task_mail)
    task_mail.refresh_from_db()
    assert (task_mail.outcome, OutgoingMail.objects.get(key=task_mail.key).state) == ("", "queued")
    with pytest.raises(MailHasMoved):
        send_task_mail_again(by=fresh(cast.area_officer), task_mail=task_mail)
    assert AuditRecord.objects.filter(action="task.mail_again").count() == 1
    end(task_mail.key, MailState.SENT)
    task_mail.refresh_from_db()
    assert (task_mail.outcome, task_mail.recipient.task.recipients.get().state) == ("sent", "delivered")


@pytest.mark.parametrize("who", ["officer", "neighbour", "other_area_officer", "auditor", "stranger"])
def test_others_send_nothing_again(cast: Cast, task_mail: TaskMail, who: str):
    with pytest.raises(NotAllowed):
        send_task_mail_again(by=fresh(getattr(cast, who)), task_mail=task_mail)
    with pytest.raises(NotAllowed):
        send_mail_again(by=fresh(getattr(cast, who)), outgoing=OutgoingMail.objects.get(key=task_mail.key))
    assert OutgoingMail.objects.get(key=task_mail.key).state == "uncertain"


def test_page_of_the_unit_has_the_button_only_for_who_may(cast: Cast, task_mail: TaskMail, client: Client):
    page = f"/received/{task_mail.recipient_id}/"
    address = f"{page}mails/{task_mail.pk}/again"
    assert address in enter(client, cast.leader).get(page).content.decode()
    assert address not in enter(client, cast.officer).get(page).content.decode()
    assert client.post(address).status_code == 403
    assert enter(client, cast.neighbour).post(address).status_code == 404
    assert enter(client, cast.leader).post(f"{page}mails/987654321/again").status_code == 404
    assert client.post(address).status_code == 302
    assert address not in client.get(page).content.decode()
    assert client.post(address).status_code == 409


def test_administrators_see_all_that_needs_a_look_and_send_it_again(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
):
    for number in range(3):
        queue_mail(to=f"a{number}@example.vn", subject=f"Thư {number}", text="…", key=f"key-{number}")
    end("key-0", MailState.REFUSED)
    end("key-1", MailState.UNCERTAIN)
    enter(client, cast.administrator)
    with django_assert_max_num_queries(12):
        page = client.get("/mail/").content.decode()
    assert ["Thư 0" in page, "Thư 1" in page, "Thư 2" in page, "timed out" in page] == [True, True, False, True]
    again = OutgoingMail.objects.get(key="key-1")
    assert f"/mail/{again.pk}/again" in page
    assert client.post(f"/mail/{again.pk}/again", follow=True).status_code == 200
    assert client.post(f"/mail/{again.pk}/again").status_code == 409
    record = AuditRecord.objects.get(action="mail.again")
    assert record.values == {"address": "a1@example.vn", "subject": "Thư 1"}
    assert enter(client, cast.leader).get("/mail/").status_code == 403


def test_letter_of_an_alert_waits_again_for_what_becomes_of_it(cast: Cast):
    now = timezone.now()
    rule = AlertRule.objects.create(name="Khẩn", owner=cast.hub, what="level", level=2, made_at=now)
    notice = AlertNotice.objects.create(key="alert-1", rule=rule, person=cast.analyst, state="uncertain", due_at=now)
    queue_mail(to="a@example.vn", subject="Cảnh báo", text="…", key="alert-1")
    end("alert-1", MailState.UNCERTAIN)
    send_mail_again(by=fresh(cast.administrator), outgoing=OutgoingMail.objects.get(key="alert-1"))
    notice.refresh_from_db()
    assert notice.state == "queued"
