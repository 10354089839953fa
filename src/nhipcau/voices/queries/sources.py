"""What the register shows: how each source is doing, what came a day, what failed lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from nhipcau.voices.models.health import SourceFailure
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.models.segments import SegmentPart
from nhipcau.voices.models.sources import Source

PAGE: Final = 50
DAYS: Final = 14
SHOWN_FAILURES: Final = 10
DOINGS: Final = ("failing", "silent", "well", "new", "stopped")
"""How a source can be doing, the worst first."""


@dataclass(frozen=True, slots=True)
class Day:
    """What came on a day, and how much of the most that is."""

    on: date
    voices: int
    most: int


def doing_of(source: Source) -> str:
    """How a source is doing, as a code."""
    if source.stopped_at is not None:
        return "stopped"
    if source.failures_in_a_row:
        return "failing"
    if source.silent_since is not None:
        return "silent"
    return "well" if source.heard_at or source.succeeded_at else "new"


def worst_first(sources: QuerySet[Source]) -> QuerySet[Source]:
    """In the order in which somebody should look: failing, silent, the others by name, stopped ones last."""
    order = Case(
        When(stopped_at__isnull=False, then=Value(3)),
        When(failures_in_a_row__gt=0, then=Value(0)),
        When(silent_since__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return sources.order_by(order, "name", "pk")


def voices_by_day(source: Source, *, today: date) -> list[Day]:
    """What came of a source on each of the last days: what is in the log, and what waits for it, as today's."""
    first = today - timedelta(days=DAYS - 1)
    parts = SegmentPart.objects.filter(source=source, segment__day__gte=first)
    counts: dict[date, int] = dict(parts.values_list("segment__day").annotate(Sum("voices")))
    waiting = IntakeBatch.objects.filter(source=source).annotate(on=TruncDate("received_at"))
    for on, voices in waiting.values_list("on").annotate(Sum("voices")).order_by("on"):
        counts[on] = counts.get(on, 0) + voices
    days = [first + timedelta(days=number) for number in range(DAYS)]
    most = max([1, *(counts.get(day, 0) for day in days)])
    return [Day(day, counts.get(day, 0), most) for day in reversed(days)]


def last_failures(source: Source) -> list[SourceFailure]:
    """The newest failures of a source."""
    return list(source.failures.order_by("-at", "-pk")[:SHOWN_FAILURES])


def counts_of(sources: QuerySet[Source]) -> dict[str, Any]:
    """How many are failing, silent and stopped."""
    running = Q(stopped_at__isnull=True)
    failing = running & Q(failures_in_a_row__gt=0)
    return sources.aggregate(
        all=Count("pk"),
        failing=Count("pk", filter=failing),
        silent=Count("pk", filter=running & Q(failures_in_a_row=0, silent_since__isnull=False)),
        stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
    )


def with_doing(sources: QuerySet[Source], doing: str) -> QuerySet[Source]:
    """Only the sources that do so; all for a word that is none of `DOINGS`."""
    running = sources.filter(stopped_at__isnull=True)
    if doing == "stopped":
        return sources.filter(stopped_at__isnull=False)
    if doing == "failing":
        return running.filter(failures_in_a_row__gt=0)
    if doing == "silent":
        return running.filter(failures_in_a_row=0, silent_since__isnull=False)
    return sources


def source_names() -> dict[str, str]:
    """What people call each source, by what the log calls it."""
    return dict(Source.objects.values_list("code", "name"))
