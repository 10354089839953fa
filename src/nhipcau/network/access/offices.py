"""Who sees which office, and who keeps what is stated of it: everything else is refused.

The hub and auditors see all; others their own offices, those below and those above, so that they can reach them.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.office_imports import OfficeImport
from nhipcau.network.models.offices import Office, OfficeGroup, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.queries.office_tree import ids_above

ADMINISTRATOR = "administrator"
AUDITOR = "auditor"


def visible_offices(person: Person) -> QuerySet[Office]:
    """The offices that a person finds; a stranger finds none."""
    standing = standing_of(person)
    if standing.sees_all:
        return Office.objects.all()
    above = ids_above(standing.own, on=timezone.localdate()) if standing.own else frozenset()
    return Office.objects.filter(pk__in=standing.visible | above)


def keeps_network(person: Person) -> bool:
    """Whether a person may make, move and close offices: administrators of the hub."""
    return any(seat.office_kind == OfficeKind.HUB and seat.role == ADMINISTRATOR for seat in standing_of(person).seats)


def keeps_office(person: Person, office: Office) -> bool:
    """Whether a person may state how an office is reached and when it works: whoever works there or above it."""
    standing = standing_of(person)
    works_at = {seat.office_id for seat in standing.seats if seat.role != AUDITOR}
    if office.pk in works_at or keeps_network(person):
        return True
    return office.pk in standing.below and any(
        seat.office_id in works_at and seat.office_kind == OfficeKind.AREA for seat in standing.seats
    )


def keeps_groups(person: Person, owner: Office) -> bool:
    """Whether a person may save groups for an office: whoever works there."""
    return any(seat.office_id == owner.pk and seat.role != AUDITOR for seat in standing_of(person).seats)


def visible_groups(person: Person) -> QuerySet[OfficeGroup]:
    """The saved groups of the offices where a person has a seat; auditors and administrators of the hub see all."""
    standing = standing_of(person)
    if keeps_network(person) or any(seat.role == AUDITOR for seat in standing.seats):
        return OfficeGroup.objects.all()
    return OfficeGroup.objects.filter(owner__in=standing.own)


def own_imports(person: Person) -> QuerySet[OfficeImport]:
    """The files that a person has handed in, while they may bring them in."""
    return OfficeImport.objects.filter(Q(made_by=person)) if keeps_network(person) else OfficeImport.objects.none()
