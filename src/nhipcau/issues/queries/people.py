"""Who can have an issue in their hands."""

from __future__ import annotations

from django.utils import timezone

from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Person, Role
from nhipcau.network.queries.seats import seats_held

WORKING = (Role.ADMINISTRATOR, Role.LEADER, Role.ANALYST)


def who_may_own() -> list[Person]:
    """Give those who work on issues at the hub, by name."""
    seats = seats_held(on=timezone.localdate()).filter(office__kind=OfficeKind.HUB, role__in=WORKING)
    return list(Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("name", "pk"))
