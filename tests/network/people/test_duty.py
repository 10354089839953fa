"""The duty roster and hand-over; who is in command, and that every page says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.network.tasks.cast import Cast

from nhipcau.network.actions.people.duty import enter_shift, hand_over, remove_shift, take_over
from nhipcau.network.actions.people.errors import HandOverRefused, NotAdministrator, ShiftRefused
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Deputy, DutyShift, HandOver, Membership
from nhipcau.network.queries.command import centre_now, command_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def shift(house: Cast, *, begins: int = 0, hours: int = 8, **values) -> DutyShift:
    starts_at = timezone.now() + timedelta(hours=begins)
    asked = {"by": house.leader, "office": house.hub, "person": house.analyst}
    return enter_shift(**(asked | {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)} | values))


def test_whoever_is_on_duty_is_in_command_else_the_deputy_else_the_leader(house: Cast):
    today = timezone.localdate()
    assert centre_now().command.person == house.leader
    Deputy.objects.create(person=house.leader, deputy=house.analyst, from_on=today, until_on=today + timedelta(days=1))
    command = centre_now().command
    assert (command.person, command.reason) == (house.analyst, "deputy")
    entered = shift(house, person=house.administrator)
    command = centre_now().command
    assert (command.person, command.reason, command.until_at) == (house.administrator, "duty", entered.ends_at)
    assert command_of(house.hub, at=entered.ends_at).person == house.analyst
    Membership.objects.all().delete()
    assert command_of(house.hub, at=entered.ends_at) is None


def test_every_page_says_who_is_in_command(house: Cast, client: Client):
    shift(house)
    client.force_login(house.officer, backend=BACKEND)
    for address in ("/received/", "/people/", "/duty/", "/me/"):
        page = client.get(address).content.decode()
        assert 'class="command"' in page, address
        assert "Analyst" in page, address


def test_shifts_of_an_office_never_overlap(house: Cast):
    shift(house, begins=1, hours=8)
    for begins, hours in ((0, 2), (2, 2), (8, 8), (0, 20)):
        with pytest.raises(ShiftRefused) as caught:
            shift(house, begins=begins, hours=hours)
        assert caught.value.values["problem"] == "overlap"
    shift(house, begins=9, hours=8)
    assert DutyShift.objects.count() == AuditRecord.objects.count() == 2


@pytest.mark.parametrize(
    ("begins", "hours", "problem"), [(0, 0, "order"), (0, -1, "order"), (0, 24 * 8, "long"), (-9, 8, "past")]
)
def test_shift_that_does_not_hold_is_refused(house: Cast, begins: int, hours: int, problem: str):
    with pytest.raises(ShiftRefused) as caught:
        shift(house, begins=begins, hours=hours)
    assert caught.value.values["problem"] == problem


def test_only_people_of_the_office_are_on_duty_and_only_its_leaders_say_so(house: Cast):
    with pytest.raises(ShiftRefused):
        shift(house, person=house.officer)
    with pytest.raises(ShiftRefused):
        shift(house, person=house.auditor)
    for by in (house.analyst, house.area_officer, house.colleague, house.auditor):
        with pytest.raises(NotAdministrator):
            shift(house, by=by)
    shift(house, by=house.colleague, office=house.points[0], person=house.officer)


def test_shift_is_handed_over_once_and_taken_over_by_another(house: Cast):
    entered = shift(house)
    with pytest.raises(HandOverRefused):
        hand_over(by=house.leader, shift=entered, note="Not mine.")
    with pytest.raises(HandOverRefused):
        hand_over(by=house.analyst, shift=entered, note=" ")
    given = hand_over(by=house.analyst, shift=entered, note="Hồ Suối Mây xả nước lúc 15 giờ.")
    with pytest.raises(HandOverRefused):
        hand_over(by=house.analyst, shift=entered, note="Once more.")
    for by in (house.analyst, house.officer, house.auditor):
        with pytest.raises(HandOverRefused):
            take_over(by=by, given=given)
    take_over(by=house.leader, given=given)
    with pytest.raises(HandOverRefused):
        take_over(by=house.administrator, given=given)
    kept = HandOver.objects.get()
    assert (kept.taken_by, kept.taken_at) == (house.leader, timezone.now())
    actions = list(AuditRecord.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["shift.entered", "hand-over.given", "hand-over.taken"]


def test_shift_with_a_note_or_over_stays(house: Cast, time_machine):
    entered, later = shift(house), shift(house, begins=8)
    hand_over(by=house.analyst, shift=entered, note="All quiet.")
    with pytest.raises(ShiftRefused):
        remove_shift(by=house.leader, shift=entered)
    with pytest.raises(NotAdministrator):
        remove_shift(by=house.analyst, shift=later)
    remove_shift(by=house.leader, shift=later)
    assert list(DutyShift.objects.all()) == [entered]


def test_roster_page_enters_hands_over_and_takes_out(house: Cast, client: Client):
    client.force_login(house.leader, backend=BACKEND)
    asked = {"office": "H", "person": house.leader.pk, "starts_at": "2026-11-27T08:00", "ends_at": "2026-11-27T17:00"}
    assert client.post("/duty/change", asked).status_code == 302
    assert client.post("/duty/change", asked).status_code == 422
    assert client.post("/duty/change", asked | {"person": "x"}).status_code == 422
    number = DutyShift.objects.get().pk
    assert 'name="note"' in client.get("/duty/").content.decode()
    assert client.post(f"/duty/{number}/hand-over", {"note": "Yên ổn."}).status_code == 302
    client.force_login(house.analyst, backend=BACKEND)
    assert client.post(f"/duty/{number}/hand-over").status_code == 302
    assert HandOver.objects.get().taken_by == house.analyst
    client.force_login(house.officer, backend=BACKEND)
    assert client.get("/duty/?office=H").status_code == 200
    assert client.get("/duty/?office=P2").status_code == 404
