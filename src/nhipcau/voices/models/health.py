"""What is remembered of how sources do: hours in which something came, failures, and hosts that are being asked."""

from __future__ import annotations

from django.db import models


class HeardHour(models.Model):
    """An hour in which a source gave something; what silence is judged by."""

    source = models.ForeignKey("voices.Source", on_delete=models.CASCADE, related_name="heard_hours")
    hour = models.DateTimeField()  # its beginning

    class Meta:
        """One row for an hour of a source."""

        constraints = (models.UniqueConstraint(fields=["source", "hour"], name="heard_once_an_hour"),)
        indexes = (models.Index(fields=["hour"], name="heard_hour_by_age"),)

    def __str__(self) -> str:
        """Which hour of which source."""
        return f"{self.source_id} {self.hour:%Y-%m-%d %H}"


class SourceFailure(models.Model):
    """Something went wrong with a source: a code and its values, never a word of what it gave."""

    source = models.ForeignKey("voices.Source", on_delete=models.CASCADE, related_name="failures")
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    values = models.JSONField(default=dict)

    class Meta:
        """The newest of a source are looked up."""

        indexes = (models.Index(fields=["source", "-at"], name="failures_of_a_source"),)

    def __str__(self) -> str:
        """The code."""
        return self.code


class FeedHost(models.Model):
    """A host that feeds live at; whoever asks it holds it until `free_at`, and others wait."""

    host = models.CharField(max_length=255, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        """Its name."""
        return self.host
