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
