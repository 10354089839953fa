"""Sources of voices and how each is doing."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.voices.models.sources import Source

EXAMPLE: dict[str, Any] = {
    "code": "duong-day-nong",
    "name": "Đường dây nóng",
    "kind": "hotline",
    "matter": "post",
    "owner": "HUB",
    "language": "vi",
    "rhythm_minutes": 720,
    "heard_at": "2026-07-01T09:41:00Z",
    "silent_since": None,
    "failures_in_a_row": 0,
    "is_stopped": False,
}


class SourceOut(Schema):
    """Where voices come from."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    code: str
    name: str
    kind: Literal["feed", "page", "hotline", "survey", "field", "file", "api"]
    matter: Literal["post", "press"] = Field(description="Words of people, or publications")
    owner: str = Field(description="The code of the office in charge")
    language: str
    rhythm_minutes: int | None = Field(description="Something comes at least so often; null: no rhythm is expected")
    heard_at: AwareDatetime | None
    silent_since: AwareDatetime | None = Field(description="Since when nothing comes although something always does")
    failures_in_a_row: int
    is_stopped: bool


class SourcesPage(Schema):
    """Sources by code."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[SourceOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


def source_out(source: Source) -> SourceOut:
    """A source whose owner is selected with it."""
    names = ("code", "name", "kind", "matter", "language", "rhythm_minutes", "heard_at", "silent_since")
    fields = {name: getattr(source, name) for name in (*names, "failures_in_a_row")}
    return SourceOut(**fields, owner=source.owner.code, is_stopped=source.stopped_at is not None)
