"""Many small files become one: those of ten minutes on the same day, those of a day when it is over.

Only files whose voices are grouped are put together, so that what was derived from them is too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import Count

from nhipcau.authorkeys import HOUSE_ZONE
from nhipcau.voices.actions.replacing import READERS_MAY_TAKE, as_segment, replace
from nhipcau.voices.loglocks import held
from nhipcau.voices.models.segments import LogSegment, SegmentPart
from nhipcau.voices.sides import has_side, side_names

WINDOW_SECONDS: Final = 600
SETTLING: Final = timedelta(minutes=2)
"""How long after ten minutes, or a day, its files are left alone."""
DAYS_AT_ONCE: Final = 10


def put_together(*, now: datetime) -> int:
    """Put files together that have become many, and give how many new ones there are; safe in two workers at once."""
    with held("arranging") as is_ours:
        if not is_ours:
            return 0
        made = 0
        for group in islice(_groups(now), DAYS_AT_ONCE):
            parts: Counter[int] = Counter()
            for source, voices in SegmentPart.objects.filter(segment__in=group).values_list("source", "voices"):
                parts[source] += voices
            replace(group, parts=parts, leaves_at=now + READERS_MAY_TAKE)
            made += 1
        return made


def _groups(now: datetime) -> Iterator[list[LogSegment]]:
    """Files that belong together, at least two."""
    names = side_names()
    settled = now - SETTLING
    today = settled.astimezone(HOUSE_ZONE).date()
    days = LogSegment.objects.values("day").annotate(files=Count("pk")).filter(files__gt=1).order_by("day")
    for day in [row["day"] for row in days]:
        by_window: dict[int, list[LogSegment]] = defaultdict(list)
        for row in LogSegment.objects.filter(day=day).order_by("first_seq"):
            window = int(row.written_at.timestamp()) // WINDOW_SECONDS if day >= today else 0
            if (window + 1) * WINDOW_SECONDS <= settled.timestamp():
                by_window[window].append(row)
        for rows in by_window.values():
            if len(rows) > 1 and (names or day < today):
                group = [row for row in rows if all(has_side(as_segment(row), name) for name in names)]
                if len(group) > 1:
                    yield group
