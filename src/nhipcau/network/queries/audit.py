"""Reading the audit log: a page of it by filters, from a record on; fast whatever its length.

Every filter is an equality that an index answers in order of the records, or a bound on their numbers.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord

PAGE = 50
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; `before` and `after` are numbers of records, the cursor of a page."""

    person_id: int | None = None
    office_id: int | None = None
    action: str = ""
    kind: str = ""
    number: str = ""
    from_on: datetime.date | None = None
    until_on: datetime.date | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Records, the newest first, and where to go on from here."""

    records: list[AuditRecord]
    older_than: int | None
    newer_than: int | None


def audit_page(asked: Asked) -> Page:
    """Give a page; two queries more where days are asked for."""
    found = _found(asked).select_related("by", "office")
    if asked.after is not None:
        rows = list(found.filter(seq__gt=asked.after).order_by("seq")[: PAGE + 1])
        has_more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return Page(rows, rows[-1].seq if rows else None, rows[0].seq if rows and has_more else None)
    if asked.before is not None:
        found = found.filter(seq__lt=asked.before)
    rows = list(found.order_by("-seq")[: PAGE + 1])
    has_more, rows = len(rows) > PAGE, rows[:PAGE]
    newer = rows[0].seq if rows and asked.before is not None else None
    return Page(rows, rows[-1].seq if has_more else None, newer)


def audit_rows(asked: Asked) -> Iterator[AuditRecord]:
    """Give all that is asked for, the oldest first, a batch at a time, so that memory does not grow."""
    found = _found(asked).select_related("by", "office").order_by("seq")
    last = 0
    while batch := list(found.filter(seq__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1].seq


def _found(asked: Asked) -> QuerySet[AuditRecord]:
    found = AuditRecord.objects.all()
    if asked.person_id is not None:
        found = found.filter(by=asked.person_id)
    if asked.office_id is not None:
        found = found.filter(office=asked.office_id)
    if asked.action:
        found = found.filter(action=asked.action)
    if asked.kind:
        found = found.filter(kind=asked.kind, number=asked.number)
    if asked.from_on:
        found = found.filter(seq__gte=_first_from(asked.from_on))
    if asked.until_on:
        found = found.filter(seq__lt=_first_from(asked.until_on + datetime.timedelta(days=1)))
    return found


def _first_from(day: datetime.date) -> int:
    """Give the number of the first record of a day or later; times never go back along the log."""
    midnight = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    first = AuditRecord.objects.filter(at__gte=midnight).order_by("at", "seq").values_list("seq", flat=True).first()
    if first is not None:
        return first
    last = AuditRecord.objects.order_by("-seq").values_list("seq", flat=True).first()
    return (last or 0) + 1
