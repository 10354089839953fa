"""Webhooks: queued with the event or not at all, signed, to public addresses only, tried again, given up, logged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from nhipcau.network.actions.sending_webhooks import send
from nhipcau.network.actions.tasks import clocks
from nhipcau.network.actions.webhooks import WebhookInvalid, WebhookStopped, make_webhook, stop_webhook
from nhipcau.network.jobs.webhooks import forget_webhooks, send_webhooks
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.webhooks import Webhook, WebhookDelivery
from nhipcau.network.webhookevents import EVENTS, WAITS
from nhipcau.site.errors import NotAllowed
from tests.api.receiver import Receiver, receiving
from tests.network.tasks.cast import Cast, bring_to, fresh, issue, recipient_of


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Another system in the house, which the settings allow."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with receiving() as one:
        yield one


def hook(cast: Cast, address: str, *events: str) -> Webhook:
    """A webhook for events, for all where none is named."""
    return make_webhook(by=fresh(cast.administrator), name="Hệ thống thử", address=address, events=events or EVENTS)


def test_every_event_of_a_directive_is_told_once_with_numbers_and_codes(cast: Cast, receiver: Receiver):
    hook(cast, receiver.address)
    recipient = bring_to(cast, recipient_of(issue(cast)), "closed")
    send_webhooks(timezone.now())
    told = [json.loads(body) for _headers, body in receiver.messages]
    assert [one["type"] for one in told] == [
        "task.issued",
        "task.acknowledged",
        "task.evidence-submitted",
        "task.verified",
        "task.closed",
    ]
    assert told[1]["data"] == {
        "task": recipient.task_id,
        "recipient": recipient.pk,
        "office": "P1",
        "state": "acknowledged",
        "round": 1,
    }
    assert send_webhooks(timezone.now() + timedelta(days=1)) == 0
    assert set(WebhookDelivery.objects.values_list("state", "answer")) == {("sent", "200")}


def test_return_and_delay_are_told_and_nothing_that_was_not_asked_for(cast: Cast, receiver: Receiver):
    hook(cast, receiver.address, "task.returned", "task.overdue")
    task = issue(cast, offices=cast.points[:2])
    bring_to(cast, recipient_of(task), "returned")
    late = TaskClock.objects.get(recipient__office=cast.points[1], kind="due_escalation")
    assert clocks.ring(late.pk, now=late.rings_at)
    assert not clocks.ring(late.pk, now=late.rings_at)
    events = WebhookDelivery.objects.order_by("pk").values_list("event", flat=True)
    assert list(events) == ["task.returned", "task.overdue"]


def test_message_carries_the_signature_of_its_number_time_and_body(cast: Cast, receiver: Receiver):
    made = hook(cast, receiver.address)
    issue(cast)
    send_webhooks(timezone.now())
    headers, body = receiver.messages[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60


def test_event_that_is_taken_back_is_never_told(cast: Cast, receiver: Receiver):
    hook(cast, receiver.address)
    with transaction.atomic():
        issue(cast)
        assert WebhookDelivery.objects.exists()
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


def test_failed_message_is_tried_again_later_and_later_with_the_same_number(cast: Cast, receiver: Receiver):
    hook(cast, receiver.address, "task.issued")
    issue(cast)
    receiver.status, now = 503, timezone.now()
    waits = []
    for _ in range(len(WAITS) + 1):
        assert send_webhooks(now) == 1
        assert send_webhooks(now) == 0
        delivery = WebhookDelivery.objects.get()
        waits.append(delivery.due_at - now)
        now = delivery.due_at
    assert waits[:-1] == list(WAITS)
    assert (delivery.state, delivery.tries, delivery.answer) == ("given-up", len(WAITS) + 1, "503")
    assert send_webhooks(now + timedelta(days=9)) == 0
    assert len({headers["webhook-id"] for headers, _body in receiver.messages}) == 1


def test_side_that_does_not_answer_keeps_no_other_waiting(cast: Cast, receiver: Receiver):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    hook(cast, gone, "task.issued")
    hook(cast, receiver.address, "task.issued")
    for _ in range(3):
        issue(cast)
    assert send_webhooks(timezone.now()) == 4
    assert len(receiver.messages) == 3
    failed = WebhookDelivery.objects.filter(state="queued", tries=1).get()
    assert failed.answer == "ConnectError"


def test_message_that_another_worker_has_is_left_to_it(cast: Cast, receiver: Receiver):
    hook(cast, receiver.address, "task.issued")
    issue(cast)
    first, second = WebhookDelivery.objects.get(), WebhookDelivery.objects.get()
    assert send(first, now=timezone.now()) is True
    assert send(second, now=timezone.now()) is None
    assert len(receiver.messages) == 1


def test_redirect_is_not_followed(cast: Cast, receiver: Receiver):
    hook(cast, receiver.address, "task.issued")
    receiver.status, receiver.headers = 307, {"Location": receiver.address}
    issue(cast)
    send_webhooks(timezone.now())
    assert (len(receiver.messages), WebhookDelivery.objects.get().answer) == (1, "307")


@pytest.mark.parametrize("to", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_name_that_leads_into_the_house_is_not_called(cast: Cast, to: str, monkeypatch: pytest.MonkeyPatch):
    hook(cast, "https://innocent.example/events", "task.issued")
    issue(cast)
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(family, socket.SOCK_STREAM, 6, "", (to, 443))])
    send_webhooks(timezone.now())
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.answer) == ("queued", 1, "private-address")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.vn/",
        "ftp://example.vn/",
        "https://",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://a:b@example.vn/",
        "https://example.vn/a b",
        "https://example.vn:99999/",
        "https://[::1/",
    ],
)
def test_address_that_may_not_be_called_is_refused_at_once(cast: Cast, address: str):
    with pytest.raises(WebhookInvalid) as refused:
        hook(cast, address)
    assert refused.value.values["field"] == "address"
    assert not Webhook.objects.exists()


def test_only_administrators_of_the_hub_make_and_stop_webhooks(cast: Cast):
    made = hook(cast, "https://example.vn/")
    for person in (cast.leader, cast.auditor, cast.officer, cast.stranger):
        with pytest.raises(NotAllowed):
            make_webhook(by=fresh(person), name="x", address="https://example.vn/", events=EVENTS)
        with pytest.raises(NotAllowed):
            stop_webhook(by=fresh(person), webhook=made)
    assert Webhook.objects.filter(stopped_at__isnull=True).count() == 1


def test_stopped_webhook_tells_nothing_more_and_both_steps_are_on_record(cast: Cast):
    made = hook(cast, "https://example.vn/")
    issue(cast)
    stop_webhook(by=fresh(cast.administrator), webhook=made)
    issue(cast)
    assert list(WebhookDelivery.objects.values_list("state", flat=True)) == ["given-up"]
    with pytest.raises(WebhookStopped):
        stop_webhook(by=fresh(cast.administrator), webhook=made)
    assert AuditRecord.objects.filter(action__startswith="webhook.").count() == 2


def test_pages_make_show_and_stop_a_webhook_and_show_its_secret_once(cast: Cast):
    client = Client()
    client.force_login(cast.administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    wrong = client.post("/webhooks/new", {"name": "x", "address": "https://10.0.0.1/", "events": ["task.issued"]})
    assert wrong.status_code == 422
    given = {"name": "Sở Mẫu", "address": "https://example.vn/", "events": ["task.issued"]}
    made = client.post("/webhooks/new", given)
    assert made.status_code == 201
    one = Webhook.objects.get()
    assert one.secret in made.content.decode()
    issue(cast)
    page = client.get(f"/webhooks/{one.pk}/").content.decode()
    assert "task.issued" in page
    assert one.secret not in page
    assert client.post(f"/webhooks/{one.pk}/stop").status_code == 302
    assert "Sở Mẫu" in client.get("/webhooks/").content.decode()
    assert Webhook.objects.get().stopped_at is not None


def test_finished_messages_are_forgotten_after_a_month_and_waiting_ones_are_not(cast: Cast):
    first, second = hook(cast, "https://example.vn/", "task.issued"), hook(cast, "https://example.vn/", "task.issued")
    issue(cast)
    stop_webhook(by=fresh(cast.administrator), webhook=first)
    assert forget_webhooks(timezone.now() + timedelta(days=29)) == 0
    assert forget_webhooks(timezone.now() + timedelta(days=31)) == 1
    assert WebhookDelivery.objects.get().webhook_id == second.pk
