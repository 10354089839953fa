"""The audit log: one row for each write and each export, each bound to the one before by its hash.

Rows are written by `actions/audit.py` alone; triggers (`auditguard.py`) refuse to change or delete them.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models


class AuditRecord(models.Model):
    """What was done by whom to what: a code and values, put into words only where it is shown."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """Nobody where the system itself did it."""
    office = models.ForeignKey("network.Office", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=40, blank=True)
    """The kind of the object, such as `task`; `number` is its key."""
    number = models.CharField(max_length=64, blank=True)
    values_json = models.TextField()
    """The very bytes that were hashed: a database may write JSON of its own in another order."""
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=["by", "-seq"], name="audit_by_person"),
            models.Index(fields=["office", "-seq"], name="audit_by_office"),
            models.Index(fields=["action", "-seq"], name="audit_by_action"),
            models.Index(fields=["kind", "number", "-seq"], name="audit_of_object"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"

    @property
    def values(self) -> dict[str, Any]:
        """What was said of it."""
        said: dict[str, Any] = orjson.loads(self.values_json)
        return said
