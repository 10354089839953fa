"""The register of the voice log: which files count, what is in each, and where the stream stands.

A file is in the log when its row is here; the row comes in the transaction that takes the voices out of the queue.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class LogPosition(models.Model):
    """How many voices the log has taken; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """The number of the next voice."""
        return str(self.next_seq)


class LogSegment(models.Model):
    """One Parquet file of a day, numbered voices in stream order; a row of it is never changed, only left out."""

    path = models.CharField(max_length=200, unique=True)  # under the folder or address of the log
    day = models.DateField()  # of arrival, in the zone of the house
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    voices = models.PositiveIntegerField()
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField()

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.CheckConstraint(condition=Q(last_seq__gte=F("first_seq")), name="segment_in_stream_order"),
        )
        indexes = (
            models.Index(fields=["first_seq"], name="segment_in_order"),
            models.Index(fields=["day"], name="segment_of_day"),
        )

    def __str__(self) -> str:
        """Its file."""
        return self.path


class SegmentPart(models.Model):
    """How many voices of a source a segment holds: what retention looks through."""

    segment = models.ForeignKey(LogSegment, on_delete=models.CASCADE, related_name="parts")
    source = models.ForeignKey("voices.Source", on_delete=models.PROTECT, related_name="+")
    voices = models.PositiveIntegerField()

    class Meta:
        """One row for a source in a segment."""

        constraints = (models.UniqueConstraint(fields=["segment", "source"], name="part_once_per_segment"),)

    def __str__(self) -> str:
        """Which source in which segment."""
        return f"{self.source_id} in {self.segment_id}"


class LeavingFile(models.Model):
    """A file that no longer counts; it is taken off the disk when readers and backups have done with it."""

    path = models.CharField(max_length=200, unique=True)
    leaves_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Which file."""
        return self.path


class Forgetting(models.Model):
    """The order of a person to delete everything of a source from the log; the worker carries it out."""

    source = models.ForeignKey("voices.Source", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    voices = models.PositiveBigIntegerField(default=0)  # deleted so far

    class Meta:
        """One open order for a source."""

        constraints = (
            models.UniqueConstraint(
                fields=["source"], condition=Q(ended_at__isnull=True), name="forgetting_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        """Which source."""
        return f"{self.source_id} at {self.asked_at}"
