"""The first page founds a centre once; the sample province is made once and beside no real centre."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace

import pytest

from nhipcau.network.access.founding import founding_key, is_unfounded, may_found
from nhipcau.network.actions.founding import Answers, found_centre
from nhipcau.network.actions.office_errors import CentreExists, OfficeInvalid
from nhipcau.network.actions.sample_province import LOG_INS, make_sample_province
from nhipcau.network.models.offices import LinkKind, Office, OfficeLink
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.places import communes_of, provinces
from nhipcau.network.queries.command import command_of
from nhipcau.network.worktime import OFFICE_HOURS
from nhipcau.site.errors import words_of
from tests.network.offices.records import actions, last_values

ANSWERS = Answers(
    province_code="75",
    name="Trung tâm Truyền thông tỉnh",
    name_en="Communication Centre",
    administrator_name="Nguyễn Thị Mẫu",
    administrator_email="admin@centre.example",
    administrator_password="correct horse battery staple",
    areas=("Khu vực Bắc", "Khu vực Nam", "Khu vực Đông"),
    working_hours=OFFICE_HOURS,
)


def test_centre_has_a_hub_areas_a_point_for_every_commune_and_an_administrator(db):
    hub = found_centre(answers=ANSWERS)
    assert Counter(Office.objects.values_list("kind", flat=True)) == {"hub": 1, "area": 3, "point": 95}
    assert OfficeLink.objects.filter(kind=LinkKind.PARENT, parent=hub).count() == 98
    sizes = Counter(OfficeLink.objects.filter(kind=LinkKind.AREA).values_list("parent__name", flat=True))
    assert sorted(sizes.values()) == [31, 32, 32]
    seat = Membership.objects.get()
    assert (seat.office, seat.role, seat.person.email) == (hub, "administrator", "admin@centre.example")
    assert seat.person.check_password("correct horse battery staple")
    assert actions() == ["centre.founded"]
    assert last_values() == {"province": "75", "name": hub.name, "areas": 3, "points": 95}


def test_areas_lie_where_their_names_say(db):
    found_centre(answers=ANSWERS)
    north, south = Office.objects.get(name="Khu vực Bắc"), Office.objects.get(name="Khu vực Nam")
    assert north.latitude > south.latitude


def test_areas_may_be_more_than_communes(db):
    island = next(one.code for one in provinces() if len(communes_of(one.code)) < 60)
    found_centre(answers=replace(ANSWERS, province_code=island, areas=tuple(f"A{number}" for number in range(60))))
    assert Office.objects.filter(kind="area").count() == 60


def test_centre_may_have_no_areas(db):
    found_centre(answers=replace(ANSWERS, areas=()))
    assert not OfficeLink.objects.filter(kind=LinkKind.AREA).exists()


def test_points_bear_official_codes_and_coordinates(db):
    found_centre(answers=ANSWERS)
    for point in Office.objects.filter(kind="point"):
        assert point.code == point.place_code
        assert point.latitude
        assert point.longitude
        assert point.name.startswith(("Xã ", "Phường ", "Đặc khu "))


def test_centre_is_founded_once(db):
    found_centre(answers=ANSWERS)
    with pytest.raises(CentreExists):
        found_centre(answers=replace(ANSWERS, administrator_email="other@centre.example"))
    assert Person.objects.count() == 1
    assert actions() == ["centre.founded"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"province_code": "99"}, "province"),
        ({"name": ""}, "name"),
        ({"administrator_name": " "}, "administrator_name"),
        ({"administrator_email": "nobody"}, "administrator_email"),
        ({"administrator_password": "short"}, "administrator_password"),
        ({"administrator_password": "123456789012345"}, "administrator_password"),
        ({"administrator_password": "sojdlg123aljg"}, "administrator_password"),
        ({"administrator_password": "admin@centre.example"}, "administrator_password"),
        ({"areas": ("A", "A")}, "areas"),
        ({"areas": tuple(f"A{number}" for number in range(61))}, "areas"),
    ],
)
def test_answer_that_does_not_hold_is_named_and_nothing_is_made(db, change, field):
    with pytest.raises(OfficeInvalid) as caught:
        found_centre(answers=replace(ANSWERS, **change))
    assert caught.value.values["field"] == field
    assert words_of(caught.value)
    assert not Office.objects.exists()
    assert not Person.objects.exists()


def test_key_opens_the_first_page_only_while_there_is_no_office(db):
    assert is_unfounded()
    assert may_found(founding_key())
    assert not may_found("")
    assert not may_found(founding_key()[:-1])
    found_centre(answers=ANSWERS)
    assert not may_found(founding_key())


def test_key_is_another_for_another_installation(db, settings):
    key = founding_key()
    settings.SECRET_KEY = "another secret key of another installation, long enough"
    assert founding_key() != key


def test_sample_is_made_whole_and_marked(db):
    hub = make_sample_province(password="sample")
    assert Counter(Office.objects.values_list("kind", flat=True)) == {
        "hub": 1,
        "area": 9,
        "department": 9,
        "point": 150,
    }
    assert not Office.objects.filter(is_sample=False).exists()
    assert OfficeLink.objects.filter(kind=LinkKind.AREA).count() == 150
    for role, email in LOG_INS.items():
        person = Person.objects.get(email=email)
        assert person.check_password("sample")
        assert Membership.objects.get(person=person).role == role.split()[-1]
    assert actions() == ["sample.made"]
    assert last_values()["offices"] == 169
    assert hub.code == "S"


@pytest.mark.parametrize("hour", [0, 6, 7, 12, 18, 19, 23])
def test_sample_has_somebody_on_duty_at_every_hour(db, hour):
    zone = datetime.timezone(datetime.timedelta(hours=7))
    now = datetime.datetime(2026, 11, 27, hour, 30, tzinfo=zone)
    hub = make_sample_province(password="sample", now=now)
    command = command_of(hub, at=now)
    assert command is not None
    assert command.reason == "duty"


def test_sample_asked_for_again_changes_nothing(db):
    hub = make_sample_province(password="sample")
    Office.objects.filter(code="S0101").update(name="Changed by a visitor")
    assert make_sample_province(password="other") == hub
    assert Office.objects.get(code="S0101").name == "Changed by a visitor"
    assert Person.objects.get(email=LOG_INS["leader"]).check_password("sample")
    assert actions() == ["sample.made"]


def test_sample_is_not_made_beside_a_centre(db):
    found_centre(answers=ANSWERS)
    with pytest.raises(CentreExists):
        make_sample_province(password="sample")
    assert Office.objects.filter(is_sample=True).count() == 0
