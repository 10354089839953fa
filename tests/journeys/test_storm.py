"""A storm: from the first voices in the evening to the signed brief in the morning, and what is learned a week later.

`--pictures docs/pictures` takes the pictures of the guide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from nhipcau.issues.actions.alerts.rules import AskedRule, make_rule, switch_rule
from nhipcau.issues.actions.briefs.readers import add_reader
from nhipcau.issues.actions.briefs.schedules import add_schedule
from nhipcau.issues.models import Alert, Brief, Issue
from nhipcau.issues.models.issues import Level
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import Task
from nhipcau.running.jobs import all_jobs
from tests.journeys.storm import BEFORE, PAPER, ZONE, Storm
from tests.journeys.visitor import PHONE, House, Visitor

pytestmark = pytest.mark.slow

ANALYST, LEADER = "phantich.s@hoaigiang.example", "lanhdao.s@hoaigiang.example"
READER = "vanphong@hoaigiang.example"
ROAD = "Đường về Lộc Cát còn đi được không"
STRAY = "Xuồng"
NAME = "Ngập lụt ở Lộc Cát và Suối Sến"
LEAD = "Mưa lớn từ tối 29/11 gây ngập ở Lộc Cát và Suối Sến; người dân hỏi nhiều nhất về đường đi và nơi sơ tán."
JOBS = ("voices.silence", "alerts.watching", "alerts.deliveries", "tasks.clocks", "briefs.drafting")


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def work() -> None:
    """What the worker does now."""
    jobs = {job.name: job.work for job in all_jobs()}
    for name in (*JOBS, "mail.send", "tasks.deliveries", "alerts.deliveries", "briefs.deliveries"):
        while jobs[name](timezone.now()):
            pass


def letters(to: str, words: str) -> list[Any]:
    return [one for one in mail.outbox if to in one.to and words in f"{one.subject} {one.body}"]


def shown(visitor: Visitor, name: str, *, is_whole: bool = False) -> None:
    """The page looks well, and is taken for the guide in both languages."""
    house = visitor.house
    for language in ("en", "vi") if house.pictures else ():
        Person.objects.update(language=language)
        house.language = language
        visitor.page.reload()
        visitor.picture(name, is_whole=is_whole)
    visitor.looks_well()


@pytest.mark.timeout(900)  # a night of voices, and pages in two languages where pictures are asked for
def test_a_storm_is_heard_told_briefed_and_looked_back_at(
    open_house: Callable[..., House], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(BEFORE, tick=True) as clock:
        house = open_house()
        storm = begin_evening(tmp_path, monkeypatch)
        analyst = house.visitor()
        analyst.log_in(ANALYST)
        analyst.open(reverse("picture"))
        assert ROAD not in analyst.words

        for hour, minute in ((20, 30), (21, 0), (21, 30)):
            clock.move_to(at(29, hour, minute))
            storm.goes_on(at(29, hour, minute))
            work()
        analyst.sees(ROAD)  # by itself: nobody has loaded the page anew
        shown(analyst, "storm-picture")
        flood = Issue.objects.get(label__startswith=ROAD)
        assert (flood.status, flood.level) == ("new", Level.ALERT)
        assert {"xã Lộc Cát", "xã Suối Sến"} <= {place["name"] for place in flood.places}
        assert flood.open_questions
        shown_issue(analyst, flood)
        told = acknowledge(house)
        call_it(analyst, flood)
        merge_stray_into(analyst, flood)
        directive = send_directive(analyst, flood)

        for hour in (23, 5):
            now = at(29 + (hour < 12), hour, 59)
            clock.move_to(now)
            storm.goes_on(now)
            work()
        # told once; and once more when it rose to urgent
        assert list(Alert.objects.filter(issue=flood).order_by("pk").values_list("level", flat=True)) == [2, 3]
        assert [len(letters(ANALYST, words)) for words in (ROAD, NAME)] == [told, 1]
        now = at(30, 6, 1)
        clock.move_to(now)
        work()
        analyst.open(reverse("picture") + "#part-silent")
        analyst.sees(PAPER)
        shown(analyst, "storm-silent")
        brief = edit_brief(analyst)
        clock.move_to(at(30, 6, 25))
        sign_and_send(house, brief)
        read_brief(brief)

        clock.move_to(at(7, 9, month=12))
        look_back(analyst, flood)
    assert directive.recipients.count() == 2
    actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert actions >= {
        "alert.acknowledged",
        "issue.renamed",
        "issue.absorbed",
        "brief.drafted",
        "brief.edited",
        "brief.signed",
        "brief.sent",
    }


def shown_issue(analyst: Visitor, flood: Issue) -> None:
    """From the picture to the page of the issue."""
    analyst.open(reverse("picture"))
    analyst.page.get_by_role("link", name=flood.label).first.click()
    analyst.page.wait_for_load_state()
    shown(analyst, "storm-issue", is_whole=True)


def acknowledge(house: House) -> int:
    """The letter leads to the alert, on a phone; one tap says that somebody is at it."""
    found = letters(ANALYST, ROAD)
    assert len(found) == 1
    link = next(part for part in str(found[0].body).split() if "/alerts/?letter=" in part)
    phone = house.visitor(PHONE)
    phone.log_in(ANALYST)
    phone.open(link[link.index("/alerts/") :])
    shown(phone, "storm-alert")
    phone.page.get_by_role("button", name="Xác nhận").first.click()
    phone.sees("✔")
    assert Alert.objects.get(issue__label__startswith=ROAD).acknowledged_by == Person.objects.get(email=ANALYST)
    return len(found)


def call_it(analyst: Visitor, flood: Issue) -> None:
    analyst.open(reverse("issue", args=[flood.pk]))
    analyst.open_up("Rename, merge, split, or say that it is no issue")
    analyst.fill("Its name in this house", NAME)
    analyst.press("Rename")
    analyst.sees(NAME)


def merge_stray_into(analyst: Visitor, flood: Issue) -> None:
    """Another issue of the same storm goes into it."""
    stray = Issue.objects.get(label__startswith=STRAY, gone_at=None)
    analyst.open(reverse("issue", args=[stray.pk]))
    analyst.open_up("Rename, merge, split, or say that it is no issue")
    analyst.press("Merge into another")
    analyst.fill("Words, with or without diacritics", "ngap lut")
    analyst.press("Search")
    analyst.sees(NAME)
    shown(analyst, "storm-merge")
    analyst.page.get_by_label(NAME).check()
    analyst.page.get_by_role("button", name="Gộp").click()
    analyst.sees(NAME)
    stray.refresh_from_db()
    assert stray.merged_into_id == flood.pk


def send_directive(analyst: Visitor, flood: Issue) -> Task:
    """From the issue to the points where it is spoken of."""
    analyst.open(reverse("issue", args=[flood.pk]))
    analyst.press("Send a directive from it")
    analyst.page.locator("#id_text").fill("Kiểm tra các điểm ngập, cắm biển cảnh báo, trả lời bà con về đường đi.")
    analyst.page.locator("details summary").last.click()
    for code in ("S0105", "S0106"):
        analyst.page.locator(f"input[name=offices][value='{Office.objects.get(code=code).pk}']").check()
    analyst.press("Look who gets it")
    shown(analyst, "storm-directive")
    analyst.press("Send to %(count)s unit", "Send to %(count)s units", count=2)
    analyst.open(reverse("issue", args=[flood.pk]))
    shown(analyst, "storm-done", is_whole=True)
    return Task.objects.get(origin_kind="issue", origin_ref=str(flood.pk))


def edit_brief(analyst: Visitor) -> Brief:
    """The draft of six o'clock, with a first paragraph by a person."""
    brief = Brief.objects.get()
    assert brief.is_open
    analyst.open(reverse("brief", args=[brief.pk]))
    shown(analyst, "storm-draft")
    analyst.open(reverse("brief_edit", args=[brief.pk]))
    shown(analyst, "storm-edit")
    analyst.page.locator("#id_lead").fill(LEAD)
    analyst.press("Save")
    analyst.sees(LEAD)
    return brief


def sign_and_send(house: House, brief: Brief) -> None:
    """The leader reads exactly what goes out, signs it, and sends it."""
    leader = house.visitor()
    leader.log_in(LEADER)
    leader.open(reverse("brief_sign", args=[brief.pk]))
    leader.sees(LEAD)
    shown(leader, "storm-sign")
    leader.page.get_by_role("button", name="Ký").first.click()
    leader.page.wait_for_load_state()
    leader.press("Send to the readers")
    work()
    shown(leader, "storm-brief")


def read_brief(brief: Brief) -> None:
    """It reaches its readers as a letter with the PDF."""
    for to in (LEADER, READER):
        letter: EmailMessage = letters(to, "Bản tin dư luận")[-1]
        assert LEAD in letter.alternatives[0][0]
        _name, content, kind = letter.attachments[0]
        assert (kind, content[:5]) == ("application/pdf", b"%PDF-")
    assert set(brief.deliveries.values_list("outcome", flat=True)) == {"sent"}


def look_back(analyst: Visitor, flood: Issue) -> None:
    """A week later: the picture as it was, and when they could have known."""
    analyst.open(f"{reverse('picture')}?at=2026-11-29T22:00")
    analyst.sees(NAME)
    shown(analyst, "storm-past")
    analyst.open(f"{reverse('issue', args=[flood.pk])}?days=30#known")
    shown(analyst, "storm-known")


def begin_evening(folder: Path, patch: pytest.MonkeyPatch) -> Storm:
    """What a centre has set up before: rules, readers, the hour of the brief."""
    Office.objects.update(is_sample=False)  # of a sample nothing leaves the house
    analyst = Person.objects.get(email=ANALYST)
    asked = AskedRule(
        name="Mưa bão, ngập lụt",
        what="level",
        level=Level.ALERT,
        words="ngập, lụt, lũ",
        people_told=[analyst],
        group_minutes=0,
    )
    switch_rule(by=analyst, rule=make_rule(by=analyst, asked=asked), on=True)
    leader = Person.objects.get(email=LEADER)
    add_reader(by=analyst, person=leader, email="", name="", language="vi", wants_pdf=True)
    add_reader(by=analyst, person=None, email=READER, name="Văn phòng UBND", language="vi", wants_pdf=True)
    add_schedule(by=analyst, at=at(30, 6).time(), days=range(7), hours=24)
    return Storm(hub=Office.objects.get(kind=OfficeKind.HUB), folder=folder, patch=patch)
