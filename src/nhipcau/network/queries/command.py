"""Who is in command now: whoever is on duty at the hub, else the deputy of its leader, else its leader.

Shown on every page, so it takes two queries whoever it is: the hub and one for the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Deputy, DutyShift, Membership, Person, Role
from nhipcau.running.prepared import Prepared, blank


@dataclass(frozen=True, slots=True)
class Command:
    """A person, and why it is them: on duty until an hour, deputy, or leader."""

    person: Person
    reason: str
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Centre:
    """The hub as every page names it."""

    hub: Office | None
    command: Command | None

    @property
    def is_sample(self) -> bool:
        """Whether all of this is made up."""
        return self.hub is not None and self.hub.is_sample


def centre_now() -> Centre:
    """Give the hub and who is in command of it."""
    hub = hub_alone().hub
    return Centre(hub, command_of(hub, at=timezone.now()) if hub else None)


def hub_alone() -> Centre:
    """Give the hub without who is in command: what a stranger is shown."""
    return Centre(_HUB.first(), None)


_HUB = Prepared(lambda: Office.objects.filter(kind=OfficeKind.HUB, closed_on__isnull=True).order_by("pk")[:1])


def command_of(office: Office, *, at: datetime) -> Command | None:
    """Give who is in command of an office at a moment; one query."""
    in_command = _IN_COMMAND.first(office=office.pk, at=at, day=timezone.localdate(at))
    if in_command is None:
        return None
    found: Any = in_command
    if found.pk == found.on_duty:
        return Command(in_command, "duty", found.on_duty_until)
    return Command(in_command, "deputy" if found.pk == found.deputy else "leader")


def _in_command() -> QuerySet[Person, Person]:
    """The one person: a shift goes before a deputy, a deputy before the leader; of several the first one counts."""
    office, at, day = blank("office"), blank("at"), blank("day")
    shifts = DutyShift.objects.filter(office=office, starts_at__lte=at, ends_at__gt=at, person__is_active=True)
    shift = shifts.order_by("-starts_at", "pk")
    held = Q(until_on__isnull=True) | Q(until_on__gt=day)
    seats = Membership.objects.filter(held, office=office, role=Role.LEADER, from_on__lte=day, person__is_active=True)
    leader = Subquery(seats.order_by("from_on", "pk").values("person")[:1])
    lent = Deputy.objects.filter(person=leader, from_on__lte=day, until_on__gt=day, deputy__is_active=True)
    named = Person.objects.annotate(
        on_duty=Subquery(shift.values("person")[:1]),
        on_duty_until=Subquery(shift.values("ends_at")[:1]),
        deputy=Subquery(lent.order_by("from_on", "pk").values("deputy")[:1]),
    )
    return named.filter(pk=Coalesce("on_duty", "deputy", leader))


_IN_COMMAND = Prepared(_in_command)
