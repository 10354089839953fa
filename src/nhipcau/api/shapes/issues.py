"""Issues, their hours, and the picture."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.api.shapes.me import PersonShort
from nhipcau.issues.models.issues import Issue, Level, Picture
from nhipcau.issues.queries.shown import excerpts_of, is_wide

LevelName = Literal["none", "watch", "alert", "urgent"]
LEVELS: dict[int, LevelName] = {Level.NONE: "none", Level.WATCH: "watch", Level.ALERT: "alert", Level.URGENT: "urgent"}
SHORT: dict[str, Any] = {
    "id": 31,
    "label": "Nước ngập ở cầu Trắng",
    "keywords": ["ngập", "cầu Trắng"],
    "status": "growing",
    "level": "alert",
    "heat": 61.5,
    "heat_parts": {"volume": 22.0, "growth": 17.5, "breadth": 12.0, "sources": 6.0, "open_questions": 4.0},
    "voices": 84,
    "voices_total": 131,
    "press": 3,
    "copies": 12,
    "distinct_authors": 57,
    "distinct_sources": 9,
    "first_seen": "2026-07-01T01:10:00Z",
    "last_seen": "2026-07-01T09:42:00Z",
    "open_questions": 14,
    "triage": "acting",
    "merged_into": None,
}
LONG: dict[str, Any] = {
    **SHORT,
    "places": [{"code": "P001", "name": "Xã Mẫu", "voices": 20, "ambiguous": []}],
    "kinds": {"question": 14, "report": 40},
    "questions": [{"text": "Bao giờ nước rút?", "voices": 6}],
    "excerpts": [],
    "excerpts_withheld": "few-authors",
    "forecast": [],
    "backtest": {},
    "owner": {"id": 7, "name": "Nguyễn Thị Mẫu"},
}


class IssueShort(Schema):
    """A matter that people raise; figures are of the last 24 hours unless they say otherwise."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHORT]})

    id: int
    label: str
    keywords: list[str]
    status: Literal["new", "growing", "steady", "fading"]
    level: LevelName
    heat: float = Field(description="0 to 100, the sum of its parts")
    heat_parts: dict[str, float]
    voices: int = Field(description="Without near copies")
    voices_total: int
    press: int = Field(description="Publications among the voices")
    copies: int
    distinct_authors: int | None = Field(description="null where it is not known")
    distinct_sources: int | None
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    open_questions: int
    triage: Literal["new", "assessing", "acting", "watching", "closed"]
    merged_into: int | None = Field(description="The issue that it is part of now")


class IssueOut(IssueShort):
    """An issue with its words; people are quoted only from ten different ones on."""

    model_config = ConfigDict(json_schema_extra={"examples": [LONG]})

    places: list[dict[str, Any]]
    kinds: dict[str, int]
    questions: list[dict[str, Any]]
    excerpts: list[dict[str, Any]]
    excerpts_withheld: str = Field(description="Why people are not quoted: few-authors, unknown-authors; else empty")
    forecast: list[dict[str, Any]] = Field(description="Hours to come: time, mean, median, lo80, hi80")
    backtest: dict[str, Any]
    owner: PersonShort | None = Field(description="In whose hands it is")


class IssuesPage(Schema):
    """Issues, the latest heard first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SHORT], "next": None}]})

    items: list[IssueShort]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class HourOut(Schema):
    """What was heard of an issue in an hour."""

    hour: AwareDatetime
    voices: int
    copies: int
    press: int


class SeriesOut(Schema):
    """An issue by hour; hours in which nothing was heard are left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"hour": "2026-07-01T09:00:00Z", "voices": 14, "copies": 2, "press": 1}]}]
        }
    )

    items: list[HourOut]


class PictureOut(Schema):
    """How fresh the picture is, and what it says of the whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"version": 812, "as_of": "2026-07-01T09:42:05Z", "seq": 31_022, "facts": {"posts": 3_180}}]
        }
    )

    version: int = Field(description="Grows whenever something has changed")
    as_of: AwareDatetime | None = Field(description="null where nothing has been listened to yet")
    seq: int = Field(description="Voices that are taken into account")
    facts: dict[str, Any] = Field(
        description="Voices of 24 hours, places, sources and what is not known, as in a brief"
    )


def issue_short(issue: Issue) -> IssueShort:
    """An issue in a list."""
    return IssueShort(**_fields(issue))


def issue_out(issue: Issue) -> IssueOut:
    """An issue with its words, the floor asked again."""
    is_quoted = is_wide(issue)
    return IssueOut(
        **_fields(issue),
        places=issue.places,
        kinds=issue.kinds,
        questions=issue.questions if is_quoted else [],
        excerpts=excerpts_of(issue),
        excerpts_withheld="" if is_quoted else issue.excerpts_withheld,
        forecast=issue.forecast,
        backtest=issue.backtest,
        owner=PersonShort(id=issue.owner.pk, name=issue.owner.name) if issue.owner else None,
    )


def _fields(issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.pk,
        "label": str(issue),
        "keywords": issue.keywords,
        "status": issue.status,
        "level": LEVELS[issue.level],
        "heat": issue.heat,
        "heat_parts": issue.heat_parts,
        "voices": issue.voices,
        "voices_total": issue.voices_total,
        "press": issue.press,
        "copies": issue.copies,
        "distinct_authors": issue.distinct_authors,
        "distinct_sources": issue.distinct_sources,
        "first_seen": issue.first_seen_at,
        "last_seen": issue.last_seen_at,
        "open_questions": issue.open_questions,
        "triage": issue.triage,
        "merged_into": issue.merged_into_id,
    }


def picture_out(picture: Picture) -> PictureOut:
    """The picture."""
    return PictureOut(version=picture.version, as_of=picture.as_of, seq=picture.seq, facts=picture.facts)
