"""A whole day: a directive to 40 points, from the leader's desk to the phones of communes and the auditor's eyes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
import time_machine
from django.core import mail
from PIL import Image, ImageDraw

from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_clocks import Reminder
from nhipcau.network.models.tasks import Acknowledgement, Task, TaskRecipient
from nhipcau.network.queries.audit_proof import prove
from nhipcau.running.jobs import all_jobs
from tests.journeys.visitor import PHONE, House, Visitor

pytestmark = pytest.mark.slow

LEADER, AREA, OFFICER = "lanhdao.s@hoaigiang.example", "canbo.kv2@hoaigiang.example", "canbo.s0101@hoaigiang.example"
AUDITOR, ANALYST = "giamsat.s@hoaigiang.example", "phantich.s@hoaigiang.example"
WORDS = {
    "title": ("Rà soát hộ dân vùng trũng trước đợt mưa lớn", "Check households in low ground before the heavy rain"),
    "text": (
        "Rà soát các hộ ở vùng trũng, báo số hộ cần hỗ trợ di dời và gửi ảnh điểm ngập thường xuyên.",
        "Go through the households in low ground, report how many need help to move, and send a photo of the spots "
        "that flood most often.",
    ),
    "why": ("Dự báo mưa lớn từ tối 01/12.", "Heavy rain is forecast from the evening of 1 December."),
}
LINK = re.compile(r"https?://\S+(/a/\S+)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def at(hour: int, minute: int = 0, day: int = 30) -> datetime:
    """A moment of Monday, 30 November 2026, or of the day after."""
    month = 11 if day > 20 else 12
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def work(now: datetime) -> None:
    """What the worker does at this moment: clocks, mail, what became of it."""
    jobs = {job.name: job.work for job in all_jobs()}
    for name in ("tasks.clocks", "mail.send", "tasks.deliveries"):
        while jobs[name](now):
            pass


def photo() -> bytes:
    """A photo as a phone makes it, large and with the place in it."""
    image = Image.new("RGB", (1600, 1200), (122, 140, 150))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 700, 1600, 1200), fill=(96, 110, 104))
    draw.polygon([(500, 700), (800, 380), (1100, 700)], fill=(150, 90, 70))
    draw.rectangle((560, 700, 1040, 900), fill=(225, 215, 190))
    exif = Image.Exif()
    exif[0x010F] = "a phone"
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_day_of_the_centre(open_house: Callable[..., House], language: str) -> None:
    which = 0 if language == "vi" else 1
    with time_machine.travel(at(7, 30), tick=True):
        house = open_house(language=language)
        leader = house.visitor()
        task = send(house, leader, which)
        work(at(7, 32))
    recipients = list(TaskRecipient.objects.filter(task=task).select_related("office").order_by("office__code"))
    assert len(recipients) == 40

    with time_machine.travel(at(8, 0), tick=True):
        phone = house.visitor(PHONE)
        acknowledge_on_a_phone(phone)
        by_link(house, recipients[1:10])
        for recipient in recipients[10:30]:
            acknowledge_task(by=officer_of(recipient.office), recipient=recipient)
        by_proxy(leader, recipients[30])
        return_two(house, recipients[31:33])
        leader.open(f"/tasks/{task.pk}/board")
        leader.picture("day-board")
    states = list(TaskRecipient.objects.filter(task=task).values_list("state", flat=True))
    assert states.count("acknowledged") == 31
    assert states.count("returned") == 2
    assert Acknowledgement.objects.filter(recipient__task=task, route="link").count() == 9
    assert Acknowledgement.objects.filter(recipient__task=task, route="proxy").count() == 1

    with time_machine.travel(at(14, 0), tick=True):
        # sent at 7:30 with four working hours to acknowledge: 7:30–11:30; the noon rest and the night do not count
        work(at(14, 0))
        escalated = Reminder.objects.filter(recipient__task=task, kind="acknowledge_escalation")
        assert escalated.count() == 7
        area = house.visitor()
        area.log_in(AREA)
        area.open(f"/tasks/{task.pk}/board?layout=table")
        area.picture("day-area")

    with time_machine.travel(at(15, 0), tick=True):
        hand_in_from_a_phone(phone, recipients[0], which)
        leader.open(f"/received/{recipients[0].pk}/")
        leader.picture("day-evidence", is_whole=True)
        leader.press("Verify the evidence")
        leader.sees(house.say("Verified"))
    recipients[0].refresh_from_db()
    assert recipients[0].state == "verified"
    assert recipients[0].verified_by_id != recipients[0].submitted_by_id

    with time_machine.travel(at(16, 30), tick=True):
        follow_as_auditor(house)
    assert prove().holds


def send(house: House, leader: Visitor, which: int) -> Task:
    """The leader writes a directive, looks who gets it, and sends it."""
    leader.open("/account/login/")
    leader.picture("day-log-in")
    leader.log_in(LEADER)
    leader.open("/tasks/new")
    leader.fill("Title", WORDS["title"][which])
    leader.page.locator("#id_text").fill(WORDS["text"][which])
    leader.page.locator("#id_why").fill(WORDS["why"][which])
    for area in ("KV1", "KV2"):
        leader.page.locator(f"input[name=areas][value='{Office.objects.get(code=area).pk}']").check()
    leader.page.locator("details summary").last.click()
    for code in ("S0501", "S0502", "S0701", "S0702"):
        leader.page.locator(f"input[name=offices][value='{Office.objects.get(code=code).pk}']").check()
    leader.page.evaluate("window.scrollTo(0, 0)")
    leader.picture("day-write")
    leader.press("Look who gets it")
    leader.picture("day-who")
    leader.press("Send to %(count)s unit", "Send to %(count)s units", count=40)
    leader.sees(WORDS["title"][which])
    return Task.objects.get(title=WORDS["title"][which])


def acknowledge_on_a_phone(phone: Visitor) -> None:
    """A commune officer sees what is new and takes note with one thumb."""
    phone.log_in(OFFICER)
    phone.open("/received/")
    phone.picture("day-phone")
    phone.press("Acknowledge")
    phone.looks_well()


def by_link(house: House, recipients: list[TaskRecipient]) -> None:
    """Nine take note by the link of their e-mail, after a scanner has opened it; one of them in a browser."""
    for place, recipient in enumerate(recipients):
        officer = officer_of(recipient.office)
        letter = next(one for one in mail.outbox if officer.email in one.to and LINK.search(str(one.body)))
        found = LINK.search(str(letter.body))
        assert found is not None
        httpx.get(house.address + found[1])  # what a mail filter does
        if place == 0:
            reader = house.visitor(PHONE)
            reader.open(found[1])
            reader.picture("day-link")
            reader.press("Acknowledge")
            reader.looks_well()
            continue
        with httpx.Client(base_url=house.address) as client:
            token = TOKEN.search(client.get(found[1]).text)
            assert token is not None
            answer = client.post(found[1], data={"csrfmiddlewaretoken": token[1]}, follow_redirects=True)
            assert answer.status_code == 200


def by_proxy(leader: Visitor, recipient: TaskRecipient) -> None:
    """A point is called on the telephone, and the leader records who took note."""
    leader.open(f"/received/{recipient.pk}/")
    leader.open_up("Record an acknowledgement by proxy")
    leader.page.locator("#proxy-name").fill(officer_of(recipient.office).name)
    leader.page.locator("#proxy-note").fill("Gọi điện lúc 08:20")
    leader.picture("day-proxy")
    leader.page.locator("#proxy-note").press("Enter")
    leader.page.wait_for_load_state()


def return_two(house: House, recipients: list[TaskRecipient]) -> None:
    """Two points say why they cannot."""
    for place, recipient in enumerate(recipients):
        point = house.visitor(PHONE)
        point.log_in(officer_of(recipient.office).email)
        point.open(f"/received/{recipient.pk}/")
        point.press("Acknowledge")
        point.open(f"/received/{recipient.pk}/")
        point.page.locator("details.action summary").last.click()
        point.page.locator("#reason-return").fill("Địa bàn đồi dốc, không có vùng trũng.")
        if place == 0:
            point.page.locator("#reason-return").scroll_into_view_if_needed()
            point.picture("day-return")
        point.page.locator("form", has=point.page.locator("#reason-return")).get_by_role("button").click()
        point.page.wait_for_load_state()


def hand_in_from_a_phone(phone: Visitor, recipient: TaskRecipient, which: int) -> None:
    """The officer takes it on, begins, and hands in a photo and a number."""
    for words in ("Take it on", "Begin"):
        phone.open(f"/received/{recipient.pk}/")
        phone.press(words)
    phone.open(f"/received/{recipient.pk}/")
    phone.hand_in("photo", "IMG_0417.jpg", photo(), "image/jpeg")
    phone.page.locator("#count").fill("27")
    phone.page.locator("#count_of").fill(("hộ cần hỗ trợ di dời", "households that need help to move")[which])
    phone.page.locator("#photo").scroll_into_view_if_needed()
    phone.picture("day-hand-in")
    phone.press("Hand in")
    phone.looks_well()


def follow_as_auditor(house: House) -> None:
    """The auditor reads what happened and has the chain proved; changing is not theirs."""
    auditor = house.visitor()
    auditor.log_in(AUDITOR)
    auditor.open("/audit/")
    auditor.picture("day-audit")
    auditor.press("Prove all")
    auditor.picture("day-proof")


def officer_of(office: Office) -> Person:
    return Person.objects.get(memberships__office=office, memberships__role="officer")
