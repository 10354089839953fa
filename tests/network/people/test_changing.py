"""Changing people, closing log-ins, roles and deputies: allowed, refused, repeated, and what the log says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.network.tasks.cast import Cast, fresh

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.people.changing import activate_person, deactivate_person, edit_person
from nhipcau.network.actions.people.errors import (
    DeputyRefused,
    LastAdministrator,
    NotAdministrator,
    PersonChanged,
    SeatEnded,
    SeatTaken,
)
from nhipcau.network.actions.people.seats import end_deputy, end_seat, give_seat, name_deputy
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Membership, Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("seq").values_list("action", flat=True))


def test_people_change_what_is_theirs_and_administrators_that_of_others(house: Cast):
    edit_person(by=house.officer, person=house.officer, name="A", phone="+84 1", language="en", version=1)
    edit_person(by=house.administrator, person=house.officer, name="B", phone="+84 1", language="en", version=2)
    with pytest.raises(NotAdministrator):
        edit_person(by=house.leader, person=house.officer, name="C", phone="", language="vi", version=3)
    assert Person.objects.get(pk=house.officer.pk).name == "B"
    assert [record.values for record in AuditRecord.objects.order_by("seq")] == [
        {"name": "A", "phone": "+84 1", "language": "en"},
        {"name": "B"},
    ]


def test_two_who_edit_at_once_do_not_overwrite_each_other(house: Cast):
    edit_person(by=house.officer, person=house.officer, name="A", phone="", language="vi", version=1)
    with pytest.raises(PersonChanged):
        edit_person(by=house.administrator, person=house.officer, name="B", phone="", language="vi", version=1)
    assert actions() == ["person.edited"]


def test_closed_log_in_ends_the_sessions(house: Cast, client: Client):
    client.force_login(house.officer, backend=BACKEND)
    client.get("/received/")
    deactivate_person(by=house.administrator, person=house.officer)
    assert client.get("/received/").status_code == 302
    deactivate_person(by=house.administrator, person=house.officer)
    activate_person(by=house.administrator, person=house.officer)
    assert [action for action in actions() if action.startswith("person.")] == [
        "person.deactivated",
        "person.activated",
    ]


def test_nobody_closes_their_own_log_in_or_that_of_others_without_being_administrator(house: Cast):
    for by, person in ((house.administrator, house.administrator), (house.leader, house.officer)):
        with pytest.raises(NotAdministrator):
            deactivate_person(by=by, person=person)


def test_last_administrator_of_the_hub_stays(house: Cast):
    seat = Membership.objects.get(person=house.administrator)
    with pytest.raises(LastAdministrator):
        end_seat(by=house.administrator, seat=seat)
    give_seat(by=house.administrator, person=house.analyst, office=house.hub, role="administrator")
    end_seat(by=house.administrator, seat=seat)
    with pytest.raises(LastAdministrator):
        end_seat(by=fresh(house.analyst), seat=Membership.objects.get(person=house.analyst, role="administrator"))
    assert actions() == ["seat.given", "seat.ended"]


def test_role_is_given_once_and_ended_once(house: Cast):
    seat = give_seat(by=house.administrator, person=house.officer, office=house.north, role="officer")
    with pytest.raises(SeatTaken):
        give_seat(by=house.administrator, person=house.officer, office=house.north, role="officer")
    assert house.north.pk in standing_of(fresh(house.officer)).own
    end_seat(by=house.administrator, seat=seat)
    with pytest.raises(SeatEnded):
        end_seat(by=house.administrator, seat=seat)
    assert house.north.pk not in standing_of(fresh(house.officer)).own
    give_seat(by=house.administrator, person=house.officer, office=house.north, role="officer")
    assert actions() == ["seat.given", "seat.ended", "seat.given"]


def test_deputy_stands_in_from_day_to_day(house: Cast, time_machine):
    today = timezone.localdate()
    span = {"from_on": today + timedelta(days=1), "until_on": today + timedelta(days=3)}
    made = name_deputy(by=house.leader, person=house.leader, deputy=house.officer, **span)
    held = []
    for _day in range(4):
        held.append(house.hub.pk in standing_of(fresh(house.officer)).own)
        time_machine.shift(timedelta(days=1))
    assert held == [False, True, True, False]
    assert actions() == ["deputy.named"]
    end_deputy(by=house.leader, deputy=made)
    assert actions() == ["deputy.named"], "what is over is not ended again"


@pytest.mark.parametrize(
    ("days", "problem"), [((0, 0), "span"), ((3, 1), "span"), ((0, 400), "span"), ((-5, -1), "span")]
)
def test_span_that_does_not_hold_is_refused(house: Cast, days: tuple[int, int], problem: str):
    today = timezone.localdate()
    with pytest.raises(DeputyRefused) as caught:
        name_deputy(
            by=house.leader,
            person=house.leader,
            deputy=house.officer,
            from_on=today + timedelta(days=days[0]),
            until_on=today + timedelta(days=days[1]),
        )
    assert caught.value.values["problem"] == problem


def test_nobody_names_deputies_of_others_or_themselves(house: Cast):
    today = timezone.localdate()
    span = {"from_on": today, "until_on": today + timedelta(days=2)}
    with pytest.raises(NotAdministrator):
        name_deputy(by=house.officer, person=house.leader, deputy=house.officer, **span)
    with pytest.raises(DeputyRefused):
        name_deputy(by=house.leader, person=house.leader, deputy=house.leader, **span)


def test_pages_show_what_is_theirs_to_see(house: Cast):
    client = Client()
    client.force_login(house.officer, backend=BACKEND)
    names = client.get("/people/").content.decode()
    assert "Colleague" in names
    assert "Neighbour" not in names
    assert client.get(f"/people/{house.neighbour.pk}/").status_code == 404
    assert client.get(f"/people/{house.colleague.pk}/").status_code == 200
    client.force_login(house.administrator, backend=BACKEND)
    assert client.get("/people/?words=neigh").content.decode().count("neighbour@example.vn") >= 1
    assert client.get(f"/people/{house.neighbour.pk}/edit").status_code == 200
    assert client.post(f"/people/{house.neighbour.pk}/do/deactivate").status_code == 302
    assert not Person.objects.get(pk=house.neighbour.pk).is_active
    assert client.post(f"/people/{house.neighbour.pk}/do/nothing").status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_list_takes_as_many_queries_for_many_people_as_for_few(house: Cast, count: int, django_assert_max_num_queries):
    for number in range(count):
        person = Person.objects.create_user(f"p{number}@example.vn", name=f"P {number}")
        Membership.objects.create(person=person, office=house.points[0], role="officer", from_on="2026-01-01")
    client = Client()
    client.force_login(house.administrator, backend=BACKEND)
    client.get("/people/")
    with django_assert_max_num_queries(12):
        assert client.get("/people/").status_code == 200
