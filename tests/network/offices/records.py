"""What the tests ask of the audit log; whatever is asked of has words, too."""

from __future__ import annotations

from typing import Any

from nhipcau.network.forms.office_records import ACTIONS
from nhipcau.network.models.audit import AuditRecord


def actions() -> list[str]:
    """What was recorded of offices: not that the person of a test logged in."""
    records = list(AuditRecord.objects.exclude(action__startswith="session.").order_by("seq"))
    for record in records:
        assert str(ACTIONS[record.action]) % record.values
    return [record.action for record in records]


def last_values() -> dict[str, Any]:
    record = AuditRecord.objects.order_by("seq").last()
    assert record is not None
    return record.values
