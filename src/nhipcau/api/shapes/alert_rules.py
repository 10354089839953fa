"""Alert rules, as they are asked for and as they stand, and what a trial on the past says."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field
from pydantic_core import PydanticCustomError

from nhipcau.api.shapes.issues import LEVELS, LevelName
from nhipcau.api.shapes.me import PersonShort
from nhipcau.api.shapes.text import WITHOUT_NUL, Code, Sent
from nhipcau.issues.alertrules import STEPS
from nhipcau.issues.forms.alerts import ESCALATE, HOURS, MINUTES
from nhipcau.issues.models.alerts import AlertRule
from nhipcau.issues.queries.alert_trial import Trial

WhatName = Literal["level", "place", "source", "void", "crowd"]
RoleName = Literal["administrator", "analyst", "leader", "officer", "auditor"]
NUMBERS: Final[dict[LevelName, int]] = {name: number for number, name in LEVELS.items()}


def _one_of(choices: Collection[int]) -> AfterValidator:
    """Only these, as on the page."""

    def check(number: int) -> int:
        if number not in choices:
            raise PydanticCustomError("enum", "{expected}", {"expected": ", ".join(map(str, choices))})
        return number

    return AfterValidator(check)


def _said(choices: Collection[int]) -> dict[str, Any]:
    return {"enum": sorted(choices)}


Step = Annotated[int, Field(strict=True, json_schema_extra=_said(STEPS)), _one_of(STEPS)]
Minutes = Annotated[int, Field(strict=True, json_schema_extra=_said(MINUTES)), _one_of(MINUTES)]
Hours = Annotated[int, Field(strict=True, json_schema_extra=_said(HOURS)), _one_of(HOURS)]
Escalate = Annotated[int, Field(strict=True, json_schema_extra=_said(ESCALATE)), _one_of(ESCALATE)]
Number = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
Yes = Annotated[bool, Field(strict=True)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

ASKED: Final[dict[str, Any]] = {
    "name": "Khẩn cấp ở vùng trũng",
    "what": "level",
    "level": "urgent",
    "people": 0,
    "questions": 0,
    "places": [],
    "sources": [],
    "words": "ngập, lũ",
    "tells_command": True,
    "roles_told": ["analyst"],
    "people_told": [],
    "notifiers_told": [],
    "quiet_from": "22:00",
    "quiet_until": "06:00",
    "urgent_breaks_through": True,
    "group_minutes": 10,
    "repeat_hours": 24,
    "repeats": False,
    "asks_acknowledgement": True,
    "escalate_minutes": 15,
}
EXAMPLE: Final[dict[str, Any]] = ASKED | {
    "id": 4,
    "version": 3,
    "enabled_at": "2026-07-01T02:00:00Z",
    "made_at": "2026-06-30T02:00:00Z",
    "people_told": [{"id": 7, "name": "Nguyễn Thị Mẫu"}],
    "notifiers_told": [{"id": 2, "name": "Nhóm trực"}],
}


class RuleIn(Sent):
    """What somebody wants to be told of, how, and when not."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ASKED]})

    name: Annotated[str, Field(pattern=WITHOUT_NUL, min_length=1, max_length=120)]
    what: WhatName = Field(description="An issue or a place reaches a level, a source is silent, a void, a crowd")
    level: LevelName = Field(default="none", description="For issues and places it has to be reached; else it filters")
    people: Step = Field(default=0, description="For a crowd: so many people at least")
    questions: Step = Field(default=0, description="For a void: so many open questions at least")
    places: list[Code] = Field(default=[], max_length=500, description="Only there, by code")
    sources: list[Code] = Field(default=[], max_length=500, description="Only from these sources, by code")
    words: Annotated[str, Field(pattern=WITHOUT_NUL, max_length=300)] = Field(
        default="", description="Only with one of these, with commas between them"
    )
    tells_command: Yes = Field(default=False, description="Whoever is in command")
    roles_told: list[RoleName] = Field(default=[], max_length=5, description="Roles at the hub")
    people_told: list[Number] = Field(default=[], max_length=200, description="Numbers of people of the hub")
    notifiers_told: list[Number] = Field(default=[], max_length=50, description="Numbers of notifiers")
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    urgent_breaks_through: Yes = True
    group_minutes: Minutes = 10
    repeat_hours: Hours = 24
    repeats: Yes = False
    asks_acknowledgement: Yes = True
    escalate_minutes: Escalate | None = 15


class RuleChangeIn(RuleIn):
    """A rule as it shall be, and the version that was looked at."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ASKED | {"version": 3}]})

    version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class SwitchTo(Sent):
    """On or off."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"on": True}]})

    on: Yes


class NotifierShort(Schema):
    """A way to reach staff; its address is a secret."""

    id: int
    name: str


class RuleOut(Schema):
    """An alert rule."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int
    version: int = Field(description="To be sent with a change")
    enabled_at: AwareDatetime | None = Field(description="null while it is off")
    made_at: AwareDatetime
    name: str
    what: WhatName
    level: LevelName
    people: int
    questions: int
    places: list[str]
    sources: list[str]
    words: str
    tells_command: bool
    roles_told: list[str]
    people_told: list[PersonShort]
    notifiers_told: list[NotifierShort]
    quiet_from: str | None
    quiet_until: str | None
    urgent_breaks_through: bool
    group_minutes: int
    repeat_hours: int
    repeats: bool
    asks_acknowledgement: bool
    escalate_minutes: int | None


class RulesPage(Schema):
    """Alert rules, by number."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[RuleOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class FoundOut(Schema):
    """What a rule would have found."""

    at: AwareDatetime
    level: LevelName
    name: str
    issue: int | None


class LetterOut(Schema):
    """A letter that would have gone out."""

    due_at: AwareDatetime
    recipient: str
    found: list[FoundOut]


class DayOut(Schema):
    """How many letters would have gone out on a day."""

    day: datetime.date
    count: int


class TrialOut(Schema):
    """What a rule would have done in the last days: what its page shows."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-06-24T02:00:00Z",
                    "until": "2026-07-01T02:00:00Z",
                    "exact_since": "2026-06-25T00:00:00Z",
                    "count": 1,
                    "by_day": [{"day": "2026-06-30", "count": 1}],
                    "letters": [
                        {
                            "due_at": "2026-06-30T03:10:00Z",
                            "recipient": "Nguyễn Thị Mẫu",
                            "found": [
                                {
                                    "at": "2026-06-30T03:00:00Z",
                                    "level": "urgent",
                                    "name": "Nước ngập ở cầu Trắng",
                                    "issue": 31,
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    since: AwareDatetime
    until: AwareDatetime
    exact_since: AwareDatetime | None = Field(
        description="From here on exactly what would have gone out; before, how issues stood at the ends of hours"
    )
    count: int = Field(description="All letters")
    by_day: list[DayOut]
    letters: list[LetterOut] = Field(description="The newest 200, the newest first")


def trial_out(trial: Trial, shown: dict[str, Any]) -> TrialOut:
    """A trial, with the names that its page shows."""
    newest = trial.letters[::-1][: len(shown["letters"])]
    letters = [
        LetterOut(
            due_at=letter.due_at,
            recipient=said["recipient"],
            found=[
                FoundOut(at=firing.at, level=LEVELS[firing.level], name=one["name"], issue=one["issue"])
                for firing, one in zip(letter.firings, said["found"], strict=True)
            ],
        )
        for letter, said in zip(newest, shown["letters"], strict=True)
    ]
    days = [DayOut(**bar) for bar in shown["bars"]]
    return TrialOut(
        since=trial.since,
        until=trial.until,
        exact_since=trial.exact_since,
        count=shown["count"],
        by_day=days,
        letters=letters,
    )


def rule_out(rule: AlertRule) -> RuleOut:
    """A rule whose people and notifiers were read with it."""
    same = ("version", "enabled_at", "made_at", "name", "what", "people", "questions", "places", "sources", "words")
    manners = ("group_minutes", "repeat_hours", "repeats", "asks_acknowledgement", "escalate_minutes")
    told = ("tells_command", "roles_told", "urgent_breaks_through")
    return RuleOut(
        id=rule.pk,
        level=LEVELS[rule.level],
        people_told=[PersonShort(id=one.pk, name=one.name) for one in rule.people_told.all()],
        notifiers_told=[NotifierShort(id=one.pk, name=one.name) for one in rule.notifiers_told.all()],
        quiet_from=f"{rule.quiet_from:%H:%M}" if rule.quiet_from else None,
        quiet_until=f"{rule.quiet_until:%H:%M}" if rule.quiet_until else None,
        **{name: getattr(rule, name) for name in (*same, *manners, *told)},
    )
