"""Sending a directive: who may, to whom, once, and all that is written with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.network.tasks.cast import Cast, directive, fresh, issue

from nhipcau.network.actions.tasks.errors import KeyUsedOtherwise, NoRecipients, NotYours, OutOfReach, TaskInvalid
from nhipcau.network.actions.tasks.issuing import issue_directive, preview_directive
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import Office, OfficeGroup
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.task_mail import OneTimeLink, TaskMail
from nhipcau.network.models.tasks import RecipientEvent, Task, TaskRecipient
from nhipcau.network.queries.audience import Audience
from nhipcau.running.models import OutgoingMail

KEY = "one-form-one-key"


def test_directive_is_stored_with_recipients_events_clocks_links_and_mail(cast: Cast) -> None:
    before = AuditRecord.objects.count()
    task = issue(cast, offices=cast.points)
    assert task.issuing_office == cast.hub
    recipients = TaskRecipient.objects.filter(task=task)
    assert {(one.office.code, one.state, one.area.code) for one in recipients.select_related("office", "area")} == {
        ("P1", "sent", "N"),
        ("P2", "sent", "N"),
        ("P3", "sent", "N"),
        ("P4", "sent", "S"),
    }
    assert RecipientEvent.objects.filter(task=task, to_state="sent", by=cast.leader).count() == 4
    assert TaskClock.objects.filter(recipient__task=task).count() == 16
    # two people of P1, one of P2, the address of P3; nobody at P4
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [
        "colleague@example.vn",
        "neighbour@example.vn",
        "officer@example.vn",
        "p3@example.vn",
    ]
    assert OneTimeLink.objects.count() == TaskMail.objects.count() == 4
    assert AuditRecord.objects.count() == before + 1


@pytest.mark.parametrize("part", ["officer", "auditor", "administrator", "stranger"])
def test_who_does_not_direct_cannot_send(cast: Cast, part: str) -> None:
    with pytest.raises(NotYours):
        issue(cast, by=getattr(cast, part))
    assert not Task.objects.exists()


def test_area_sends_to_its_points_only(cast: Cast) -> None:
    task = issue(cast, by=cast.area_officer, offices=cast.points[:2])
    assert task.issuing_office == cast.north
    with pytest.raises(OutOfReach):
        issue(cast, by=cast.area_officer, offices=cast.points)
    assert Task.objects.count() == 1


def test_choices_that_meet_reach_a_unit_once(cast: Cast) -> None:
    group = OfficeGroup.objects.create(name="Ven sông", owner=cast.hub)
    group.members.set([cast.points[0], cast.points[3]])
    audience = Audience(
        offices=frozenset({cast.points[0].pk}),
        areas=frozenset({cast.north.pk}),
        roles=frozenset({"officer"}),
        groups=frozenset({group.pk}),
    )
    units = preview_directive(by=cast.leader, audience=audience)
    assert sorted(unit.office.code for unit in units) == ["N", "P1", "P2", "P3", "P4", "S"]
    role_of = {unit.office.code: unit.role for unit in units}
    assert role_of["P1"] == ""  # chosen by itself, so addressed as a whole
    assert role_of["N"] == "officer"


def test_role_addresses_only_its_people(cast: Cast) -> None:
    units = preview_directive(by=cast.leader, audience=Audience(roles=frozenset({"leader"})))
    assert [(unit.office.code, [address.email for address in unit.addresses]) for unit in units] == [
        ("P1", ["colleague@example.vn"])
    ]


def test_group_of_another_office_is_not_used(cast: Cast) -> None:
    group = OfficeGroup.objects.create(name="Riêng", owner=cast.south)
    group.members.set(cast.points)
    with pytest.raises(NoRecipients):
        preview_directive(by=cast.leader, audience=Audience(groups=frozenset({group.pk})))


def test_same_key_makes_one_directive(cast: Cast) -> None:
    due_at = timezone.now() + timedelta(days=2)
    first = issue(cast, key=KEY, due_at=due_at)
    audits = AuditRecord.objects.count()
    again = issue(cast, key=KEY, due_at=due_at, by=fresh(cast.leader))
    assert again.pk == first.pk
    assert (Task.objects.count(), TaskRecipient.objects.count(), OutgoingMail.objects.count()) == (1, 1, 2)
    assert AuditRecord.objects.count() == audits


def test_same_key_for_other_words_is_refused(cast: Cast) -> None:
    issue(cast, key=KEY)
    with pytest.raises(KeyUsedOtherwise):
        issue(cast, key=KEY, title="Khác")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": ""}, "text"),
        ({"why": "x" * 5001}, "why"),
        ({"due_at": timezone.now() - timedelta(minutes=1)}, "due_at"),
        ({"due_at": timezone.now() + timedelta(days=800)}, "due_at"),
        ({"acknowledge_minutes": 0}, "acknowledge_minutes"),
        ({"origin_kind": "dream"}, "origin_kind"),
        ({"key": "short"}, "key"),
    ],
)
def test_invalid_field_is_named_and_nothing_is_written(cast: Cast, values: dict[str, object], field: str) -> None:
    with pytest.raises(TaskInvalid) as refusal:
        issue(cast, **values)
    assert refusal.value.values["field"] == field
    assert not Task.objects.exists()


def test_nobody_addressed_is_refused(cast: Cast) -> None:
    with pytest.raises(NoRecipients):
        issue_directive(by=cast.leader, directive=directive(), audience=Audience(), key=KEY)


def test_number_of_queries_does_not_grow_with_the_units(cast: Cast) -> None:
    def count(offices: list[Office]) -> int:
        with CaptureQueriesContext(connection) as queries:
            issue(cast, offices=offices, by=fresh(cast.leader))
        return len(queries)

    assert count(cast.points[1:3]) == count(cast.points[:3])
