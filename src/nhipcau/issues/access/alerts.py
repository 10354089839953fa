"""Who works with alerts: who sees the page and is no auditor acknowledges, analysts keep the rules."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from nhipcau.network.access.rights import ANALYSING
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Person, Role
from nhipcau.network.queries.seats import seats_held


def keeps_rules(person: Person) -> bool:
    """Whether a person makes, changes and switches alert rules."""
    return ANALYSING.allows(standing_of(person))


def acknowledges(person: Person) -> bool:
    """Whether a person acknowledges alerts: whoever works at the hub."""
    return any(seat.office_kind == OfficeKind.HUB and seat.role != Role.AUDITOR for seat in standing_of(person).seats)


def people_who_may_be_told() -> QuerySet[Person]:
    """Those who can open what a letter leads to: people of the hub."""
    seats = seats_held(on=timezone.localdate()).filter(office__kind=OfficeKind.HUB)
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("name", "pk")
