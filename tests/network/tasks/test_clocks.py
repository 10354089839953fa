"""Clocks of directives: wound on working hours, rung once however late, stopped, paused and resumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of

from nhipcau.network.actions.tasks import clocks, moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.actions.tasks.clocks import pause_clocks, resume_clocks, ring
from nhipcau.network.actions.tasks.errors import NotYours, PauseRefused, ReasonMissing
from nhipcau.network.actions.tasks.issuing import send_task_again
from nhipcau.network.jobs.tasks import note_deliveries, ring_due_clocks
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.task_clocks import ClockPause, Reminder, TaskClock
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.network.queries.board import is_overdue
from nhipcau.running.models import MailState, OutgoingMail

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY_AFTERNOON = datetime(2026, 11, 27, 16, 0, tzinfo=VIETNAM)  # an hour before the week ends at 17:00
WEDNESDAY = datetime(2026, 12, 2, 17, 0, tzinfo=VIETNAM)


@pytest.fixture
def friday() -> Iterator[time_machine.Traveller]:
    """It is Friday, four o'clock, and the clock stands still."""
    with time_machine.travel(FRIDAY_AFTERNOON, tick=False) as traveller:
        yield traveller


def hours(recipient: TaskRecipient) -> dict[str, str]:
    """When the waiting clocks ring, as a Vietnamese clock shows it."""
    waiting = TaskClock.objects.filter(recipient=recipient, state="waiting")
    return {clock.kind: f"{clock.rings_at.astimezone(VIETNAM):%a %H:%M}" for clock in waiting}


def work(moment: datetime, traveller: time_machine.Traveller) -> list[str]:
    """Let the worker run at a moment; give what rang since."""
    traveller.move_to(moment, tick=False)
    known = set(Reminder.objects.values_list("pk", flat=True))
    ring_due_clocks(timezone.now())
    return list(Reminder.objects.exclude(pk__in=known).order_by("id").values_list("kind", flat=True))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026; day 0 is the 30th of November."""
    return datetime(2026, 11, 30, hour, minute, tzinfo=VIETNAM) + timedelta(days=day)


def test_clocks_count_working_hours_over_the_weekend(cast: Cast, friday: time_machine.Traveller) -> None:
    recipient = recipient_of(issue(cast, due_at=WEDNESDAY))
    # 07:00 to 11:30 and 13:30 to 17:00
    assert hours(recipient) == {
        "acknowledge_reminder": "Mon 08:00",
        "acknowledge_escalation": "Mon 10:00",
        "due_reminder": "Wed 11:00",
        "due_escalation": "Thu 07:01",
    }


def test_urgent_clocks_count_every_hour(cast: Cast, friday: time_machine.Traveller) -> None:
    recipient = recipient_of(issue(cast, due_at=FRIDAY_AFTERNOON + timedelta(hours=12), is_urgent=True))
    assert hours(recipient) == {
        "acknowledge_reminder": "Fri 18:00",
        "acknowledge_escalation": "Fri 20:00",
        "due_reminder": "Sat 00:00",
        "due_escalation": "Sat 04:01",
    }


def test_each_clock_rings_at_its_hour_and_once(cast: Cast, friday: time_machine.Traveller) -> None:
    recipient = recipient_of(issue(cast, due_at=WEDNESDAY))
    OutgoingMail.objects.all().delete()
    assert work(at(0, 7, 59), friday) == []
    assert work(at(0, 8, 0), friday) == ["acknowledge_reminder"]
    assert work(at(0, 8, 1), friday) == []
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {"officer@example.vn", "colleague@example.vn"}
    audits = AuditRecord.objects.count()
    assert work(at(0, 10), friday) == ["acknowledge_escalation"]
    assert AuditRecord.objects.count() == audits + 1
    assert recipient_of(recipient.task).escalated_at == at(0, 10)
    escalated = OutgoingMail.objects.filter(key__contains="escalation").values_list("to", flat=True)
    assert set(escalated) == {"north@example.vn", "leader@example.vn", "analyst@example.vn"}
    assert ring_due_clocks(timezone.now()) == 0


def test_worker_that_was_down_for_days_loses_and_doubles_nothing(cast: Cast, friday: time_machine.Traveller) -> None:
    task = issue(cast, due_at=WEDNESDAY, offices=cast.points[:2])
    acknowledge_task(by=cast.neighbour, recipient=recipient_of(task, cast.points[1]))
    rung = work(at(8, 9), friday)
    # everything for the silent unit, only what concerns the due time for the other one
    assert sorted(rung) == [
        "acknowledge_escalation",
        "acknowledge_reminder",
        "due_escalation",
        "due_escalation",
        "due_reminder",
        "due_reminder",
    ]
    for reminder in Reminder.objects.all():
        assert reminder.at == at(8, 9)
        assert reminder.was_due_at < reminder.at
    mails = OutgoingMail.objects.count()
    assert ring_due_clocks(timezone.now()) == 0
    assert (OutgoingMail.objects.count(), Reminder.objects.count()) == (mails, 6)


def test_two_workers_ring_a_clock_once(cast: Cast, friday: time_machine.Traveller) -> None:
    issue(cast, due_at=WEDNESDAY)
    clock = TaskClock.objects.get(kind="acknowledge_reminder")
    assert ring(clock.pk, now=at(1, 9))
    assert not ring(clock.pk, now=at(1, 9))
    assert Reminder.objects.count() == 1


def test_clock_whose_ringing_was_cut_off_rings_later(
    cast: Cast, friday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(cast, due_at=WEDNESDAY)

    def cut_off(*args: object, **values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(clocks.letters, "tell_of_clock", cut_off)
        friday.move_to(at(0, 8), tick=False)
        with pytest.raises(KeyboardInterrupt):
            ring_due_clocks(timezone.now())
    assert not Reminder.objects.exists()
    assert work(at(0, 8, 5), friday) == ["acknowledge_reminder"]


def test_acknowledging_stops_its_clocks_and_handing_in_the_others(cast: Cast, friday: time_machine.Traveller) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast, due_at=WEDNESDAY)), "acknowledged")
    assert set(hours(recipient)) == {"due_reminder", "due_escalation"}
    bring_back = bring_to(cast, recipient_of(issue(cast, due_at=WEDNESDAY)), "submitted")
    assert hours(bring_back) == {}
    moves.send_evidence_back(by=cast.leader, recipient=bring_back, reason="Thiếu ảnh.")
    assert set(hours(bring_back)) == {"due_reminder", "due_escalation"}


def test_pause_keeps_the_working_time_that_is_left(cast: Cast, friday: time_machine.Traveller) -> None:
    recipient = recipient_of(issue(cast, due_at=WEDNESDAY))
    friday.move_to(at(0, 9), tick=False)  # an hour before the escalation, with the reminder overdue but not yet rung
    pause_clocks(by=cast.area_officer, recipient=recipient, reason="Xã đang chống bão.")
    assert hours(recipient) == {}
    assert work(at(3, 9), friday) == []
    assert not is_overdue(recipient_of(recipient.task), now=at(3, 9))
    resume_clocks(by=cast.area_officer, recipient=recipient)
    # three working days later, the same hours are left
    assert hours(recipient) == {
        "acknowledge_reminder": "Thu 09:00",
        "acknowledge_escalation": "Thu 10:00",
        "due_reminder": "Mon 11:00",
        "due_escalation": "Tue 07:01",
    }
    assert recipient_of(recipient.task).due_at == at(7, 17)
    assert ClockPause.objects.get().reason == "Xã đang chống bão."


def test_pause_is_refused_to_the_unit_without_reason_and_twice(cast: Cast) -> None:
    recipient = recipient_of(issue(cast))
    with pytest.raises(NotYours):
        pause_clocks(by=cast.officer, recipient=recipient, reason="Bận.")
    with pytest.raises(ReasonMissing):
        pause_clocks(by=cast.leader, recipient=recipient, reason=" ")
    with pytest.raises(PauseRefused):
        resume_clocks(by=cast.leader, recipient=recipient)
    audits = AuditRecord.objects.count()
    pause_clocks(by=cast.leader, recipient=recipient, reason="Bão.")
    with pytest.raises(PauseRefused):
        pause_clocks(by=cast.leader, recipient=recipient, reason="Bão.")
    with pytest.raises(NotYours):
        resume_clocks(by=cast.officer, recipient=recipient)
    resume_clocks(by=cast.leader, recipient=recipient)
    assert AuditRecord.objects.count() == audits + 2


def test_withdrawn_while_paused_leaves_no_open_pause(cast: Cast) -> None:
    recipient = recipient_of(issue(cast))
    pause_clocks(by=cast.leader, recipient=recipient, reason="Bão.")
    moves.withdraw_from(by=cast.leader, recipient=recipient, reason="Gửi nhầm.")
    assert ClockPause.objects.get().until_at is not None
    assert not TaskClock.objects.filter(state__in=["waiting", "paused"]).exists()


def test_sent_again_winds_new_clocks_and_silences_the_old(cast: Cast, friday: time_machine.Traveller) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast, due_at=WEDNESDAY)), "returned")
    friday.move_to(at(1, 8), tick=False)
    send_task_again(by=cast.leader, recipient=recipient, reason="Đã thêm người.", due_at=at(4, 17))
    assert hours(recipient_of(recipient.task)) == {
        "acknowledge_reminder": "Tue 10:00",
        "acknowledge_escalation": "Tue 14:00",
        "due_reminder": "Fri 11:00",
        "due_escalation": "Mon 07:01",
    }
    assert work(at(1, 10), friday) == ["acknowledge_reminder"]


def test_mail_that_went_out_delivers_its_recipient(cast: Cast) -> None:
    task = issue(cast, offices=cast.points)
    first = TaskMail.objects.filter(recipient__office=cast.points[0]).order_by("id")[0]
    OutgoingMail.objects.filter(key=first.key).update(state=MailState.SENT)
    refused = TaskMail.objects.get(recipient__office=cast.points[2])
    OutgoingMail.objects.filter(key=refused.key).update(state=MailState.UNCERTAIN)
    audits = AuditRecord.objects.count()
    assert note_deliveries(timezone.now()) == 2
    assert note_deliveries(timezone.now()) == 0
    states = dict(TaskRecipient.objects.filter(task=task).values_list("office__code", "state"))
    assert states == {"P1": "delivered", "P2": "sent", "P3": "sent", "P4": "sent"}
    assert AuditRecord.objects.count() == audits + 1
    assert TaskMail.objects.get(pk=refused.pk).outcome == "uncertain"


def test_delivery_after_the_acknowledgement_moves_nothing_back(cast: Cast) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "acknowledged")
    OutgoingMail.objects.update(state=MailState.SENT)
    assert note_deliveries(timezone.now()) == 2
    assert recipient_of(recipient.task).state == "acknowledged"
