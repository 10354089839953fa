"""Tokens of the API: who they speak for, what for, and until when. Only a hash of the secret is kept.

Which token may do what is in `access/tokens.py` and `api/rights.py`, making and revoking in `actions/tokens.py`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ApiToken(models.Model):
    """A token with which a program speaks for one person."""

    person = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    """What it is for, in the words of whoever made it."""
    number = models.CharField(max_length=12, unique=True)
    """The part of the token that is no secret: by it the token is found, and known again in lists."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the secret part, which has 256 random bits of its own."""
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)
    """The last day on which it was used."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="token_has_name"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_expires_after_making"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()
