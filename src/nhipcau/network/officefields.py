"""What the fields of an office may hold: pure checks that name the field, the problem and the value.

The words of a problem are in `forms/office_words.py`; what offices may be to one another is in the actions.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nhipcau.network.spelling import folded
from nhipcau.network.week import stored_week
from nhipcau.network.worktime import Week

KINDS: Final = ("hub", "area", "department", "point")
ROUTES: Final = ("phone", "email", "sms", "zalo", "radio", "address")
ROUTE_WORDS_VI: Final = {
    "phone": "điện thoại",
    "email": "thư điện tử",
    "sms": "tin nhắn",
    "zalo": "Zalo",
    "radio": "bộ đàm",
    "address": "địa chỉ",
}
"""How a Vietnamese form writes the ways to reach an office; a file may, too."""
LONGEST_NAME: Final = 200
MOST_ROUTES: Final = 20
_ROUTES_VI: Final = {folded(word): kind for kind, word in ROUTE_WORDS_VI.items()}
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_RESERVED: Final = frozenset({"new", "tree", "map", "groups", "import", "export", "days", "merge"})
_PLACE_CODE: Final = re.compile(r"[A-Za-z0-9]{1,8}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 .()-]{2,24}")
_EMAIL: Final = re.compile(r"[^@\s,;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field."""

    field: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RouteFields:
    """A way to reach an office."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class OfficeFields:
    """All that is stated of an office itself; without hours of its own it keeps those of the office above."""

    code: str
    name: str
    kind: str
    name_en: str = ""
    place_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    languages: tuple[str, ...] = ()
    working_hours: Week | None = None
    opened_on: datetime.date | None = None
    routes: tuple[RouteFields, ...] = ()


def kept_values(office: OfficeFields) -> dict[str, Any]:
    """The fields as plain values, as an audit record keeps them."""
    return {
        "code": office.code,
        "name": office.name,
        "name_en": office.name_en,
        "kind": office.kind,
        "place_code": office.place_code,
        "latitude": office.latitude,
        "longitude": office.longitude,
        "languages": list(office.languages),
        "working_hours": stored_week(office.working_hours) if office.working_hours else None,
        "opened_on": office.opened_on.isoformat() if office.opened_on else None,
        "routes": [[route.kind, route.value] for route in office.routes],
    }


def differences(before: OfficeFields, after: OfficeFields) -> dict[str, list[Any]]:
    """Field → what it was and what it is to be."""
    old, new = kept_values(before), kept_values(after)
    return {field: [old[field], new[field]] for field in new if old[field] != new[field]}


def problems_of(office: OfficeFields) -> list[Problem]:
    """All that does not hold in the fields of an office."""
    return [*_names(office), *_place(office), *_languages(office.languages), *route_problems(office.routes)]


def _names(office: OfficeFields) -> Iterator[Problem]:
    if not office.code:
        yield Problem("code", "missing")
    elif not _CODE.fullmatch(office.code) or office.code in _RESERVED:
        yield Problem("code", "code-signs", office.code)
    if not office.name:
        yield Problem("name", "missing")
    for field, name in (("name", office.name), ("name_en", office.name_en)):
        if len(name) > LONGEST_NAME:
            yield Problem(field, "too-long", str(LONGEST_NAME))
        if any(ord(sign) < 32 for sign in name):
            yield Problem(field, "control-signs", repr(name))
    if office.kind not in KINDS:
        yield Problem("kind", "kind-unknown", office.kind)


def _place(office: OfficeFields) -> Iterator[Problem]:
    if office.place_code and not _PLACE_CODE.fullmatch(office.place_code):
        yield Problem("place_code", "place-code-signs", office.place_code)
    if (office.latitude is None) != (office.longitude is None):
        yield Problem("longitude" if office.longitude is None else "latitude", "coordinates-both")
    elif office.latitude is not None and office.longitude is not None:
        if not -90 <= office.latitude <= 90:
            swapped = -90 <= office.longitude <= 90
            yield Problem("latitude", "coordinates-swapped" if swapped else "latitude-range", str(office.latitude))
        if not -180 <= office.longitude <= 180:
            yield Problem("longitude", "longitude-range", str(office.longitude))


def _languages(languages: Sequence[str]) -> Iterator[Problem]:
    for number, language in enumerate(languages):
        if not _LANGUAGE.fullmatch(language):
            yield Problem("languages", "language-unknown", language)
        elif language in languages[:number]:
            yield Problem("languages", "twice", language)


def route_problems(routes: Sequence[RouteFields]) -> Iterator[Problem]:
    """What does not hold in the ways to reach an office."""
    if len(routes) > MOST_ROUTES:
        yield Problem("routes", "too-many", str(MOST_ROUTES))
    for number, route in enumerate(routes):
        if route.kind not in ROUTES:
            yield Problem("routes", "route-kind-unknown", route.kind)
        elif not route.value:
            yield Problem("routes", "route-empty", route.kind)
        elif any(ord(sign) < 32 for sign in route.value):
            yield Problem("routes", "control-signs", repr(route.value))
        elif len(route.value) > LONGEST_NAME:
            yield Problem("routes", "too-long", str(LONGEST_NAME))
        elif route.kind in ("phone", "sms", "zalo") and not _PHONE.fullmatch(route.value):
            yield Problem("routes", "phone-signs", route.value)
        elif route.kind == "email" and not _EMAIL.fullmatch(route.value):
            yield Problem("routes", "email-signs", route.value)
        elif route in routes[:number]:
            yield Problem("routes", "twice", route.value)


def read_routes(text: str) -> tuple[RouteFields, ...]:
    """Read routes as a file or a form writes them: 'phone: 0271 3 822 114; email: a@b.vn', or a line each.

    A way may be named in Vietnamese, with or without signs.
    """
    routes = []
    for part in re.split(r"[;\n]", text):
        if part.strip():
            kind, _, value = part.partition(":")
            named = folded(kind)
            routes.append(RouteFields(_ROUTES_VI.get(named, named), " ".join(value.split())))
    return tuple(routes)


def write_routes(routes: Sequence[RouteFields], *, between: str = "; ", language: str = "en") -> str:
    """Write routes so that `read_routes` reads the same."""
    words = ROUTE_WORDS_VI if language == "vi" else {}
    return between.join(f"{words.get(route.kind, route.kind)}: {route.value}" for route in routes)
