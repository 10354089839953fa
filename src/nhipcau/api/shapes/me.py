"""Who asks: the person, their seats, and the token."""

from __future__ import annotations

import datetime

from ninja import Schema
from pydantic import ConfigDict

from nhipcau.network.access.tasks import current_seats
from nhipcau.network.models.tokens import ApiToken


class PersonShort(Schema):
    """Somebody, as others see them."""

    id: int
    name: str


class SeatOut(Schema):
    """A role at an office, held now, by oneself or as a deputy."""

    office: str
    role: str


class TokenOut(Schema):
    """The token of the request."""

    number: str
    name: str
    scopes: list[str]
    expires_at: datetime.datetime


class Me(Schema):
    """The person in whose name is asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 7,
                    "name": "Nguyễn Thị Mẫu",
                    "email": "mau@tinh-mau.example",
                    "seats": [{"office": "P001", "role": "officer"}],
                    "token": {
                        "number": "0a1b2c3d4e5f",
                        "name": "Báo cáo huyện",
                        "scopes": ["tasks:read"],
                        "expires_at": "2026-09-01T00:00:00Z",
                    },
                }
            ]
        }
    )

    id: int
    name: str
    email: str
    seats: list[SeatOut]
    token: TokenOut


def me_of(token: ApiToken) -> Me:
    """Say who asks; one query."""
    person = token.person
    seats = [SeatOut(office=seat.office.code, role=seat.role) for seat in current_seats(person).order_by("pk")]
    shown = TokenOut(number=token.number, name=token.name, scopes=token.scopes, expires_at=token.expires_at)
    return Me(id=person.pk, name=person.name, email=person.email, seats=seats, token=shown)
