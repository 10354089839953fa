"""Three years of directives: 150 recipients each, all settled but the newest, with their events, clocks and e-mails.

Rows are written straight into the tables: what is measured is reading them, and the actions would take an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from nhipcau.network.models.offices import Office, OfficeLink
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import Task, TaskRecipient

OPEN_TASKS = 20
DAYS = 3 * 365
_OPEN_STATES = ("sent", "delivered", "opened", "acknowledged", "accepted", "in_progress", "submitted", "returned")
_WAY = ("sent", "delivered", "opened", "acknowledged", "accepted", "in_progress", "submitted", "verified", "closed")
_CLOCKS = ("acknowledge_reminder", "acknowledge_escalation", "due_reminder", "due_escalation")


def make_history(
    *, points: Sequence[Office], by: Person, hub: Office, recipients: int, now: datetime, origin: str
) -> Task:
    """Write the history; the newest 30 came from an issue. Give a directive that is still open at all points."""
    count = max(recipients // len(points), OPEN_TASKS + 1)
    tasks = Task.objects.bulk_create(
        (_task(number, count=count, by=by, hub=hub, now=now, origin=origin) for number in range(count)), batch_size=500
    )
    areas = dict(OfficeLink.objects.filter(kind="area", until_on=None).values_list("office_id", "parent_id"))
    for start in range(0, count, 20):
        TaskRecipient.objects.bulk_create(
            (
                _recipient(
                    task,
                    office,
                    area_id=areas.get(office.pk),
                    number=number,
                    is_open=start + place >= count - OPEN_TASKS,
                )
                for place, task in enumerate(tasks[start : start + 20])
                for number, office in enumerate(points)
            ),
            batch_size=900,
        )
    _write_what_happened(by)
    return tasks[-1]


def _task(number: int, *, count: int, by: Person, hub: Office, now: datetime, origin: str) -> Task:
    sent_at = now - timedelta(days=DAYS) * (count - number) / (count + 1)
    return Task(
        title=f"Chỉ đạo số {number + 1}",
        text="Thông báo đến từng hộ và báo cáo số hộ đã được thông báo.",
        why="Người dân hỏi nhiều trên trang của tỉnh.",
        due_at=sent_at + timedelta(days=4),
        acknowledge_minutes=240,
        origin_kind="issue" if number >= count - 30 else "free",
        origin_ref=origin if number >= count - 30 else "",
        issued_by=by,
        issuing_office=hub,
        sent_at=sent_at,
        idempotency_key=f"history-{number}",
        fingerprint="0" * 64,
    )


def _recipient(task: Task, office: Office, *, area_id: int | None, number: int, is_open: bool) -> TaskRecipient:
    state = _OPEN_STATES[number % len(_OPEN_STATES)] if is_open else "closed"
    done_at = task.sent_at + timedelta(hours=30, minutes=number)
    return TaskRecipient(
        task=task,
        office=office,
        area_id=area_id,
        state=state,
        state_at=done_at,
        due_at=task.due_at,
        settled_at=None if is_open else done_at,
        acknowledged_at=None if state in _OPEN_STATES[:3] else task.sent_at + timedelta(minutes=number),
    )


def _write_what_happened(by: Person) -> None:
    """Events of each state on the way, acknowledgements, clocks and e-mails, in the database itself."""
    with connection.cursor() as cursor:
        for number, (before, state) in enumerate(zip(("", *_WAY), _WAY, strict=False)):
            cursor.execute(
                "INSERT INTO network_recipientevent"
                " (task_id, recipient_id, at, from_state, to_state, by_id, name, route, reason)"
                " SELECT task_id, id, state_at, %s, %s, %s, '', 'log_in', '' FROM network_taskrecipient"
                " WHERE settled_at IS NOT NULL OR %s <= 1 OR (%s <= 4 AND acknowledged_at IS NOT NULL)",
                [before, state, by.pk, number, number],
            )
        cursor.execute(
            "INSERT INTO network_acknowledgement"
            " (recipient_id, round, version, office_id, at, route, name, person_id, note)"
            " SELECT id, 1, 1, office_id, acknowledged_at, 'log_in', %s, %s, '' FROM network_taskrecipient"
            " WHERE acknowledged_at IS NOT NULL",
            [by.name, by.pk],
        )
        for kind in _CLOCKS:
            cursor.execute(
                "INSERT INTO network_taskclock (recipient_id, round, kind, rings_at, state)"
                " SELECT id, 1, %s, due_at, CASE WHEN settled_at IS NULL THEN 'rung' ELSE 'stopped' END"
                " FROM network_taskrecipient",
                [kind],
            )
        cursor.execute(
            "INSERT INTO network_taskmail (key, kind, recipient_id, address, queued_at, outcome, outcome_at)"
            " SELECT 'history-' || id, 'notice', id, 'xa@example.vn', state_at, 'sent', state_at"
            " FROM network_taskrecipient"
        )
