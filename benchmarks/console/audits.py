"""A long audit log, written straight into its table with a chain that proves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from nhipcau.network.auditchain import FIRST_HASH, hash_of, written
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person

_ACTIONS = ("task.acknowledge", "task.open", "task.accept", "task.submit", "task.verify", "office.edited")
_BATCH = 20_000


def make_audits(count: int, *, by: Person, office: Office) -> None:
    """Append records until the log has so many, over three years; the newest is a minute old."""
    last = AuditRecord.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, previous_hash = last or (0, FIRST_HASH)
    rows = _rows(seq, previous_hash, count=count, by=by, office=office)
    fields = ("seq", "at", "by_id", "office_id", "action", "kind", "number", "values_json", "previous_hash", "hash")
    statement = f"INSERT INTO network_auditrecord ({', '.join(fields)}) VALUES ({', '.join(['%s'] * len(fields))})"
    while batch := [row for _, row in zip(range(_BATCH), rows, strict=False)]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, batch)


def _rows(seq: int, previous_hash: str, *, count: int, by: Person, office: Office) -> Iterator[tuple[Any, ...]]:
    started_at: datetime = timezone.now() - timedelta(minutes=1)
    apart = timedelta(days=3 * 365) / max(count, 1)
    adapt = connection.ops.adapt_datetimefield_value
    for number in range(seq + 1, count + 1):
        said: dict[str, Any] = {
            "seq": number,
            "at": started_at - apart * (count - number),
            "action": _ACTIONS[number % len(_ACTIONS)],
            "kind": "taskrecipient",
            "number": str(number % 100_000),
            "values_json": written({"task": number % 700, "office": f"S{number % 150:04}", "from": "opened"}),
            "previous_hash": previous_hash,
        }
        previous_hash = hash_of(by=by.pk, office=office.pk, **said)
        yield (
            *(number, adapt(said["at"]), by.pk, office.pk, said["action"], said["kind"], said["number"]),
            *(said["values_json"], said["previous_hash"], previous_hash),
        )
