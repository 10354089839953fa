"""Other systems that are told of events, and each message to them with what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("taken by the other side")
    GIVEN_UP = "given-up", _("given up")


def delivery_states() -> list[tuple[str, str]]:
    """States of messages; a callable, so that a new one makes no migration."""
    return [(state.value, str(state.label)) for state in DeliveryState]


class Webhook(models.Model):
    """An address of another system, and which events it is told."""

    name = models.CharField(max_length=80)
    address = models.URLField(max_length=500)
    secret = models.CharField(max_length=80)
    """What messages are signed with; it has to be known to sign, so it is kept as it is."""
    events = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="webhook_has_name"),)

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One message to one address, written in the transaction of the event that it tells of."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    number = models.CharField(max_length=40, unique=True)
    """The same on every try: by it the other side knows a message that it has already."""
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=delivery_states, default=DeliveryState.QUEUED)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    """The status of the last answer, or why there was none."""

    class Meta:
        indexes = (
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="webhook_queue"),
            models.Index(fields=["webhook", "-id"], name="webhook_log"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.event}"
