"""The cast of these tests: a hub, two areas, four points, and one person in each part."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from nhipcau.network.actions.tasks import moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
from nhipcau.network.models.offices import ContactRoute, Office, OfficeLink
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.queries.audience import Audience

LONG_AGO = date(2020, 1, 1)


@dataclass
class Cast:
    """Offices and people by the part that they play."""

    hub: Office
    north: Office
    south: Office
    points: list[Office]  # the first three are of the north, the last one of the south
    leader: Person  # of the hub
    analyst: Person  # of the hub
    area_officer: Person  # of the north
    other_area_officer: Person  # of the south
    officer: Person  # of the first point
    colleague: Person  # of the first point too
    neighbour: Person  # officer of the second point
    auditor: Person  # at the hub
    administrator: Person  # at the hub
    stranger: Person  # no seat at all


def make_cast() -> Cast:
    """Write the cast. The third and the fourth point have no people; the third has an address of its own."""
    hub = _office("H", "hub")
    north, south = _office("N", "area", above=hub), _office("S", "area", above=hub)
    points = [
        _office(f"P{number}", "point", above=hub, area=south if number == 4 else north) for number in (1, 2, 3, 4)
    ]
    ContactRoute.objects.create(office=points[2], kind="email", value="p3@example.vn")
    return Cast(
        hub=hub,
        north=north,
        south=south,
        points=points,
        leader=_person("leader", hub, "leader"),
        analyst=_person("analyst", hub, "analyst"),
        area_officer=_person("north", north, "officer"),
        other_area_officer=_person("south", south, "officer"),
        officer=_person("officer", points[0], "officer"),
        colleague=_person("colleague", points[0], "leader"),
        neighbour=_person("neighbour", points[1], "officer"),
        auditor=_person("auditor", hub, "auditor"),
        administrator=_person("administrator", hub, "administrator"),
        stranger=_person("stranger", None, ""),
    )


def _office(code: str, kind: str, *, above: Office | None = None, area: Office | None = None) -> Office:
    office = Office.objects.create(code=code, name=f"Đơn vị {code}", kind=kind)
    for parent, link in ((above, "parent"), (area, "area")):
        if parent:
            OfficeLink.objects.create(office=office, parent=parent, kind=link, from_on=LONG_AGO)
    return office


def _person(name: str, office: Office | None, role: str) -> Person:
    person = Person.objects.create_user(email=f"{name}@example.vn", password=None, name=name.title())
    if office:
        Membership.objects.create(person=person, office=office, role=role, from_on=LONG_AGO)
    return person


def fresh(person: Person) -> Person:
    """The person as another request sees them."""
    return Person.objects.get(pk=person.pk)


def directive(**values: Any) -> Directive:
    """A directive that is in order."""
    asked = {"title": "Kiểm tra nước", "text": "Kiểm tra và báo cáo.", "due_at": timezone.now() + timedelta(days=5)}
    return Directive(**(asked | values))


def issue(cast: Cast, *, offices: list[Office] | None = None, by: Person | None = None, **values: Any) -> Task:
    """Send a directive to points, the first one unless others are named."""
    key = values.pop("key", None) or secrets.token_urlsafe(12)
    chosen = frozenset(office.pk for office in (offices or cast.points[:1]))
    return issue_directive(
        by=by or cast.leader, directive=directive(**values), audience=Audience(offices=chosen), key=key
    )


def recipient_of(task: Task, office: Office | None = None) -> TaskRecipient:
    """The recipient at an office, the first one unless it is named."""
    recipients = task.recipients.select_related("task__issuing_office", "office", "area").order_by("id")
    return recipients.get(office=office) if office else recipients[0]


def bring_to(cast: Cast, recipient: TaskRecipient, state: str) -> TaskRecipient:
    """Bring a recipient at the first point to a state, by the moves that lead there."""
    officer, leader = cast.officer, cast.leader
    steps = {
        "opened": lambda: moves.open_task(by=officer, recipient=recipient),
        "acknowledged": lambda: acknowledge_task(by=officer, recipient=recipient),
        "accepted": lambda: moves.accept_task(by=officer, recipient=recipient),
        "in_progress": lambda: moves.start_task(by=officer, recipient=recipient),
        "submitted": lambda: submit_evidence(by=officer, recipient=recipient, items=[Item("count", count=3)]),
        "verified": lambda: moves.verify_evidence(by=leader, recipient=recipient),
        "closed": lambda: moves.close_task(by=leader, recipient=recipient),
    }
    if state == "sent":
        return recipient
    if state == "returned":
        steps["acknowledged"]()
        moves.return_task(by=officer, recipient=recipient, reason="Thiếu người.")
        return recipient
    if state == "withdrawn":
        moves.withdraw_from(by=leader, recipient=recipient, reason="Gửi nhầm.")
        return recipient
    for name, do in steps.items():
        do()
        if name == state:
            return recipient
    raise AssertionError(state)
