"""Lists of people with their seats; who sees whom is in `access/people.py`. Only reads."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from nhipcau.network.models.people import Membership, Person
from nhipcau.network.queries.seats import seats_held

PAGE = 50


def people_page(people: QuerySet[Person], *, words: str, office: str, number: int) -> Page[Any]:
    """Give a page of people by name, each with `seats_now`; three queries."""
    today = timezone.localdate()
    held = seats_held(on=today)
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if office:
        people = people.filter(pk__in=held.filter(office__code=office).values("person"))
    seats = Prefetch("memberships", held.select_related("office").order_by("from_on", "pk"), to_attr="seats_now")
    return Paginator(people.order_by("name", "pk").prefetch_related(seats), PAGE).get_page(number)


def past_seats(person: Person) -> QuerySet[Membership]:
    """Give the seats that somebody no longer holds, the latest first."""
    ended = Membership.objects.filter(person=person, until_on__lte=timezone.localdate())
    return ended.select_related("office").order_by("-until_on", "-pk")
