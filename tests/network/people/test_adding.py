"""Adding people and inviting them: who may, what leaves, what opens, and how often."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.network.tasks.cast import LONG_AGO, Cast

from nhipcau.network.actions.people.adding import accept_invitation, add_person, invite_again, invited
from nhipcau.network.actions.people.errors import (
    InvitationRefused,
    NotAdministrator,
    PersonExists,
    PersonInvalid,
)
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Membership, Person
from nhipcau.running.models import OutgoingMail

PASSWORD = "bốn từ không ai ghép"


def add(house: Cast, **values: Any) -> Person:
    asked = {"by": house.administrator, "email": "Mới@Example.VN", "name": " Người  Mới ", "office": house.points[0]}
    return add_person(**(asked | {"email": "Moi@Example.VN", "role": "officer"} | values))


def token_of(person: Person) -> str:
    letter = OutgoingMail.objects.filter(to=person.email).latest("pk")
    return re.search(r"/invitation/(\S+)/", letter.text)[1]  # type: ignore[index]


def test_added_person_has_a_role_an_invitation_and_no_password(house: Cast):
    person = add(house)
    assert (person.email, person.name) == ("moi@example.vn", "Người Mới")
    assert not person.has_usable_password()
    seat = Membership.objects.get(person=person)
    assert (seat.office, seat.role, seat.from_on) == (house.points[0], "officer", timezone.localdate())
    record = AuditRecord.objects.get()
    assert (record.action, record.values["office"]) == ("person.added", "P1")
    assert "Người Mới" in OutgoingMail.objects.get().subject


def test_administrator_of_an_area_adds_people_there_and_below_only(house: Cast):
    keeper = Person.objects.create_user("keeper@example.vn", name="Keeper")
    Membership.objects.create(person=keeper, office=house.north, role="administrator", from_on=LONG_AGO)
    add(house, by=keeper, office=house.north)
    add(house, by=keeper, email="b@example.vn", office=house.points[1])
    for office in (house.hub, house.south, house.points[3]):
        with pytest.raises(NotAdministrator):
            add(house, by=Person.objects.get(pk=keeper.pk), email="c@example.vn", office=office)


@pytest.mark.parametrize("who", ["leader", "analyst", "officer", "auditor", "stranger"])
def test_others_add_nobody(house: Cast, who: str):
    with pytest.raises(NotAdministrator):
        add(house, by=getattr(house, who))
    assert not Person.objects.filter(email="moi@example.vn").exists()
    assert not AuditRecord.objects.exists()


def test_address_is_used_once(house: Cast):
    add(house)
    with pytest.raises(PersonExists):
        add(house, name="Another")
    assert Person.objects.filter(email="moi@example.vn").count() == 1
    assert OutgoingMail.objects.count() == AuditRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "nobody"}, "email"), ({"name": " "}, "name"), ({"phone": "<b>"}, "phone"), ({"role": "king"}, "role")],
)
def test_field_that_does_not_hold_is_named(house: Cast, change: dict[str, str], field: str):
    with pytest.raises(PersonInvalid) as caught:
        add(house, **change)
    assert caught.value.values["field"] == field


def test_invitation_is_looked_at_any_number_of_times_and_used_once(house: Cast, client: Client):
    person = add(house)
    token = token_of(person)
    for _ in range(3):
        page = client.get(f"/invitation/{token}/")
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.post(f"/invitation/{token}/", {"password": "123456789012"}).status_code == 422
    assert client.post(f"/invitation/{token}/", {"password": PASSWORD}).status_code == 302
    assert Person.objects.get(pk=person.pk).check_password(PASSWORD)
    assert client.get(f"/invitation/{token}/").status_code == 410
    with pytest.raises(InvitationRefused):
        accept_invitation(token=token, password="ba từ khác hẳn nhau")
    assert [*AuditRecord.objects.values_list("action", flat=True)] == ["person.added", "person.joined"]


def test_invitation_is_late_after_seven_days(house: Cast, time_machine: Any):
    token = token_of(add(house))
    time_machine.shift(timedelta(days=6, hours=23))
    invited(token)
    time_machine.shift(timedelta(hours=2))
    with pytest.raises(InvitationRefused) as caught:
        invited(token)
    assert caught.value.values["problem"] == "late"


def test_altered_or_guessed_invitation_does_not_open(house: Cast, client: Client):
    token = token_of(add(house))
    for other in (token[:-1], token[::-1], f"{token}a", "abc"):
        assert client.get(f"/invitation/{other}/").status_code == 410


def test_invitation_of_a_closed_log_in_does_not_open(house: Cast):
    person = add(house)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(InvitationRefused):
        invited(token_of(person))


def test_second_invitation_is_sent_by_administrators_only(house: Cast):
    person = add(house)
    with pytest.raises(NotAdministrator):
        invite_again(by=house.leader, person=person)
    invite_again(by=house.administrator, person=person)
    assert OutgoingMail.objects.count() == 2
    assert AuditRecord.objects.latest("seq").action == "person.invited"
