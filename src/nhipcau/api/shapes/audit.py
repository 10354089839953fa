"""Records of the audit log."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.api.shapes.me import PersonShort
from nhipcau.network.auditwords import record_words
from nhipcau.network.models.audit import AuditRecord

EXAMPLE: dict[str, Any] = {
    "seq": 1042,
    "at": "2026-07-01T02:00:00Z",
    "by": {"id": 7, "name": "Nguyễn Thị Mẫu"},
    "office": "P001",
    "action": "task.accept",
    "words": "P001 nhận làm chỉ đạo 12",
    "kind": "taskrecipient",
    "number": "480",
    "values": {"task": 12, "office": "P001", "from": "acknowledged"},
    "previous_hash": "0" * 64,
    "hash": "f" * 64,
}


class RecordOut(Schema):
    """What was done by whom to what."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    seq: int
    at: AwareDatetime
    by: PersonShort | None = Field(description="null where the system itself did it")
    office: str | None
    action: str = Field(description="A stable code")
    words: str = Field(description="What it says, in the language of the request")
    kind: str = Field(description="The kind of the object")
    number: str = Field(description="The key of the object")
    values: dict[str, Any]
    previous_hash: str
    hash: str


class RecordsPage(Schema):
    """Records, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[RecordOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


def record_out(record: AuditRecord) -> RecordOut:
    """A record whose person and office are selected with it."""
    return RecordOut(
        seq=record.seq,
        at=record.at,
        by=PersonShort(id=record.by.pk, name=record.by.name) if record.by else None,
        office=record.office.code if record.office else None,
        action=record.action,
        words=record_words(record.action, record.values),
        kind=record.kind,
        number=record.number,
        values=record.values,
        previous_hash=record.previous_hash,
        hash=record.hash,
    )
