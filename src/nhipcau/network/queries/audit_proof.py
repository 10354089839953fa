"""Proving the audit log: each record's hash is counted anew, and it must follow the one before.

A chain cannot show by itself that its end was cut off: note its head somewhere else and hand that in later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from nhipcau.network.auditchain import FIRST_HASH, hash_of
from nhipcau.network.auditguard import is_guarded
from nhipcau.network.models.audit import AuditRecord

BATCH = 5_000
FIELDS = (
    *("seq", "at", "by_id", "office_id", "action", "kind", "number"),
    *("values_json", "previous_hash", "hash"),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, the head, and the first thing that is wrong, as a code, with the record's number."""

    count: int
    head_seq: int
    head_hash: str
    is_guarded: bool
    problem: str = ""
    problem_seq: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem and self.is_guarded


def prove(*, last: int | None = None, known_head: tuple[int, str] | None = None) -> Proof:
    """Prove all records, or the last few; with a head that was noted before, also that it is still there."""
    guarded = is_guarded(connection)
    newest = AuditRecord.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    first = 1 if last is None else max(1, newest - last + 1)
    if (
        known_head
        and known_head[0] < first
        and not AuditRecord.objects.filter(seq=known_head[0], hash=known_head[1]).exists()
    ):
        return Proof(0, 0, "", guarded, "other-head", known_head[0])
    seq, digest = first - 1, FIRST_HASH
    if first > 1:
        before = AuditRecord.objects.filter(seq=first - 1).values_list("hash", flat=True).first()
        if before is None:
            return Proof(0, 0, "", guarded, "gap", first - 1)
        digest = before
    count = 0
    for row in _rows(first):
        if row[0] != seq + 1:
            return Proof(count, seq, digest, guarded, "gap", seq + 1)
        if row[8] != digest:
            return Proof(count, seq, digest, guarded, "not-following", row[0])
        if hash_of(**_said(row)) != row[9]:
            return Proof(count, seq, digest, guarded, "changed", row[0])
        seq, digest, count = row[0], row[9], count + 1
        if known_head and known_head[0] == seq and known_head[1] != digest:
            return Proof(count, seq, digest, guarded, "other-head", seq)
    if known_head and known_head[0] > seq:
        return Proof(count, seq, digest, guarded, "cut-off", seq + 1)
    return Proof(count, seq, digest if seq else FIRST_HASH, guarded)


def _rows(first: int) -> Iterator[tuple[Any, ...]]:
    last = first - 1
    rows = AuditRecord.objects.order_by("seq").values_list(*FIELDS)
    while batch := list(rows.filter(seq__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1][0]


def _said(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("seq", "at", "by", "office", "action", "kind", "number", "values_json", "previous_hash")
    return dict(zip(names, row, strict=False))
