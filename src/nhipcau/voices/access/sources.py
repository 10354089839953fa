"""Who sees the register of sources and who keeps it, and at which offices somebody may write a field report."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from nhipcau.network.access.rights import LISTENING, NETWORK, SOURCES
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person, Role
from nhipcau.network.queries.seats import seats_of
from nhipcau.voices.models.sources import Source
from nhipcau.voices.models.uploads import Upload


def keeps_sources(person: Person) -> bool:
    """Whether a person adds, changes and stops sources."""
    return SOURCES.allows(standing_of(person))


def forgets_sources(person: Person) -> bool:
    """Whether a person may have all of a source deleted."""
    return NETWORK.allows(standing_of(person))


def visible_sources(person: Person) -> QuerySet[Source]:
    """The sources that a person finds: all for the hub, none for others."""
    found = Source.objects.select_related("owner", "area")
    return found if LISTENING.allows(standing_of(person)) else found.none()


def visible_uploads(person: Person) -> QuerySet[Upload]:
    """The files that a person finds: all for who keeps the register."""
    found = Upload.objects.select_related("source", "by")
    return found if keeps_sources(person) else found.none()


def reporting_offices(person: Person) -> QuerySet[Office]:
    """The offices in whose name a person may tell what was heard: where they have a seat and are no auditor."""
    seats = seats_of(person, on=timezone.localdate()).exclude(role=Role.AUDITOR)
    return Office.objects.filter(pk__in=seats.values("office")).order_by("name", "pk")
