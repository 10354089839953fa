"""The cast of the tests of offices: a hub, two areas, a department, three points, and a person in each part."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest

from nhipcau.network.models.offices import LinkKind, Office, OfficeLink
from nhipcau.network.models.people import Membership, Person

SINCE = datetime.date(2026, 1, 5)
TODAY = datetime.date(2026, 11, 27)


@dataclass(frozen=True)
class Cast:
    hub: Office
    east: Office
    west: Office
    health: Office
    river: Office
    hill: Office
    lake: Office
    keeper: Person  # administrator of the hub
    leader: Person  # of the hub
    area_officer: Person  # of the east, with river and hill
    officer: Person  # of river
    auditor: Person
    stranger: Person


def make_office(code: str, name: str, kind: str, **fields: object) -> Office:
    return Office.objects.create(code=code, name=name, kind=kind, search_text=f"{code} {name}".lower(), **fields)


def link(office: Office, parent: Office, kind: str = LinkKind.PARENT, from_on: datetime.date = SINCE) -> None:
    OfficeLink.objects.create(office=office, parent=parent, kind=kind, from_on=from_on)


def make_person(name: str, office: Office | None = None, role: str = "") -> Person:
    person = Person.objects.create_user(email=f"{name}@centre.example", password=None, name=name)
    if office is not None:
        Membership.objects.create(person=person, office=office, role=role, from_on=SINCE)
    return person


@pytest.fixture
def cast(db: None, time_machine: object) -> Cast:
    time_machine.move_to(datetime.datetime(2026, 11, 27, 9, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=7))))
    hub = make_office("H", "Trung tâm", "hub", name_en="Centre")
    east, west = make_office("KV1", "Khu vực Đông", "area"), make_office("KV2", "Khu vực Tây", "area")
    health = make_office("SYT", "Sở Y tế", "department")
    river = make_office("P1", "Xã Sông", "point", latitude=11.5, longitude=107.0)
    hill = make_office("P2", "Xã Đồi", "point", latitude=11.6, longitude=107.1)
    lake = make_office("P3", "Phường Hồ", "point", latitude=11.7, longitude=107.2)
    for office in (east, west, health, river, hill, lake):
        link(office, hub)
    link(river, east, LinkKind.AREA)
    link(hill, east, LinkKind.AREA)
    link(lake, west, LinkKind.AREA)
    return Cast(
        *(hub, east, west, health, river, hill, lake),
        keeper=make_person("keeper", hub, "administrator"),
        leader=make_person("leader", hub, "leader"),
        area_officer=make_person("area_officer", east, "officer"),
        officer=make_person("officer", river, "officer"),
        auditor=make_person("auditor", hub, "auditor"),
        stranger=make_person("stranger"),
    )
