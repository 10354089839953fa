"""Directives of the sample province in every state, made by the same actions as real ones.

Asked again, nothing changes. Nobody is written to. The offices and people are made by `sample_province.py` before.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from PIL import Image, ImageDraw

from nhipcau.network.actions.tasks import clocks, moves
from nhipcau.network.actions.tasks.acknowledging import take_note
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
from nhipcau.network.actions.tasks.moves import Actor, step
from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.queries.audience import Audience
from nhipcau.network.sampledirectives import DIRECTIVES, RETURN_REASON, SampleDirective
from nhipcau.network.taskstates import MOVES, Route


class _Unit:
    """A unit of the sample on its way through a directive: every step a few minutes after the one before."""

    def __init__(
        self, recipient: TaskRecipient, *, officer: Person, leader: Person, at: datetime, until: datetime
    ) -> None:
        self.recipient, self.officer, self.leader = recipient, officer, leader
        self.at, self.until = at, until

    def next(self) -> datetime:
        """When the next step is made, always before now."""
        self.at = min(self.at + timedelta(minutes=7 + self.recipient.office_id % 5), self.until)
        return self.at

    def go_to(self, state: str, *, number: int) -> None:
        """Make the steps that lead to a state."""
        if state == "withdrawn":
            moves.withdraw_from(
                by=self.leader, recipient=self.recipient, reason="Đã có chỉ đạo thay thế.", at=self.next()
            )
            return
        steps: list[tuple[str, Callable[[], object]]] = [
            (
                "delivered",
                lambda: step(self.recipient, MOVES["deliver"], actor=Actor(None, Route.SYSTEM), at=self.next()),
            ),
            ("opened", lambda: moves.open_task(by=self.officer, recipient=self.recipient, at=self.next())),
            ("acknowledged", lambda: self._take_note(number)),
            ("returned", lambda: self._return(state)),
            ("accepted", lambda: moves.accept_task(by=self.officer, recipient=self.recipient, at=self.next())),
            ("in_progress", lambda: moves.start_task(by=self.officer, recipient=self.recipient, at=self.next())),
            ("submitted", lambda: self._submit(number)),
            ("verified", lambda: moves.verify_evidence(by=self.leader, recipient=self.recipient, at=self.next())),
            ("closed", lambda: moves.close_task(by=self.leader, recipient=self.recipient, at=self.next())),
        ]
        if state == "sent":
            return
        for name, make in steps:
            make()
            if name == state:
                return

    def _take_note(self, number: int) -> None:
        """Most by a log-in, some by the link of the e-mail, a few by telephone through a named proxy."""
        actor, note = Actor(self.officer, Route.LOG_IN, self.officer.name), ""
        if number % 10 in (3, 7):
            actor = Actor(self.officer, Route.LINK, self.officer.name)
        elif number % 40 == 9:
            actor, note = Actor(self.leader, Route.PROXY, self.officer.name), "Báo nhận qua điện thoại."
        take_note(self.recipient, actor=actor, at=self.next(), note=note)

    def _return(self, state: str) -> None:
        if state == "returned":
            moves.return_task(by=self.officer, recipient=self.recipient, reason=RETURN_REASON, at=self.next())

    def _submit(self, number: int) -> None:
        items = [
            Item("photo", name=f"anh-hien-truong-{number}.png", stream=_picture(number)),
            Item("count", count=40 + 7 * (number % 9), note="hộ đã được thông báo"),
        ]
        submit_evidence(
            by=self.officer, recipient=self.recipient, items=items, note="Đã thực hiện xong.", at=self.next()
        )


def make_sample_directives(*, now: datetime) -> list[Task]:
    """Make the directives of the sample, all or none; those that are there are left alone."""
    with transaction.atomic():
        made = list(Task.objects.filter(is_sample=True).order_by("id"))
        if made:
            return made
        leader = Person.objects.filter(memberships__office__kind=OfficeKind.HUB, memberships__role="leader").order_by(
            "id"
        )[0]
        points = list(Office.objects.filter(kind=OfficeKind.POINT, is_sample=True).order_by("code"))
        officers = _officers(points)
        tasks = [_make(sample, points=points, officers=officers, leader=leader, now=now) for sample in DIRECTIVES]
        due = TaskClock.objects.filter(recipient__task__in=tasks, state="waiting", rings_at__lte=now)
        for clock in list(due.order_by("rings_at", "id")):
            clocks.ring(clock.pk, now=clock.rings_at)
    return tasks


def _officers(points: Sequence[Office]) -> dict[int, Person]:
    seats = Membership.objects.filter(office__in=points, role="officer").select_related("person").order_by("-id")
    return {seat.office_id: seat.person for seat in seats}


def _make(
    sample: SampleDirective, *, points: Sequence[Office], officers: dict[int, Person], leader: Person, now: datetime
) -> Task:
    sent_at = now - sample.sent_before
    chosen = [office for office in points[sample.first :: sample.every] if office.pk in officers][: sample.count]
    task = issue_directive(
        by=leader,
        directive=Directive(
            title=sample.title,
            text=sample.text,
            why=sample.why,
            due_at=now + sample.due_after,
            is_urgent=sample.is_urgent,
        ),
        audience=Audience(offices=frozenset(office.pk for office in chosen)),
        key=f"sample-{sample.code}",
        at=sent_at,
        is_sample=True,
    )
    recipients = task.recipients.select_related("office", "area", "task__issuing_office").order_by("office__code")
    for number, recipient in enumerate(recipients):
        officer = officers[recipient.office_id]
        unit = _Unit(recipient, officer=officer, leader=leader, at=sent_at, until=now)
        unit.go_to(sample.state_of(number), number=number)
    return task


def _picture(number: int) -> io.BytesIO:
    """A drawn landscape in place of a photo: no real place, no real people."""
    picture = Image.new("RGB", (640, 400), (150 + number % 40, 190, 225))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 260, 640, 400), fill=(70, 120 + number % 60, 70))
    draw.polygon([(80, 260), (200 + number % 90, 120), (340, 260)], fill=(90, 110, 90))
    draw.rectangle((400, 190, 540, 290), fill=(200, 170, 120))
    draw.polygon([(385, 190), (470, 130), (555, 190)], fill=(160, 80, 60))
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return out
