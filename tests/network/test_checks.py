"""What `nhipcau check` says of webhooks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from nhipcau.network.checks import webhooks
from nhipcau.network.models.people import Person
from nhipcau.network.models.webhooks import DeliveryState, Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db


def test_a_webhook_that_gave_up_messages_lately_is_named():
    by = Person.objects.create(email="a@example.vn", name="A")
    now = timezone.now()
    one = Webhook.objects.create(
        name="Tổng đài", address="https://hook.example.vn/", secret="s", events=["task.issued"], made_at=now, made_by=by
    )

    def delivery(number, *, state, finished_at):
        WebhookDelivery.objects.create(
            webhook=one, number=number, event="task.issued", body="{}", state=state, made_at=now, due_at=now,
            finished_at=finished_at,
        )  # fmt: skip

    delivery("old", state=DeliveryState.GIVEN_UP, finished_at=now - timedelta(days=2))
    delivery("sent", state=DeliveryState.SENT, finished_at=now)
    assert list(webhooks()) == []
    delivery("lost", state=DeliveryState.GIVEN_UP, finished_at=now)
    assert [(found.code, found.values["count"]) for found in webhooks()] == [("webhook.failing", 1)]
    Webhook.objects.update(stopped_at=now)
    assert list(webhooks()) == []
