"""Into which sources a program may send, in whose name it asks."""

from __future__ import annotations

from django.db.models import QuerySet

from nhipcau.network.access.rights import ANALYSING
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person
from nhipcau.voices.models.sources import Source, SourceKind


def pushable_sources(person: Person) -> QuerySet[Source]:
    """All but feeds, which the centre reads itself; for those who work on issues at the hub."""
    if not ANALYSING.allows(standing_of(person)):
        return Source.objects.none()
    return Source.objects.exclude(kind=SourceKind.FEED)
