"""Invitations as signed addresses: one purpose, seven days, and worth nothing once a password was chosen.

There is no table: what is signed holds a trace of the password that the person had when they were invited.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from nhipcau.network.models.people import Person

LIFE: Final = timedelta(days=7)
SALT: Final = "nhipcau.network.invitation"


class InvitationUnknown(Exception):
    """The address was altered, guessed, or used before."""


class InvitationLate(Exception):
    """Its seven days are over."""


def token_for(person: Person) -> str:
    """Sign an invitation for a person."""
    return signing.dumps({"person": person.pk, "trace": _trace(person)}, salt=SALT)


def person_in(token: str) -> Person:
    """Give the person whom a token invites."""
    try:
        said = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.SignatureExpired:
        raise InvitationLate from None
    except signing.BadSignature:
        raise InvitationUnknown from None
    person = Person.objects.filter(pk=said["person"], is_active=True).first()
    if person is None or not constant_time_compare(said["trace"], _trace(person)):
        raise InvitationUnknown
    return person


def _trace(person: Person) -> str:
    return salted_hmac(SALT, f"{person.email}{person.password}").hexdigest()[:20]
