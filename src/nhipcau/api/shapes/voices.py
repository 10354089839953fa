"""Voices that programs send, and what is answered. They are judged in `voices/voicefields.py`, all at once: this is
their description.
"""

from __future__ import annotations

from typing import Any, Final

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.voices.forms.intake_words import row_words
from nhipcau.voices.models.intake import IntakeReceipt
from nhipcau.voices.voicefields import FIELDS

MOST_VOICES: Final = 1_000
EXAMPLE: Final[dict[str, Any]] = {
    "id": "call-2026-07-01-0042",
    "time": "2026-07-01T08:12:00+07:00",
    "text": "Đường vào xã ngập từ đêm qua, bao giờ có xe chở nước sạch?",
    "author_id": "caller-9917",
    "place": "xã Long Biên",
    "channel": "hotline",
}


class VoiceIn(Schema):
    """What somebody said or published. Other fields are refused."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    id: str | int = Field(description="What its source calls it; a voice that is sent again within 30 days is known")
    time: AwareDatetime | None = Field(default=None, description="When it was said; missing: now")
    title: str | None = Field(default=None, max_length=FIELDS["title"])
    text: str | None = Field(
        default=None, max_length=FIELDS["text"], description="What was said; needed where there is no title"
    )
    author: str | None = Field(
        default=None,
        max_length=FIELDS["author"],
        description="The name of its author. It is not kept: only a number of the day is, and it is blacked out in "
        "the text",
    )
    author_id: str | int | None = Field(default=None, description="The account of its author; treated like the name")
    handle: str | None = Field(
        default=None, max_length=FIELDS["handle"], description="What its author is called by others; treated likewise"
    )
    place: str | None = Field(default=None, max_length=FIELDS["place"], description="Which commune it is about or from")
    channel: str | None = Field(default=None, max_length=FIELDS["channel"], description="Such as hotline or facebook")
    kind: str | None = Field(
        default=None, description="post or press; press is taken from sources of publications only"
    )
    reach: int | None = Field(default=None, ge=0, description="How many saw it")
    link: str | None = Field(
        default=None, max_length=FIELDS["link"], description="Its address; kept for publications only"
    )


class VoicesIn(Schema):
    """A batch of voices."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"voices": [EXAMPLE]}]})

    voices: list[VoiceIn] = Field(min_length=1, max_length=MOST_VOICES)


class RowRefused(Schema):
    """A voice that was not taken; the others of its batch were."""

    row: int = Field(description="Which voice of the batch, from 1")
    field: str = Field(description="The field that does not hold; empty where it is the voice as a whole")
    code: str = Field(description="A stable code")
    message: str = Field(description="What to do about it, in the language of the request")


class AcceptedOut(Schema):
    """What became of a batch. What is accepted stays accepted, whatever happens to a process or a machine."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "accepted": 997,
                    "known": 2,
                    "rejected": 1,
                    "rows": [{"row": 17, "field": "text", "code": "missing", "message": "This is missing. Send it."}],
                }
            ]
        }
    )

    accepted: int = Field(description="Voices that were taken in now")
    known: int = Field(description="Voices that had been taken in before, or stand twice in the batch")
    rejected: int = Field(description="Voices that do not hold")
    rows: list[RowRefused] = Field(description="Those that do not hold, and why")


def accepted_out(receipt: IntakeReceipt) -> AcceptedOut:
    """What a receipt says, in the language of the request."""
    told = [
        RowRefused(
            row=one["row"],
            field=one["field"],
            code=one["code"],
            message=row_words(one["code"], one["values"]),
        )
        for one in receipt.answer["rows"]
    ]
    return AcceptedOut(
        accepted=receipt.accepted, known=receipt.answer["known"], rejected=receipt.answer["refused"], rows=told
    )
