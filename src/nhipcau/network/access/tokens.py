"""Whose tokens somebody sees and revokes, and what a token opens: never more than its person."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from nhipcau.network.access.people import administered_offices, administers_all
from nhipcau.network.access.second_factor import has_second_factor, needs_second_factor
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.models.tokens import ApiToken
from nhipcau.network.queries.seats import seats_held
from nhipcau.network.tokenwords import token_in


def own_tokens(person: Person) -> QuerySet[ApiToken]:
    """The tokens that speak for a person."""
    return ApiToken.objects.filter(person=person).order_by("-made_at", "-pk")


def administered_tokens(person: Person) -> QuerySet[ApiToken]:
    """The tokens of the people all of whose seats are at offices that a person administers."""
    tokens = ApiToken.objects.select_related("person").order_by("-made_at", "-pk")
    if administers_all(person):
        return tokens
    held = seats_held(on=timezone.localdate())
    elsewhere: QuerySet[Membership] = held.exclude(office__in=administered_offices(person))
    return tokens.filter(person__in=held.values("person")).exclude(person__in=elsewhere.values("person"))


def revocable_tokens(person: Person) -> QuerySet[ApiToken]:
    """The tokens that a person may revoke: their own, and those of the people whom they administer."""
    mine = Q(pk__in=own_tokens(person).order_by().values("pk"))
    return ApiToken.objects.filter(mine | Q(pk__in=administered_tokens(person).order_by().values("pk")))


def token_for(text: str) -> ApiToken | None:
    """The valid token of this text, with its person; None where it opens nothing."""
    given = token_in(text)
    if given is None:
        return None
    token = ApiToken.objects.select_related("person").filter(number=given.number).first()
    if token is None or not constant_time_compare(token.digest, given.digest):
        return None
    return token if token.is_valid and token.person.is_active else None


def lacks_second_factor(person: Person) -> bool:
    """Whether a person would be led to set up a second factor before any page: then no token speaks for them either."""
    if settings.SECOND_FACTOR != "required":
        return False
    return needs_second_factor(person) and not has_second_factor(person)
