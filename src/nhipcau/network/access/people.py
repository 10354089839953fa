"""Who sees which people, who administers them, and who keeps a duty roster."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from nhipcau.network.access.offices import visible_offices
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Membership, Person, Role
from nhipcau.network.queries.office_tree import ids_below, standing
from nhipcau.network.queries.seats import seats_held


def visible_people(person: Person) -> QuerySet[Person]:
    """The people whom a person finds: all, or those of the offices that they see, and themselves."""
    if standing_of(person).sees_all:
        return Person.objects.all()
    seats = seats_held(on=timezone.localdate()).filter(person=OuterRef("pk"), office__in=visible_offices(person))
    return Person.objects.filter(Q(pk=person.pk) | Exists(seats))


def administers_all(person: Person) -> bool:
    """Whether somebody is an administrator of the hub."""
    return any(
        seat.office_kind == OfficeKind.HUB and seat.role == Role.ADMINISTRATOR for seat in standing_of(person).seats
    )


def administered_offices(person: Person) -> QuerySet[Office]:
    """The offices whose people a person administers: those where they are administrator, and those below."""
    today = timezone.localdate()
    offices = standing(Office.objects.all(), on=today)
    if administers_all(person):
        return offices
    own = {seat.office_id for seat in standing_of(person).seats if seat.role == Role.ADMINISTRATOR}
    return offices.filter(pk__in=ids_below(own, on=today)) if own else offices.none()


def administers(person: Person, other: Person) -> bool:
    """Whether somebody administers another: every seat of the other must be at an office of theirs."""
    if administers_all(person):
        return True
    held = set(seats_held(on=timezone.localdate()).filter(person=other).values_list("office_id", flat=True))
    return bool(held) and held <= set(administered_offices(person).values_list("pk", flat=True))


def roster_offices(person: Person) -> QuerySet[Office]:
    """The offices whose roster a person keeps: where they lead or administer; administrators of the hub keep all."""
    offices = standing(Office.objects.all(), on=timezone.localdate())
    if administers_all(person):
        return offices
    keeping = {Role.ADMINISTRATOR, Role.LEADER}
    return offices.filter(pk__in={seat.office_id for seat in standing_of(person).seats if seat.role in keeping})


def people_of(office: Office) -> QuerySet[Person]:
    """The people who can be on duty at an office: those with a working seat there."""
    seats = seats_held(on=timezone.localdate()).filter(office=office).exclude(role=Role.AUDITOR)
    return Person.objects.filter(is_active=True, pk__in=seats.values("person")).order_by("name", "pk")


def open_seats(person: Person) -> QuerySet[Membership]:
    """The seats of somebody that hold today or begin later."""
    today = timezone.localdate()
    open_ended = Q(until_on__isnull=True) | Q(until_on__gt=today)
    return Membership.objects.filter(open_ended, person=person).select_related("office").order_by("from_on", "pk")
