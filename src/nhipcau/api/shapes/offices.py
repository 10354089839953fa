"""Offices as of a day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

from ninja import Schema
from pydantic import ConfigDict, Field

from nhipcau.network.models.offices import Office
from nhipcau.network.queries.office_tree import codes_above, names_on

EXAMPLE: Final[dict[str, Any]] = {
    "code": "P001",
    "name": "Xã Mẫu Một",
    "kind": "point",
    "place_code": "",
    "latitude": 10.5,
    "longitude": 106.25,
    "languages": ["vi"],
    "opened_on": "2025-07-01",
    "closed_on": None,
    "parent": "S",
    "areas": ["A01"],
    "routes": [{"kind": "phone", "value": "0200 000 001"}],
}


class RouteOut(Schema):
    """A way to reach an office."""

    kind: str
    value: str


class OfficeOut(Schema):
    """An office as of a day."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    code: str
    name: str = Field(description="Its name on that day, in the language of the request where it has one")
    kind: str = Field(description="hub, area, department or point")
    place_code: str = Field(description="Official code of the province or commune that it serves")
    latitude: float | None
    longitude: float | None
    languages: list[str]
    opened_on: datetime.date | None
    closed_on: datetime.date | None = Field(description="The first day on which it is no longer there")
    parent: str | None = Field(description="Code of the office that it answers to on that day")
    areas: list[str] = Field(description="Codes of the areas that coordinate it on that day")
    routes: list[RouteOut] = Field(description="How it is reached today, in the order of trying")


class OfficePage(Schema):
    """Offices in the order of their codes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[OfficeOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


def offices_out(offices: Sequence[Office], *, on: datetime.date) -> list[OfficeOut]:
    """Offices, their routes prefetched; two or three queries whatever their number."""
    names, above = names_on(offices, on=on), codes_above(offices, on=on)
    return [
        OfficeOut(
            code=office.code,
            name=names[office.pk],
            kind=office.kind,
            place_code=office.place_code,
            latitude=office.latitude,
            longitude=office.longitude,
            languages=office.languages,
            opened_on=office.opened_on,
            closed_on=office.closed_on,
            parent=above[office.pk].parent,
            areas=above[office.pk].areas,
            routes=[RouteOut(kind=route.kind, value=route.value) for route in office.routes.all()],
        )
        for office in offices
    ]
