"""What the worker does about silence: notes in which hours sources speak, and since when one says nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from nhipcau.running.jobs import job
from nhipcau.voices.models.health import HeardHour
from nhipcau.voices.models.sources import Source
from nhipcau.voices.silence import WEEK, WEEKS, hour_of, is_silent

KEPT: Final = WEEK * (WEEKS + 1)


@job("voices.silence", every_seconds=60)
def watch_silence(now: datetime) -> int:
    """Note the hours of what came, and set and clear `silent_since`; never more to do at once."""
    heard = Source.objects.filter(heard_at__gte=now - timedelta(days=1)).values_list("pk", "heard_at")
    HeardHour.objects.bulk_create(
        (HeardHour(source_id=pk, hour=hour_of(at)) for pk, at in heard if at), ignore_conflicts=True
    )
    Source.objects.filter(silent_since__isnull=False, heard_at__gt=F("silent_since")).update(silent_since=None)
    waiting = list(
        Source.objects.filter(stopped_at__isnull=True, silent_since__isnull=True, rhythm_minutes__isnull=False)
        .only("pk", "heard_at", "started_at", "created_at", "rhythm_minutes")
        .order_by("pk")
    )
    late = [one for one in waiting if now - _since(one) > _rhythm(one)]
    hours: dict[int, list[datetime]] = defaultdict(list)
    for source_id, hour in HeardHour.objects.filter(source__in=late).values_list("source_id", "hour"):
        hours[source_id].append(hour)
    for one in late:
        since = _since(one)
        if is_silent(heard_at=since, now=now, rhythm=_rhythm(one), heard_hours=hours[one.pk]):
            # only while nothing came in the meantime
            Source.objects.filter(pk=one.pk, heard_at=one.heard_at, stopped_at__isnull=True).update(silent_since=since)
    return 0


@job("voices.silence-cleaning", every_seconds=3600)
def forget_hours(now: datetime) -> int:
    """Forget hours that silence is no longer judged by."""
    return HeardHour.objects.filter(hour__lt=now - KEPT).delete()[0]


def _since(source: Source) -> datetime:
    """From when on it could have spoken: its last voice, or when it was started if that was later."""
    begun = source.started_at or source.created_at
    return max(source.heard_at, begun) if source.heard_at else begun


def _rhythm(source: Source) -> timedelta:
    return timedelta(minutes=source.rhythm_minutes or 0)
