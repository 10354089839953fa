"""A directive is corrected after it was sent: the leader writes what changed, a unit reads it and acknowledges anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from nhipcau.network.actions.sample_directives import make_sample_directives
from nhipcau.network.actions.sample_province import LOG_INS
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.network.queries.seats import seats_of
from nhipcau.network.taskstates import State
from tests.journeys.visitor import PHONE, House

pytestmark = pytest.mark.slow
CHANGED = "Chỉ còn giếng công cộng; thêm một ngày."


def test_correction_reaches_the_unit_that_had_acknowledged(open_house: Callable[..., House]) -> None:
    house = open_house()
    make_sample_directives(now=timezone.now())
    officer = Person.objects.get(email=LOG_INS["officer"])
    offices = seats_of(officer, on=timezone.localdate()).values("office")
    at_work = [State.ACKNOWLEDGED, State.ACCEPTED, State.IN_PROGRESS]
    recipient = TaskRecipient.objects.filter(office__in=offices, state__in=at_work).order_by("pk")[0]

    desk = house.visitor()
    desk.log_in(LOG_INS["leader"])
    desk.open(f"/tasks/{recipient.task_id}/")
    desk.press("Correct")
    desk.looks_well()
    desk.fill("What changed", CHANGED)
    desk.fill("What is to be done", "Kiểm tra các giếng công cộng và báo kết quả.")
    desk.press("Correct it and tell the units")
    desk.sees(CHANGED)
    desk.looks_well()

    phone = house.visitor(PHONE, has_script=False)
    phone.log_in(officer.email)
    phone.open(f"/received/{recipient.pk}/")
    phone.sees(CHANGED)
    phone.looks_well()
    phone.press("Acknowledge the correction")
    assert phone.page.get_by_role("button", name=house.say("Acknowledge the correction")).count() == 0
    desk.open(f"/tasks/{recipient.task_id}/board?layout=table")
    desk.looks_well()
    assert recipient.acknowledgements.filter(version=2, person=officer).count() == 1
