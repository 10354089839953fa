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
from nhipcau.network.access.rights import NETWORK
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.actions.logging import leave_nothing_behind
from nhipcau.voices.actions.replacing import replace
from nhipcau.voices.actions.source_errors import SourceInvalid
from nhipcau.voices.actions.sources import stated_reason
from nhipcau.voices.actions.sweeping import remove_leaving_files
from nhipcau.voices.actions.uploads import path_of
from nhipcau.voices.loglocks import held
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.segments import Forgetting, LogSegment, SegmentPart
from nhipcau.voices.models.sources import Source
from nhipcau.voices.models.uploads import Upload
from nhipcau.voices.whenforgotten import tell_forgotten

FILES_AT_ONCE: Final = 50


def order_forgetting(*, by: Person, source: Source, named: str, reason: str, at: datetime) -> Forgetting:
    """An administrator of the hub stops a source and has all of it deleted from the log; what waits goes at once.

    `named` is the name of the source once more, as the person wrote it. Asked again while it is being done, nothing
    changes.
    """
    if not NETWORK.allows(standing_of(by)):
        raise NotAllowed
    if " ".join(named.split()) != source.name:
        raise SourceInvalid(field="named", problem="name-differs", limit=0)
    reason = stated_reason(reason)
    leave_nothing_behind()
    with transaction.atomic():
        stopped = {"stopped_at": at, "ask_next_at": None, "silent_since": None}
        Source.objects.filter(pk=source.pk, stopped_at__isnull=True).update(**stopped)
        order, is_new = Forgetting.objects.get_or_create(
            source=source, ended_at__isnull=True, defaults={"asked_at": at}
        )
        if is_new:
            waiting = IntakeBatch.objects.filter(source=source)
            voices = sum(waiting.values_list("voices", flat=True))
            waiting.delete()
            Forgetting.objects.filter(pk=order.pk).update(voices=voices)
            _drop_files(source, at)
            tell_forgotten(source.code)
            values = {"source": source.name, "waiting": voices, "reason": reason}
            record(by=by, action="source.forgotten", of=source, values=values)
    return order


def _drop_files(source: Source, at: datetime) -> None:
    """Files that were handed in lie here as they were written: they go with the order."""
    lying = Upload.objects.filter(source=source, state__in=("looked-at", "waiting", "running", "failed"))
    paths = [path_of(upload) for upload in lying]
    lying.update(state="dropped", finished_at=at)

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(remove)


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
    leave_nothing_behind()
    for order in Forgetting.objects.filter(ended_at__isnull=True).select_related("source"):
        with transaction.atomic():
            IntakeBatch.objects.filter(source=order.source_id).delete()
            if not SegmentPart.objects.filter(source=order.source_id).exists():
                Forgetting.objects.filter(pk=order.pk).update(ended_at=now)
                values = {"source": order.source.name, "voices": order.voices}
                record(by=None, action="source.forgotten-wholly", of=order.source, values=values)
