"""The intake queue: batches of voices that are accepted and wait for the log, and what was answered for them.

A payload holds voices as they will be logged: redacted, authors as keyed hashes. Nothing else of them was ever written.
"""

from __future__ import annotations

from django.db import models


def route_choices() -> list[tuple[str, str]]:
    """By which way a batch came in."""
    return [(name, name) for name in ("feed", "file", "push", "report", "sample")]


class IntakeBatch(models.Model):
    """Accepted voices of one source, until they are in the log; in order of their ids."""

    source = models.ForeignKey("voices.Source", on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=10, choices=route_choices)
    received_at = models.DateTimeField(db_index=True)
    author_epoch = models.IntegerField()  # number of the day's author key
    voices = models.PositiveIntegerField()
    payload = models.BinaryField()  # Arrow IPC stream of POST_SCHEMA, lz4

    def __str__(self) -> str:
        """How many voices wait."""
        return f"{self.voices} ({self.source_id})"


class IntakeReceipt(models.Model):
    """What was accepted under a key: the same request again is answered from here, and nothing is doubled."""

    source = models.ForeignKey("voices.Source", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of what was sent under the key
    accepted = models.PositiveIntegerField()
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """A key serves one request of a source."""

        constraints = (models.UniqueConstraint(fields=["source", "key"], name="received_once_per_key"),)

    def __str__(self) -> str:
        """The key."""
        return self.key
