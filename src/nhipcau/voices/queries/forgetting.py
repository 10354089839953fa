"""What is shown of deleting a source: what would go, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min, Sum

from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.segments import Forgetting, SegmentPart
from nhipcau.voices.models.sources import Source
from nhipcau.voices.models.uploads import Upload


@dataclass(frozen=True, slots=True)
class Going:
    """What there is of a source."""

    voices: int
    since: date | None
    until: date | None
    files: int


def what_would_go(source: Source) -> Going:
    """Count what there is of a source. Three queries."""
    logged = SegmentPart.objects.filter(source=source).aggregate(
        voices=Sum("voices"), since=Min("segment__day"), until=Max("segment__day")
    )
    waiting = IntakeBatch.objects.filter(source=source).aggregate(voices=Sum("voices"))
    files = Upload.objects.filter(source=source, state__in=("looked-at", "waiting", "running", "failed")).count()
    return Going((logged["voices"] or 0) + (waiting["voices"] or 0), logged["since"], logged["until"], files)


def forgotten_until(*, since: datetime) -> dict[str, int]:
    """By the code of each source that was ordered to be forgotten: up to which second nothing of it may be shown."""
    lately = Forgetting.objects.filter(asked_at__gte=since).order_by("asked_at")
    return {code: int(at.timestamp()) for code, at in lately.values_list("source__code", "asked_at")}


def last_order(source: Source) -> Forgetting | None:
    """The last order to delete all of a source."""
    return Forgetting.objects.filter(source=source).order_by("-pk").first()
