"""What the tests ask of the audit log."""

from __future__ import annotations

from typing import Any

from nhipcau.network.models.audit import AuditRecord


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))


def last_values() -> dict[str, Any]:
    record = AuditRecord.objects.order_by("pk").last()
    assert record is not None
    return dict(record.values)
