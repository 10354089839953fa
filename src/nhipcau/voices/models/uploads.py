"""Files that were brought in: looked at first, then taken in piece by piece in the background."""

from __future__ import annotations

from django.db import models


def state_choices() -> list[tuple[str, str]]:
    """Where a file stands."""
    return [(name, name) for name in ("looked-at", "waiting", "running", "done", "failed", "dropped")]


class Upload(models.Model):
    """A file of voices for a source."""

    source = models.ForeignKey("voices.Source", on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    original_name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=100, unique=True)  # unguessable, under the data folder; gone when done
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    mapping = models.JSONField(default=dict)  # field of a voice → column
    state = models.CharField(max_length=10, choices=state_choices, default="looked-at")
    bytes_done = models.BigIntegerField(default=0)
    pieces_done = models.PositiveIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)  # rows that could not be read
    refused = models.PositiveBigIntegerField(default=0)  # rows with times that cannot be
    rejects = models.JSONField(default=list)  # the first bad rows: line, code, values – never what the row said
    failure_code = models.CharField(max_length=60, blank=True)
    failure_values = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Its name as it came."""
        return self.original_name
