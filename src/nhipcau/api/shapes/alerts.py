"""Alerts that rules found."""

from __future__ import annotations

from typing import Annotated, Any, Final

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.api.shapes.issues import LEVELS, LevelName
from nhipcau.api.shapes.me import PersonShort
from nhipcau.api.shapes.text import Sent
from nhipcau.issues.models.alerts import Alert

EXAMPLE: Final[dict[str, Any]] = {
    "id": 77,
    "rule": 4,
    "rule_name": "Khẩn cấp",
    "at": "2026-07-01T09:42:00Z",
    "subject": "issue-31",
    "issue": 31,
    "source": None,
    "place": None,
    "level": "urgent",
    "values": {"label": "Nước ngập ở cầu Trắng", "people": 57, "voices": 84, "questions": 14},
    "asks_acknowledgement": True,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "escalated_at": None,
}


class AlertOut(Schema):
    """What a rule found, once."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int
    rule: int
    rule_name: str
    at: AwareDatetime
    subject: str = Field(description="issue-, place- or source- and the number or code of it")
    issue: int | None
    source: str | None = Field(description="Code of a silent source")
    place: str | None = Field(description="Code of a place")
    level: LevelName
    values: dict[str, Any] = Field(description="How it stood then: label, places, people, voices, questions")
    asks_acknowledgement: bool
    acknowledged_at: AwareDatetime | None
    acknowledged_by: PersonShort | None
    escalated_at: AwareDatetime | None = Field(description="When it went to who was in command, unacknowledged")


class AlertsPage(Schema):
    """Alerts, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[AlertOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class AcknowledgedIn(Sent):
    """Which alerts somebody has seen."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"alerts": [77, 78]}]})

    alerts: list[Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]] = Field(min_length=1, max_length=500)


class AcknowledgedOut(Schema):
    """How many of them nobody had acknowledged before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"acknowledged": 2}]})

    acknowledged: int


def alert_out(alert: Alert) -> AlertOut:
    """An alert whose rule, source and acknowledger are selected with it."""
    by = alert.acknowledged_by
    return AlertOut(
        id=alert.pk,
        rule=alert.rule_id,
        rule_name=alert.rule.name,
        at=alert.at,
        subject=alert.subject,
        issue=alert.issue_id,
        source=alert.source.code if alert.source else None,
        place=alert.place_code or None,
        level=LEVELS[alert.level],
        values=alert.values,
        asks_acknowledgement=alert.asks_acknowledgement,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=PersonShort(id=by.pk, name=by.name) if by else None,
        escalated_at=alert.escalated_at,
    )
