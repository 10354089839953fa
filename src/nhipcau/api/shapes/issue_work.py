"""What people do with an issue, and what happened to it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.api.shapes.me import PersonShort
from nhipcau.api.shapes.text import WITHOUT_NUL, Sent
from nhipcau.issues.models.triage import IssueEvent

TriageName = Literal["new", "assessing", "acting", "watching", "closed"]
Number = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
EVENT: Final[dict[str, Any]] = {
    "id": 901,
    "at": "2026-07-01T09:50:00Z",
    "code": "triaged",
    "by": {"id": 7, "name": "Nguyễn Thị Mẫu"},
    "other": None,
    "values": {"triage_from": "new", "triage_to": "assessing"},
}


class TriageIn(Sent):
    """The state that it shall have, and the one that was seen."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "assessing", "was": "new"}]})

    to: TriageName
    was: TriageName


class OwnerIn(Sent):
    """Whose it shall be, and whose it was seen to be; null is nobody's."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"owner": 7, "was": None}]})

    owner: Number | None
    was: Number | None


class NameIn(Sent):
    """What it shall be called; empty: as its voices do."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"label": "Ngập ở cầu Trắng"}]})

    label: Annotated[str, Field(pattern=WITHOUT_NUL, max_length=300)]


class NoteIn(Sent):
    """Something to remember of it, for the house."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Đã gọi xã: đang đưa xuồng tới."}]}
    )

    text: Annotated[str, Field(pattern=WITHOUT_NUL, min_length=1, max_length=5_000)]


class EventOut(Schema):
    """Something that happened to an issue."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    id: int
    at: AwareDatetime
    code: str = Field(description="appeared, level, merged, absorbed, split, renamed, triaged, owned, not-an-issue, …")
    by: PersonShort | None = Field(description="null where it happened by itself")
    other: int | None = Field(description="The other issue, of a merge or a split")
    values: dict[str, Any]


class EventsPage(Schema):
    """Events of an issue, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EVENT], "next": None}]})

    items: list[EventOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


def event_out(event: IssueEvent) -> EventOut:
    """An event whose person is selected with it."""
    by = PersonShort(id=event.by.pk, name=event.by.name) if event.by else None
    values = {name: value for name, value in event.values.items() if name != "quoted"}  # for the house alone
    return EventOut(id=event.pk, at=event.at, code=event.code, by=by, other=event.other_id, values=values)
