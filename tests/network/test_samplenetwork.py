"""The offices and people of the sample province."""

from __future__ import annotations

from collections import Counter

from nhipcau.network.officefields import problems_of
from nhipcau.network.samplenetwork import sample_offices, sample_people


def test_there_are_a_hub_18_area_and_department_offices_and_150_points():
    kinds = Counter(office.fields.kind for office in sample_offices())
    assert kinds == {"hub": 1, "area": 9, "department": 9, "point": 150}


def test_every_point_answers_to_the_hub_and_is_coordinated_by_one_area():
    areas = {office.fields.code for office in sample_offices() if office.fields.kind == "area"}
    points = [office for office in sample_offices() if office.fields.kind == "point"]
    assert {office.parent for office in points} == {"S"}
    assert all(len(office.areas) == 1 and office.areas[0] in areas for office in points)
    assert {area for office in points for area in office.areas} == areas


def test_fields_hold_and_no_two_offices_share_code_name_or_place():
    offices = [office.fields for office in sample_offices()]
    assert [problem for office in offices for problem in problems_of(office)] == []
    for field in ("code", "name", "name_en"):
        assert len({getattr(office, field) for office in offices}) == len(offices)
    assert len({(office.latitude, office.longitude) for office in offices if office.kind != "area"}) == 160


def test_no_place_lies_in_viet_nam():
    assert all(abs(office.fields.latitude) < 1 and abs(office.fields.longitude) < 1 for office in sample_offices())


def test_every_role_is_held_and_every_office_has_somebody():
    people = sample_people()
    assert {person.role for person in people} == {"administrator", "leader", "analyst", "officer", "auditor"}
    assert {person.office for person in people} == {office.fields.code for office in sample_offices()}
    assert len({person.email for person in people}) == len(people)
    assert len({person.name for person in people}) == len(people)
    assert all(person.email.endswith(".example") for person in people)


def test_it_is_the_same_every_time():
    assert sample_offices() == sample_offices()
    assert sample_people() == sample_people()
