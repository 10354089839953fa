"""An alert from its rule to its acknowledgement, in a real browser: at a desk, then on a phone at night.

`--pictures docs/pictures` takes the pictures of the guide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from nhipcau.issues.actions.alerts.watching import watch
from nhipcau.issues.models import Alert, AlertRule, Issue, IssueMoment
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office
from nhipcau.running.models import OutgoingMail
from tests.journeys.visitor import PHONE, House

pytestmark = pytest.mark.slow

ANALYST, LEADER = "phantich.s@hoaigiang.example", "lanhdao.s@hoaigiang.example"


def at(hour: int, minute: int = 0, *, day: int = 30) -> datetime:
    """A moment of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def make_issue(label: str, *, begun: datetime, **values: Any) -> Issue:
    given = {"first_seen_at": begun, "last_seen_at": begun, "changed_at": begun, "voices": 90, "distinct_authors": 62}
    return Issue.objects.create(label=label, **(given | values))


def make_past() -> list[Issue]:
    """Issues of the last days, with how they stood at some hours."""
    place = [
        {"code": "90001", "name": "Xã Suối Sến", "voices": 40, "ambiguous": []},
        {"code": "90002", "name": "Phường Bến Hoa", "voices": 9, "ambiguous": []},
    ]
    water = make_issue("nước máy đục, có mùi", begun=at(6, day=26), places=place[:1], place_codes="|90001|")
    school = make_issue("lịch nghỉ học vì mưa lớn", begun=at(15, day=28), places=place, open_questions=24)
    for issue, levels in ((water, {0: 1, 5: 2, 9: 3, 30: 2, 55: 3}), (school, {0: 1, 3: 2, 20: 1, 26: 2})):
        for hours, level in levels.items():
            moment = issue.first_seen_at + timedelta(hours=hours)
            IssueMoment.objects.create(issue=issue, at=moment, heat=30, level=level, status="growing", voices=60)
    return [water, school]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_alert_is_tried_switched_on_told_and_acknowledged(open_house: Callable[..., House], language: str) -> None:
    with time_machine.travel(at(9), tick=True) as clock:
        house = open_house(language=language)
        Office.objects.update(is_sample=False)  # of a sample nothing leaves the house
        water, school = make_past()
        analyst = house.visitor()
        analyst.log_in(ANALYST)
        analyst.open(reverse("alert_list"))
        analyst.looks_well()
        analyst.press("To the rules")
        analyst.picture("alerts-offers")
        analyst.press("Make these rules")
        analyst.looks_well()
        rule = AlertRule.objects.get(what="level")
        analyst.press(rule.name)
        analyst.press("Try it on the past")
        analyst.sees(house.say("Letters a day"))
        analyst.picture("alerts-trial", is_whole=True)
        analyst.press("Back to the rule")
        analyst.press("Switch it on")
        analyst.press("Send a test letter")
        analyst.picture("alerts-rule")
        analyst.open(reverse("alert_rule_edit", args=[rule.pk]))
        analyst.open_up("Roles at the hub")
        analyst.picture("alerts-form", is_whole=True)
        phone = house.visitor(PHONE, has_script=False)
        phone.log_in(LEADER)
        for address in (reverse("alert_rule_list"), reverse("alert_rule", args=[rule.pk]), reverse("alert_rule_new")):
            phone.open(address)
            phone.looks_well()

        clock.move_to(at(23, 40))
        now = at(23, 40)
        levels = {"level": 3, "level_since": now, "status": "growing", "changed_at": now, "last_seen_at": now}
        Issue.objects.filter(pk__in=[water.pk, school.pk]).update(**levels)
        assert watch(now) > 0
        mail = OutgoingMail.objects.filter(key__startswith="alert-").exclude(key__startswith="alert-test").get()
        letter = mail.text[mail.text.index("/alerts/?letter=") :].split()[0]
        phone.open(letter)
        phone.picture("alerts-phone", is_whole=True)
        phone.press("Acknowledge %(count)s", "Acknowledge all %(count)s", count=2)
        phone.sees(house.say("Acknowledged by %(name)s at %(at)s", name="", at="")[:8].strip())
        phone.looks_well()
        assert not Alert.objects.filter(acknowledged_at__isnull=True).exists()
        assert watch(at(23, 59)) == 0  # nobody else is woken
        dark = house.visitor(PHONE, is_dark=True)
        dark.log_in(ANALYST)
        for address in ("?show=all", "rules/", f"rules/{rule.pk}/trial?days=30"):
            dark.open(reverse("alert_list") + address)
            dark.looks_well()
    assert set(AuditRecord.objects.values_list("action", flat=True)) >= {
        "alert-rule.made",
        "alert-rule.switched-on",
        "alert-rule.tested",
        "alert.acknowledged",
    }
