"""Files of directives, and the evidence that units hand in: rows only.

The bytes lie outside the web root; `taskfiles.py` checks and keeps them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def evidence_kind_choices() -> list[tuple[str, str]]:
    """What evidence can be."""
    return [("photo", "photo"), ("document", "document"), ("link", "link"), ("count", "count")]


class StoredFile(models.Model):
    """A file that was checked and kept under a name that nobody can guess."""

    name = models.CharField(max_length=80, unique=True)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        """What its owner called it."""
        return self.original_name


class TaskAttachment(models.Model):
    """A file that goes out with a directive."""

    task = models.ForeignKey("network.Task", on_delete=models.PROTECT, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="attachment")

    def __str__(self) -> str:
        """The name of the file."""
        return str(self.file)


class Evidence(models.Model):
    """One piece of what a unit shows for its work."""

    recipient = models.ForeignKey("network.TaskRecipient", on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=evidence_kind_choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    url = models.URLField(max_length=500, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["photo", "document"], file__isnull=False, url="", count__isnull=True)
                | (Q(kind="link", file__isnull=True, count__isnull=True) & ~Q(url=""))
                | Q(kind="count", file__isnull=True, url="", count__isnull=False),
                name="evidence_holds_what_its_kind_says",
            ),
        )

    def __str__(self) -> str:
        """Its kind."""
        return self.kind
