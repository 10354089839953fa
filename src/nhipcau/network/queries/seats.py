"""The seats that count now: a person's own, and those of the people whom they stand in for.

A deputy holds every seat of the other but that of an administrator: who administers is named, never lent.
"""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet

from nhipcau.network.models.people import Deputy, Membership, Person, Role
from nhipcau.running.prepared import Prepared, blank


def places_held(person: Person, *, on: datetime.date) -> list[tuple[int, str, str]]:
    """Give office, kind of office and role of each seat that a person holds on a day; asked before every page."""
    return _PLACES_HELD(person=person.pk, on=on)


_PLACES_HELD = Prepared(
    lambda: seats_of(blank("person"), on=blank("on")).values_list("office_id", "office__kind", "role")
)


def seats_of(person: Person, *, on: datetime.date) -> QuerySet[Membership]:
    """Give the seats that a person holds on a day."""
    lent_by = Deputy.objects.filter(deputy=person, from_on__lte=on, until_on__gt=on, person__is_active=True)
    own_or_lent = Q(person=person) | (Q(person__in=lent_by.values("person")) & ~Q(role=Role.ADMINISTRATOR))
    return seats_held(on=on).filter(own_or_lent)


def seats_held(*, on: datetime.date) -> QuerySet[Membership]:
    """Give the seats that anybody holds on a day, at offices that are there."""
    held = Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), from_on__lte=on)
    return held.filter(Q(office__closed_on__isnull=True) | Q(office__closed_on__gt=on))
