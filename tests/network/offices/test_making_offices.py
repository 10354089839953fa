"""Making offices and stating what they are."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from nhipcau.network.actions.office_errors import (
    LinkRefused,
    NotOfficeKeeper,
    OfficeChanged,
    OfficeClosed,
    OfficeInvalid,
)
from nhipcau.network.actions.offices import create_office, edit_office
from nhipcau.network.models.offices import LinkKind, Office, OfficeLink
from nhipcau.network.officefields import OfficeFields, RouteFields
from nhipcau.network.queries.offices import fields_of
from nhipcau.network.worktime import OFFICE_HOURS
from tests.network.offices.conftest import TODAY
from tests.network.offices.records import actions, last_values

NEW = OfficeFields("P9", "Xã Mới", "point", languages=("vi",), routes=(RouteFields("phone", "099 123"),))


def test_administrator_of_the_hub_makes_an_office_with_its_place_in_the_tree(cast):
    made = create_office(by=cast.keeper, office=NEW, parent=cast.hub, areas=[cast.east], on=TODAY)
    links = {(link.parent, link.kind, link.from_on) for link in OfficeLink.objects.filter(office=made)}
    assert links == {(cast.hub, LinkKind.PARENT, TODAY), (cast.east, LinkKind.AREA, TODAY)}
    assert fields_of(made) == NEW
    assert made.search_text == "p9 xa moi"
    assert actions() == ["office.created"]
    assert last_values() == {"code": "P9", "name": "Xã Mới", "parent": "H", "areas": ["KV1"]}


@pytest.mark.parametrize("who", ["leader", "area_officer", "officer", "auditor", "stranger"])
def test_nobody_else_makes_offices(cast, who):
    with pytest.raises(NotOfficeKeeper):
        create_office(by=getattr(cast, who), office=NEW, parent=cast.hub, on=TODAY)
    assert not Office.objects.filter(code="P9").exists()
    assert actions() == []


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"code": "P1"}, "code", "code-taken"),
        ({"code": ""}, "code", "missing"),
        ({"name": ""}, "name", "missing"),
        ({"kind": "hub"}, "kind", "one-hub"),
        ({"latitude": 11.0}, "longitude", "coordinates-both"),
        ({"languages": ("Vietnamese",)}, "languages", "language-unknown"),
    ],
)
def test_what_does_not_hold_is_named_and_nothing_is_written(cast, changes, field, problem):
    with pytest.raises(OfficeInvalid) as caught:
        create_office(by=cast.keeper, office=replace(NEW, **changes), parent=cast.hub, on=TODAY)
    assert (caught.value.values["field"], caught.value.values["problem"]) == (field, problem)
    assert Office.objects.count() == 7
    assert actions() == []


def test_office_made_twice_is_refused_by_its_code(cast):
    create_office(by=cast.keeper, office=NEW, parent=cast.hub, on=TODAY)
    with pytest.raises(OfficeInvalid):
        create_office(by=cast.keeper, office=NEW, parent=cast.hub, on=TODAY)
    assert actions() == ["office.created"]


def test_parent_and_areas_must_be_there_and_be_able_to_be_that(cast):
    Office.objects.filter(pk=cast.west.pk).update(closed_on=TODAY)
    cast.west.refresh_from_db()
    with pytest.raises(LinkRefused, match="parent-missing"):
        create_office(by=cast.keeper, office=NEW, parent=None, on=TODAY)
    with pytest.raises(LinkRefused, match="point-above"):
        create_office(by=cast.keeper, office=replace(NEW, kind="department"), parent=cast.river, on=TODAY)
    with pytest.raises(LinkRefused, match="no-area"):
        create_office(by=cast.keeper, office=NEW, parent=cast.hub, areas=[cast.health], on=TODAY)
    with pytest.raises(OfficeClosed):
        create_office(by=cast.keeper, office=NEW, parent=cast.hub, areas=[cast.west], on=TODAY)
    assert actions() == []


def test_edit_writes_what_differs_and_records_before_and_after(cast):
    fields = replace(fields_of(cast.river), name="Xã Sông Lớn", working_hours=OFFICE_HOURS)
    edited = edit_office(by=cast.keeper, office=cast.river, fields=fields, version=1)
    assert (edited.name, edited.version, edited.search_text) == ("Xã Sông Lớn", 2, "p1 xa song lon")
    assert fields_of(edited) == fields
    assert last_values()["changes"].keys() == {"name", "working_hours"}
    assert last_values()["changes"]["name"] == ["Xã Sông", "Xã Sông Lớn"]


def test_edit_that_changes_nothing_leaves_no_record(cast):
    edit_office(by=cast.keeper, office=cast.river, fields=fields_of(cast.river), version=1)
    assert actions() == []


def test_two_who_edit_at_once_do_not_overwrite_one_another(cast):
    first = replace(fields_of(cast.river), name_en="River")
    edit_office(by=cast.keeper, office=cast.river, fields=first, version=1)
    with pytest.raises(OfficeChanged):
        edit_office(by=cast.keeper, office=cast.river, fields=replace(first, name_en="Stream"), version=1)
    assert Office.objects.get(code="P1").name_en == "River"
    assert actions() == ["office.edited"]


@pytest.mark.parametrize("who", ["officer", "area_officer"])
def test_office_and_its_area_state_how_it_is_reached(cast, who):
    fields = replace(fields_of(cast.river), routes=(RouteFields("sms", "099 555"),))
    edit_office(by=getattr(cast, who), office=cast.river, fields=fields, version=1)
    assert [(route.kind, route.value) for route in cast.river.routes.all()] == [("sms", "099 555")]
    assert last_values()["changes"] == {"routes": [[], [["sms", "099 555"]]]}


@pytest.mark.parametrize("who", ["officer", "area_officer"])
@pytest.mark.parametrize("change", [{"name": "Other"}, {"code": "PX"}, {"opened_on": datetime.date(2026, 1, 1)}])
def test_office_and_its_area_do_not_change_what_the_network_says_of_it(cast, who, change):
    with pytest.raises(NotOfficeKeeper):
        edit_office(
            by=getattr(cast, who), office=cast.river, fields=replace(fields_of(cast.river), **change), version=1
        )
    assert actions() == []


@pytest.mark.parametrize(("who", "office"), [("officer", "hill"), ("area_officer", "lake"), ("auditor", "river")])
def test_others_state_nothing(cast, who, office):
    other = getattr(cast, office)
    fields = replace(fields_of(other), languages=("vi",))
    with pytest.raises(NotOfficeKeeper):
        edit_office(by=getattr(cast, who), office=other, fields=fields, version=1)
    assert actions() == []


def test_an_area_stays_an_area_and_the_hub_the_hub(cast):
    for office, kind in ((cast.east, "point"), (cast.river, "area"), (cast.hub, "point"), (cast.river, "hub")):
        with pytest.raises(OfficeInvalid):
            edit_office(by=cast.keeper, office=office, fields=replace(fields_of(office), kind=kind), version=1)
    assert actions() == []


def test_code_of_another_office_is_refused_on_edit(cast):
    with pytest.raises(OfficeInvalid, match="code-taken"):
        edit_office(by=cast.keeper, office=cast.river, fields=replace(fields_of(cast.river), code="P2"), version=1)
    assert Office.objects.get(pk=cast.river.pk).code == "P1"
