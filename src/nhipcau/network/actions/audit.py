"""Writing the audit log: one record for each action, inside the action's own transaction.

How it is read is in `queries/audit.py`, how its chain is proved in `queries/audit_proof.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, models
from django.utils import timezone

from nhipcau.network.auditchain import FIRST_HASH, hash_of, written
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person
from nhipcau.running.prepared import Prepared

ADVISORY_LOCK: Final = 0x61756469  # "audi"
OFFICE_FIELDS: Final = frozenset({"office", "issuing_office", "owner"})


def record(*, by: Person | None, action: str, of: models.Model | None, values: Mapping[str, Any]) -> AuditRecord:
    """Append a record; nobody else appends until the transaction that it is written in is over.

    On PostgreSQL an advisory lock sees to that, on SQLite the one writer that there can be.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit record is written in the transaction of what it records")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    last = _LAST.first()
    seq, previous_hash, previous_at = last or (0, FIRST_HASH, None)
    now = timezone.now()
    said: dict[str, Any] = {
        "seq": seq + 1,
        "at": now if previous_at is None else max(now, previous_at),
        "action": action,
        "kind": of._meta.model_name if of is not None else "",
        "number": str(of.pk) if of is not None else "",
        "values_json": written(values),
        "previous_hash": previous_hash,
    }
    by_id, office_id = by.pk if by else None, _office_of(of)
    digest = hash_of(by=by_id, office=office_id, **said)
    return AuditRecord.objects.create(by_id=by_id, office_id=office_id, hash=digest, **said)


_LAST = Prepared(lambda: AuditRecord.objects.order_by("-seq").values_list("seq", "hash", "at")[:1])


def _office_of(of: models.Model | None) -> int | None:
    """The office that an object belongs to, where it says so."""
    if isinstance(of, Office):
        return of.pk
    for field in of._meta.concrete_fields if of is not None else ():
        # an owner may be a person too
        if field.name in OFFICE_FIELDS and field.related_model is Office:
            number = getattr(of, field.attname)
            if number is not None:
                return int(number)
    return None
