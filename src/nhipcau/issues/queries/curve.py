"""An issue over time: its voices by hour, what is expected next, its heat in parts; drawn, and as rows by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from nhipcau.issues.charts import PARTS, Axis, heat_line, voices_line
from nhipcau.issues.models.issues import Issue, IssueMoment, Level
from nhipcau.issues.queries.hournumbers import HourNumber, hours_after

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MOST_EXPECTED: Final = 72
MOST_TICKS: Final = 10


class Moment(NamedTuple):
    """How the issue stood at an hour: what is drawn of it."""

    at: datetime
    heat: float
    heat_parts: dict[str, Any]
    level: int


@dataclass(frozen=True)
class Curve:
    """What is drawn: whole hours from `begin` to `end`, the expected ones after it, and the moments in between."""

    begin: datetime
    end: datetime
    voices: list[int]
    copies: list[int]
    expected: list[tuple[float, float, float]]
    moments: list[Moment]

    def step(self, at: datetime) -> float:
        """Where a moment lies, in hours from the left."""
        return min(max((at - self.begin) / HOUR, 0.0), float(len(self.voices)))


def curve_of(issue: Issue, *, until: datetime, days: int) -> Curve:
    """Read the curve of the last days. Two queries."""
    zone = timezone.get_current_timezone()
    end = until.astimezone(zone).replace(minute=0, second=0, microsecond=0) + HOUR
    first = issue.first_seen_at.astimezone(zone).replace(minute=0, second=0, microsecond=0) - HOUR
    begin = max(end - days * DAY, min(first, end - DAY))
    steps = max(1, round((end - begin) / HOUR))
    voices, copies = [0] * steps, [0] * steps
    hours, after = issue.hours.filter(hour__gte=begin, hour__lt=end), hours_after(begin)
    for hour, count, copied in hours.values_list(HourNumber("hour"), "voices", "copies"):
        step = min(after(hour), steps - 1)
        voices[step] += count
        copies[step] += copied
    expected = [
        (float(one["mean"]), float(one["lo80"]), float(one["hi80"]))
        for one in issue.forecast[:MOST_EXPECTED]
        if datetime.fromisoformat(one["time"]) >= end - HOUR
    ]
    found = IssueMoment.objects.filter(issue=issue, at__gte=begin, at__lte=end).order_by("at")
    moments = [Moment(*row) for row in found.values_list("at", "heat", "heat_parts", "level")]
    return Curve(begin, end, voices, copies, expected, moments)


def drawn(issue: Issue, curve: Curve, marks: Sequence[tuple[datetime, int]]) -> tuple[SafeString, SafeString]:
    """Draw heat in its parts, and voices with what is expected: one above the other, on the same axis."""
    axis = Axis(
        steps=len(curve.voices) + len(curve.expected),
        ticks=_ticks(curve),
        marks=[(curve.step(at), number) for at, number in marks],
    )
    heats = [(curve.step(one.at), [float(one.heat_parts.get(name) or 0) for name in PARTS]) for one in curve.moments]
    span = {"begin": date_format(curve.begin, "H:i d/m"), "end": date_format(curve.end, "H:i d/m")}
    highest = max((one.heat for one in curve.moments), default=0.0)
    heat_title = gettext("Heat and its parts from %(begin)s to %(end)s; highest %(highest)s of 100")
    voices_title = gettext("Voices by hour from %(begin)s to %(end)s; the most in an hour %(most)s")
    if curve.expected:
        voices_title = gettext(
            "Voices by hour from %(begin)s to %(end)s, the most in an hour %(most)s; then what is expected"
        )
    return (
        heat_line(
            heats, end=float(len(curve.voices)), axis=axis, title=heat_title % {**span, "highest": round(highest)}
        ),
        voices_line(curve.voices, curve.expected, axis=axis, title=voices_title % {**span, "most": max(curve.voices)}),
    )


def _ticks(curve: Curve) -> list[tuple[float, str]]:
    whole = len(curve.voices) + len(curve.expected)
    every = max(1, -(-whole // (24 * MOST_TICKS)))
    day, ticks = curve.begin.replace(hour=0) + DAY, []
    while (at := (day - curve.begin) / HOUR) < whole:
        ticks.append((at, date_format(day, "d/m")))
        day += every * DAY
    return ticks


def day_rows(curve: Curve) -> list[dict[str, Any]]:
    """Give the same as rows by day, the latest first."""
    rows: dict[Any, dict[str, Any]] = {}
    for step, (voices, copies) in enumerate(zip(curve.voices, curve.copies, strict=True)):
        day = (curve.begin + step * HOUR).date()
        row = rows.setdefault(day, {"day": day, "voices": 0, "copies": 0, "heat": None, "level": Level.NONE})
        row["voices"] += voices
        row["copies"] += copies
    for moment in curve.moments:
        found = rows.get(timezone.localtime(moment.at - timedelta(seconds=1)).date())
        if found is not None:
            found["heat"] = max(found["heat"] or 0.0, moment.heat)
            found["level"] = max(found["level"], Level(moment.level))
    return list(rows.values())[::-1]
