"""The directives of the sample province: in every state, the same each time, made once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.sample_directives import make_sample_directives
from nhipcau.network.actions.sample_province import LOG_INS, make_sample_province
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_clocks import Reminder
from nhipcau.network.models.tasks import Acknowledgement, RecipientEvent, TaskRecipient
from nhipcau.network.queries.tasks import received
from nhipcau.network.taskstates import State
from nhipcau.running.models import OutgoingMail

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.mark.django_db
def test_sample_has_directives_in_every_state_and_is_made_once() -> None:
    make_sample_province(password="sample-password")
    tasks = make_sample_directives(now=NOW)
    states = {task.idempotency_key: Counter(task.recipients.values_list("state", flat=True)) for task in tasks}
    assert set().union(*states.values()) == set(State)
    dam = states["sample-dam"]
    assert sum(dam.values()) == 150
    unacknowledged = dam["sent"] + dam["delivered"] + dam["opened"]
    assert unacknowledged == 75
    assert TaskRecipient.objects.filter(task__in=tasks, settled_at=None, due_at__lt=NOW, state="in_progress").exists()
    assert set(Acknowledgement.objects.values_list("route", flat=True)) == {"log_in", "link", "proxy"}
    assert not OutgoingMail.objects.exists()
    assert RecipientEvent.objects.filter(at__gt=NOW).count() == 0
    counts = (AuditRecord.objects.count(), RecipientEvent.objects.count(), Reminder.objects.count())
    assert make_sample_directives(now=NOW) == tasks
    assert counts == (AuditRecord.objects.count(), RecipientEvent.objects.count(), Reminder.objects.count())
    officer = Person.objects.get(email=LOG_INS["officer"])
    lists = received(standing_of(officer).works_at, now=NOW)
    assert [entry.recipient.task.idempotency_key for entry in lists.new] == ["sample-dam"]
    assert any(entry.is_overdue for entry in lists.at_work)
