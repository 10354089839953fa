"""Who must have a second factor: those who may publish, approve or administer. In a sample nobody must."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person, Role
from nhipcau.network.queries.command import hub_alone

NEEDING: Final = frozenset({Role.ADMINISTRATOR, Role.LEADER, Role.ANALYST})


def needs_second_factor(person: Person) -> bool:
    """Whether a seat of the person asks for one."""
    if not any(seat.role in NEEDING for seat in standing_of(person).seats):
        return False
    return not hub_alone().is_sample


def has_second_factor(person: Person) -> bool:
    """Whether the person has an app with codes or a passkey; recovery codes alone do not count."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())
