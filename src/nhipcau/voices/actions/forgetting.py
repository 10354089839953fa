"""Deleting voices from the log for good: what is past its source's term, and all of a source that must be forgotten.

Each file is rewritten without them in one transaction, and the audit log takes a proof: which source, which day, how
many, and the digests of the file before and after. The old file goes from the disk at once, or after a running backup.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import F, Q

from nhipcau.authorkeys import HOUSE_ZONE
from nhipcau.network.access.rights import SOURCES
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.actions.replacing import replace
from nhipcau.voices.actions.sweeping import remove_leaving_files
from nhipcau.voices.loglocks import held
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.segments import Forgetting, LogSegment, SegmentPart
from nhipcau.voices.models.sources import Source

FILES_AT_ONCE: Final = 50


def order_forgetting(*, by: Person, source: Source, at: datetime) -> Forgetting:
    """Stop a source and have all of it deleted from the log; who keeps sources may. What waits goes at once.

    Asked again while it is being done, nothing changes.
    """
    if not SOURCES.allows(standing_of(by)):
        raise NotAllowed
    with transaction.atomic():
        Source.objects.filter(pk=source.pk, stopped_at__isnull=True).update(stopped_at=at)
        order, is_new = Forgetting.objects.get_or_create(
            source=source, ended_at__isnull=True, defaults={"asked_at": at}
        )
        if is_new:
            waiting = IntakeBatch.objects.filter(source=source)
            voices = sum(waiting.values_list("voices", flat=True))
            waiting.delete()
            Forgetting.objects.filter(pk=order.pk).update(voices=voices)
            record(by=by, action="source.forgotten", of=source, values={"source": source.name, "waiting": voices})
    return order


def delete_past_term(*, now: datetime, most: int = FILES_AT_ONCE) -> int:
    """Delete voices of days that are past their source's term, and those of sources to be forgotten, some at a time."""
    with held("arranging") as is_ours:
        if not is_ours:
            return 0
        done = 0
        for segment, going in islice(_due(now), most):
            _rewrite(segment, going, now=now)
            done += 1
        if done < most:
            _end_orders(now)
    remove_leaving_files(now=now)
    return done


def _due(now: datetime) -> Any:
    """Files with the sources that leave each."""
    today = now.astimezone(HOUSE_ZONE).date()
    forgotten = list(Forgetting.objects.filter(ended_at__isnull=True).values_list("source", flat=True))
    due = Q(source__in=forgotten)
    terms = Source.objects.filter(pk__in=SegmentPart.objects.values("source")).values_list("pk", "retention_days")
    for term in {days for _, days in terms}:
        sources = [source for source, days in terms if days == term]
        due |= Q(source__in=sources, segment__day__lt=today - timedelta(days=term))
    parts = SegmentPart.objects.filter(due).select_related("source", "segment").order_by("segment__day", "segment_id")
    for segment, rows in groupby(list(parts), key=lambda part: part.segment):
        yield segment, {part.source: part.voices for part in rows}


def _rewrite(segment: LogSegment, going: Mapping[Source, int], *, now: datetime) -> None:
    codes = pa.array([source.code for source in going])
    parts = dict(SegmentPart.objects.filter(segment=segment).values_list("source", "voices"))

    def prove(made: LogSegment | None) -> None:
        for source, voices in sorted(going.items(), key=lambda pair: pair[0].pk):
            Forgetting.objects.filter(source=source, ended_at__isnull=True).update(voices=F("voices") + voices)
            values = {
                "source": source.name,
                "since": segment.day.isoformat(),
                "until": segment.day.isoformat(),
                "voices": voices,
                "before": segment.sha256,
                "after": made.sha256 if made is not None else "",
            }
            record(by=None, action="voices.deleted", of=source, values=values)

    replace(
        [segment],
        only=lambda batch: batch.filter(pc.invert(pc.is_in(batch.column("source"), value_set=codes))),
        parts={source: voices for source, voices in parts.items() if source not in {one.pk for one in going}},
        leaves_at=now,
        and_then=prove,
    )


def _end_orders(now: datetime) -> None:
    """What came in before the source was stopped is in the queue or in the log; when neither has any, it is done."""
    for order in Forgetting.objects.filter(ended_at__isnull=True):
        with transaction.atomic():
            IntakeBatch.objects.filter(source=order.source_id).delete()
            if not SegmentPart.objects.filter(source=order.source_id).exists():
                Forgetting.objects.filter(pk=order.pk).update(ended_at=now)
