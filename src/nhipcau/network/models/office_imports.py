"""Files of offices that were looked at and wait for a yes. How they are read is in `officefile.py`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """What became of a file."""

    WAITING = "waiting", _("waiting for a yes")
    DONE = "done", _("brought in")


def import_states() -> list[tuple[str, Any]]:
    """States of files."""
    return ImportState.choices


class OfficeImport(models.Model):
    """A file of offices as it was handed in; its rows are written only when somebody says yes to what was shown."""

    made_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    text = models.TextField()
    plan_digest = models.CharField(max_length=64)
    """Of what was shown; a yes counts only while the file would still do the same."""
    state = models.CharField(max_length=16, choices=import_states, default=ImportState.WAITING)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A file is brought in once."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True)),
                name="office_import_done_at",
            ),
        )

    def __str__(self) -> str:
        return self.file_name
