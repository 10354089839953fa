"""A directive at one unit: its state, its evidence, and the moves that are sent in."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from nhipcau.api.shapes.files import FileOut, file_out
from nhipcau.api.shapes.me import PersonShort
from nhipcau.api.shapes.text import WITHOUT_NUL, Moment, Reason, Sent, Word
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_files import Evidence
from nhipcau.network.models.tasks import Acknowledgement
from nhipcau.network.queries.board import Tile
from nhipcau.network.queries.tasks import RecipientPage

EXAMPLE: Final[dict[str, Any]] = {
    "id": 480,
    "task": 12,
    "office": "P001",
    "area": "A01",
    "state": "acknowledged",
    "state_at": "2026-07-01T02:00:00Z",
    "round": 1,
    "due_at": "2026-07-03T10:00:00Z",
    "is_overdue": False,
    "is_unanswered": False,
    "is_paused": False,
    "acknowledgement": {
        "name": "Nguyễn Thị Mẫu",
        "at": "2026-07-01T02:00:00Z",
        "route": "link",
        "version": 1,
        "recorded_by": None,
    },
}
PIECE: Final[dict[str, Any]] = {
    "kind": "count",
    "url": "",
    "count": 3,
    "note": "giếng",
    "file": None,
    "at": "2026-07-02T03:00:00Z",
    "by": {"id": 7, "name": "Nguyễn Thị Mẫu"},
}


class AcknowledgementOut(Schema):
    """That the unit took note."""

    name: str
    at: AwareDatetime
    route: str = Field(description="log_in, link, proxy or api")
    version: int = Field(description="Of the directive; lower than that of the directive: it was corrected since")
    recorded_by: PersonShort | None = Field(description="With the route proxy: who recorded it")


class RecipientOut(Schema):
    """A directive at one unit."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int
    task: int
    office: str
    area: str | None = Field(description="The area that coordinated the unit when it was sent")
    state: str
    state_at: AwareDatetime
    round: int = Field(description="Grows each time that a returned directive is sent again")
    due_at: AwareDatetime
    is_overdue: bool
    is_unanswered: bool = Field(description="Not acknowledged by the hour that it should have been")
    is_paused: bool
    acknowledgement: AcknowledgementOut | None


class RecipientsPage(Schema):
    """Recipients of a directive, in the order of sending."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[RecipientOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class EvidenceOut(Schema):
    """One piece of evidence."""

    kind: str
    url: str
    count: int | None
    note: str
    file: FileOut | None
    at: AwareDatetime
    by: PersonShort


class RecipientDetail(RecipientOut):
    """A directive at one unit, with its evidence."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [EXAMPLE | {"submitted_by": None, "verified_by": None, "evidence": [PIECE]}]}
    )

    submitted_by: PersonShort | None
    verified_by: PersonShort | None
    evidence: list[EvidenceOut] = Field(description="The newest first")


class MoveIn(Sent):
    """A move; return, send_back and withdraw need a reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"move": "acknowledge"}, {"move": "return", "reason": "Đang có lũ, chưa đi kiểm tra được."}]
        },
    )

    move: Literal["acknowledge", "accept", "return", "start", "verify", "send_back", "close", "withdraw"]
    reason: Reason = ""
    version: Annotated[int, Field(strict=True, ge=1, le=32_000)] | None = Field(
        default=None, description="With acknowledge: the version that was read; 409 where it was corrected since"
    )


class ProxyIn(Sent):
    """Who at the unit took note, and how that is known."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Nguyễn Thị Mẫu", "note": "Gọi điện lúc 9 giờ 15."}]},
    )

    name: Annotated[str, StringConstraints(pattern=WITHOUT_NUL, min_length=1, max_length=150)]
    note: Annotated[str, StringConstraints(pattern=WITHOUT_NUL, min_length=1, max_length=300)]


class NewRound(Sent):
    """Why it can be done now, and by when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"reason": "Nước đã rút, đường đi được.", "due_at": "2026-07-05T17:00:00+07:00"}]
        },
    )

    reason: Annotated[Reason, Field(min_length=1)]
    due_at: Moment | None = Field(default=None, description="As before where nothing is said")


class LinkIn(Sent):
    """A link as evidence."""

    kind: Literal["link"]
    url: Annotated[str, Field(min_length=8, max_length=500, pattern=r"^https?://[^\s\x00]+$")]
    note: Word = ""


class FigureIn(Sent):
    """A number as evidence."""

    kind: Literal["count"]
    count: Annotated[int, Field(ge=0, le=100_000_000)]
    note: Word = Field(default="", description="What was counted")


class EvidenceIn(Sent):
    """Links and numbers that show what was done."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"items": [{"kind": "count", "count": 3, "note": "giếng"}], "note": "Đã kiểm tra cả ba thôn."}]
        },
    )

    items: list[Annotated[LinkIn | FigureIn, Field(discriminator="kind")]] = Field(min_length=1, max_length=12)
    note: Reason = ""


def recipient_out(tile: Tile) -> RecipientOut:
    """One tile of the board."""
    return RecipientOut(**_fields(tile))


def detail_out(tile: Tile, page: RecipientPage) -> RecipientDetail:
    """One tile of the board with what the page of the unit shows."""
    recipient = page.recipient
    return RecipientDetail(
        **_fields(tile),
        submitted_by=_short(recipient.submitted_by),
        verified_by=_short(recipient.verified_by),
        evidence=[_evidence_out(one) for one in page.evidence],
    )


def acknowledgement_out(taken: Acknowledgement) -> AcknowledgementOut:
    """That somebody took note; who recorded it is read with it."""
    return AcknowledgementOut(
        name=taken.name,
        at=taken.at,
        route=taken.route,
        version=taken.version,
        recorded_by=_short(taken.recorded_by),
    )


def _fields(tile: Tile) -> dict[str, Any]:
    recipient, taken = tile.recipient, tile.acknowledgement
    return {
        "id": recipient.pk,
        "task": recipient.task_id,
        "office": tile.office.code,
        "area": tile.area.code if tile.area else None,
        "state": str(tile.state),
        "state_at": recipient.state_at,
        "round": recipient.round,
        "due_at": recipient.due_at,
        "is_overdue": tile.is_overdue,
        "is_unanswered": tile.is_unanswered,
        "is_paused": tile.is_paused,
        "acknowledgement": acknowledgement_out(taken) if taken else None,
    }


def _evidence_out(one: Evidence) -> EvidenceOut:
    file = one.file
    shown = file_out(file) if file else None
    by = PersonShort(id=one.by.pk, name=one.by.name)
    return EvidenceOut(kind=one.kind, url=one.url, count=one.count, note=one.note, file=shown, at=one.at, by=by)


def _short(person: Person | None) -> PersonShort | None:
    return PersonShort(id=person.pk, name=person.name) if person else None
