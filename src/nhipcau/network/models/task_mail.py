"""One-time links, and which e-mail of the outbox tells whom of which directive: rows only.

The outbox itself is `nhipcau.running`; `onetimelinks.py` signs and reads the links.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def mail_kind_choices() -> list[tuple[str, str]]:
    """What an e-mail tells."""
    kinds = ("notice", "corrected", "reminder", "escalation", "returned", "submitted", "sent_back", "withdrawn")
    return [(kind, kind) for kind in kinds]


def mail_outcome_choices() -> list[tuple[str, str]]:
    """What became of an e-mail; empty while it is on its way."""
    return [(outcome, outcome) for outcome in ("sent", "refused", "uncertain")]


class OneTimeLink(models.Model):
    """The right to acknowledge one directive for one unit without a log-in, until an hour."""

    number = models.CharField(max_length=43, unique=True)  # random; worth nothing without our signature
    recipient = models.ForeignKey("network.TaskRecipient", on_delete=models.PROTECT, related_name="links")
    round = models.PositiveSmallIntegerField()
    address = models.EmailField()
    person = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """To whom it went."""
        return self.address


class TaskMail(models.Model):
    """An e-mail about a recipient, by its key in the outbox, and what became of it."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=mail_kind_choices)
    recipient = models.ForeignKey("network.TaskRecipient", on_delete=models.PROTECT, related_name="mails")
    address = models.EmailField()
    queued_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=mail_outcome_choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What is still on its way is looked through again and again."""

        indexes = (models.Index(fields=["id"], condition=Q(outcome=""), name="mail_on_its_way"),)

    def __str__(self) -> str:
        """Its key."""
        return self.key
