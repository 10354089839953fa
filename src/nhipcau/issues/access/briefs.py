"""Who reaches which brief and may do what with it; the addresses are in `rights.py`."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from nhipcau.issues.access.rights import SIGNING
from nhipcau.issues.models import Brief
from nhipcau.network.access.rights import ANALYSING, LISTENING
from nhipcau.network.access.second_factor import has_second_factor, needs_second_factor
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person


def visible_briefs(person: Person) -> QuerySet[Brief]:
    """All briefs for whoever has a seat at the hub, none for others."""
    return Brief.objects.all() if LISTENING.allows(standing_of(person)) else Brief.objects.none()


def may_work_on_briefs(person: Person) -> bool:
    """Whether a person drafts, edits, discards and sends briefs, and keeps their readers and hours."""
    return ANALYSING.allows(standing_of(person))


def may_sign_briefs(person: Person) -> bool:
    """Whether a person signs: leaders and analysts of the hub."""
    return SIGNING.allows(standing_of(person))


def lacks_second_factor(person: Person) -> bool:
    """Whether the house asks the person for a second factor that they do not have."""
    return settings.SECOND_FACTOR == "required" and needs_second_factor(person) and not has_second_factor(person)
