"""Briefs that were signed."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.api.shapes.me import PersonShort
from nhipcau.issues.models.briefs import Brief

SHORT: dict[str, Any] = {
    "id": 12,
    "number": "12/2026",
    "as_of": "2026-07-01T23:00:00Z",
    "since": "2026-06-30T23:00:00Z",
    "signed_at": "2026-07-01T23:40:00Z",
    "signed_by": {"id": 7, "name": "Nguyễn Thị Mẫu"},
    "sent_at": "2026-07-01T23:41:00Z",
    "corrects": None,
    "fingerprint": "f" * 64,
}


class BriefShort(Schema):
    """A signed brief."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHORT]})

    id: int
    number: str
    as_of: AwareDatetime
    since: AwareDatetime
    signed_at: AwareDatetime
    signed_by: PersonShort
    sent_at: AwareDatetime | None
    corrects: int | None = Field(description="The brief that this one corrects")
    fingerprint: str = Field(description="SHA-256 of exactly what was signed")


class BriefOut(BriefShort):
    """A signed brief with what was signed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**SHORT, "document": {"lead": "…"}}]})

    document: dict[str, Any]


class BriefsPage(Schema):
    """Signed briefs, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SHORT], "next": None}]})

    items: list[BriefShort]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


def brief_short(brief: Brief) -> BriefShort:
    """A brief in a list."""
    return BriefShort(**_fields(brief))


def brief_out(brief: Brief) -> BriefOut:
    """A brief with its document."""
    return BriefOut(**_fields(brief), document=brief.document or {})


def _fields(brief: Brief) -> dict[str, Any]:
    return {
        "id": brief.pk,
        "number": brief.number,
        "as_of": brief.as_of,
        "since": brief.since,
        "signed_at": brief.signed_at,
        "signed_by": PersonShort(id=brief.signed_by.pk, name=brief.signed_by.name) if brief.signed_by else None,
        "sent_at": brief.sent_at,
        "corrects": brief.corrects_id,
        "fingerprint": brief.fingerprint,
    }
