"""The hours of issues as rows: what the narrow log counts is written where it differs from what is there.

Hours older than the narrow log are never touched again, but for voices that come so late.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db.models import Sum

from nhipcau.engine.brief.figures import DAY, HISTORY_DAYS, HOUR, Longs
from nhipcau.issues.looking import Mapped
from nhipcau.issues.models.issues import IssueHour
from nhipcau.issues.narrowlog import NarrowLog

AT_ONCE = 500
Counts = tuple[int, int, int]


def write_hours(log: NarrowLog, mapped: Mapped, *, issues: Collection[int], seen_seq: int, now: datetime) -> None:
    """Bring the hours of some issues up to date.

    Parameters
    ----------
    issues
        Ids of rows; all voices of each count where it is in `mapped`.
    seen_seq
        Voices before it were counted by an earlier picture.
    """
    floor = _floor(now)
    wanted = np.array(sorted(issues), np.int64)
    if not len(wanted):
        return
    key = mapped.keys[mapped.issue]
    chosen = np.isin(mapped.keys, wanted)[mapped.issue]
    time: Longs = log.column("time")
    recent = chosen & (time >= floor)
    late = chosen & (time < floor) & (time >= 0) & (log.column("seq") >= seen_seq)
    counted = _counted(log, key, np.flatnonzero(recent))
    since = datetime.fromtimestamp(floor, UTC)
    before: dict[tuple[int, datetime], tuple[int, Counts]] = {}
    for part in _parts(wanted.tolist()):
        rows = IssueHour.objects.filter(issue_id__in=part, hour__gte=since)
        for pk, issue, hour, *found in rows.values_list("pk", "issue_id", "hour", "voices", "copies", "press"):
            before[issue, hour] = pk, (found[0], found[1], found[2])
    changed = []
    for place, counted_now in counted.items():
        known = before.pop(place, None)
        if known is None or known[1] != counted_now:
            changed.append(_row(place, counted_now))
    IssueHour.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["issue", "hour"],
        update_fields=["voices", "copies", "press"],
        batch_size=AT_ONCE,
    )
    for part in _parts([pk for pk, _ in before.values()]):
        IssueHour.objects.filter(pk__in=part).delete()
    for place, counts in _counted(log, key, np.flatnonzero(late)).items():
        _add(place, counts)


def with_recent_hours(now: datetime) -> set[int]:
    """Issues with hours that the narrow log reaches."""
    since = datetime.fromtimestamp(_floor(now), UTC)
    return set(IssueHour.objects.filter(hour__gte=since).order_by().values_list("issue_id", flat=True).distinct())


def totals_of(issues: Collection[int]) -> dict[int, int]:
    """Voices of each issue over all its hours, those of nothing left out."""
    found: dict[int, int] = {}
    for part in _parts(sorted(issues)):
        rows = IssueHour.objects.filter(issue_id__in=part).order_by().values_list("issue_id")
        found.update(rows.annotate(Sum("voices")))
    return found


def _floor(now: datetime) -> int:
    """From when on all voices are in the narrow log, in seconds since 1970."""
    return (int(now.timestamp()) - (HISTORY_DAYS - 1) * DAY) // DAY * DAY


def _counted(log: NarrowLog, key: Longs, rows: Longs) -> dict[tuple[int, datetime], Counts]:
    if not len(rows):
        return {}
    hour: Any = log.column("time")[rows] // HOUR
    pairs, place = np.unique(np.stack([key[rows], hour]), axis=1, return_inverse=True)
    place = place.reshape(-1)
    is_copy: Any = log.column("is_copy")[rows]
    size = pairs.shape[1]
    voices = np.bincount(place[~is_copy], minlength=size)
    copies = np.bincount(place[is_copy], minlength=size)
    press = np.bincount(place[~is_copy & log.column("is_press")[rows]], minlength=size)
    hours = [datetime.fromtimestamp(int(each) * HOUR, UTC) for each in pairs[1]]
    counts = zip(voices.tolist(), copies.tolist(), press.tolist(), strict=True)
    return dict(zip(zip(pairs[0].tolist(), hours, strict=True), counts, strict=True))


def _add(place: tuple[int, datetime], counts: Counts) -> None:
    row = IssueHour.objects.filter(issue_id=place[0], hour=place[1]).first() or _row(place, (0, 0, 0))
    row.voices, row.copies, row.press = (
        row.voices + counts[0],
        row.copies + counts[1],
        row.press + counts[2],
    )
    row.save()


def _row(place: tuple[int, datetime], counts: Counts) -> IssueHour:
    return IssueHour(issue_id=place[0], hour=place[1], voices=counts[0], copies=counts[1], press=counts[2])


def _parts(values: list[int]) -> list[list[int]]:
    return [values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE)]
