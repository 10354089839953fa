"""Who is in command now: whoever is on duty at the hub, else the deputy of its leader, else its leader.

Shown on every page, so it takes two queries while somebody is on duty and three otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
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
_SHIFT = Prepared(
    lambda: (
        DutyShift.objects.filter(
            office=blank("office"), starts_at__lte=blank("at"), ends_at__gt=blank("at"), person__is_active=True
        )
        .select_related("person")
        .order_by("-starts_at")[:1]
    )
)


def command_of(office: Office, *, at: datetime) -> Command | None:
    """Give who is in command of an office at a moment."""
    shift = _SHIFT.first(office=office.pk, at=at)
    if shift:
        return Command(shift.person, "duty", shift.ends_at)
    day = timezone.localdate(at)
    seats = Membership.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=day),
        office=office,
        role=Role.LEADER,
        from_on__lte=day,
        person__is_active=True,
    )
    leader = seats.select_related("person").order_by("from_on", "pk").first()
    if leader is None:
        return None
    deputies = Deputy.objects.filter(person=leader.person, from_on__lte=day, until_on__gt=day, deputy__is_active=True)
    deputy = deputies.select_related("deputy").order_by("from_on", "pk").first()
    return Command(deputy.deputy, "deputy") if deputy else Command(leader.person, "leader")
