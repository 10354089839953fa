"""The map of points: where offices lie on the canvas and how they stand with their directives. Two queries.

Laying out is `officemap.py`; the page draws shapes and the same rows as a table.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.network.officemap import Canvas, project
from nhipcau.network.taskstates import HANDED_IN, UNREAD


class Standing(StrEnum):
    """How an office stands, the most pressing first."""

    LATE = "late"
    UNREAD = "unread"
    WORKING = "working"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """An office on the canvas; without coordinates it has no position and is only in the table."""

    office: Office
    standing: Standing
    late: int
    unread: int
    open: int
    position: tuple[float, float] | None

    @property
    def coordinates(self) -> str:
        """Latitude and longitude to a thousandth of a degree, about a hundred metres."""
        return f"{self.office.latitude:.3f}, {self.office.longitude:.3f}"

    @property
    def is_named(self) -> bool:
        """Whether its name stands on the map: hub and areas; the others have theirs in the table."""
        return self.office.kind in (OfficeKind.HUB, OfficeKind.AREA)


@dataclass(frozen=True, slots=True)
class OfficeMap:
    """The canvas with its points, the pressing ones last, so that they are drawn on top."""

    canvas: Canvas
    points: list[MapPoint]

    @property
    def placed(self) -> list[MapPoint]:
        """Those that have a position."""
        return sorted((point for point in self.points if point.position), key=_weight)

    @property
    def named(self) -> list[MapPoint]:
        """Those whose names stand on the map."""
        return [point for point in self.points if point.position and point.is_named]

    @property
    def pressing_first(self) -> list[MapPoint]:
        """All, for the table."""
        return sorted(self.points, key=_weight, reverse=True)

    @property
    def bar_top(self) -> int:
        """Where the scale bar lies."""
        return self.canvas.height - 14

    def count(self, standing: Standing) -> int:
        """How many stand so."""
        return sum(point.standing == standing for point in self.points)

    @property
    def counts(self) -> list[tuple[Standing, int]]:
        """How many stand how."""
        return [(standing, self.count(standing)) for standing in Standing]


def map_of(offices: Collection[Office], recipients: QuerySet[TaskRecipient], *, now: datetime.datetime) -> OfficeMap:
    """Lay offices out with how they stand by those of the recipients that the reader may see; one query."""
    late = ~Q(state__in=HANDED_IN) & Q(due_at__lt=now)
    open_ones = recipients.filter(settled_at__isnull=True).order_by()
    tallies = {
        office: (late_count, unread_count, all_count)
        for office, late_count, unread_count, all_count in open_ones.values("office")
        .annotate(late=Count("pk", filter=late), unread=Count("pk", filter=Q(state__in=UNREAD)), all=Count("pk"))
        .values_list("office", "late", "unread", "all")
    }
    there = [(one.latitude, one.longitude) for one in offices if one.latitude is not None and one.longitude is not None]
    canvas = project(there)
    positions = iter(canvas.positions)
    points = []
    for office in offices:
        late_count, unread_count, all_count = tallies.get(office.pk, (0, 0, 0))
        standing = _standing(late_count, unread_count, all_count)
        position = None if office.latitude is None or office.longitude is None else next(positions)
        points.append(MapPoint(office, standing, late_count, unread_count, all_count, position))
    return OfficeMap(canvas, points)


def _standing(late: int, unread: int, all_open: int) -> Standing:
    if late:
        return Standing.LATE
    if unread:
        return Standing.UNREAD
    return Standing.WORKING if all_open else Standing.QUIET


def _weight(point: MapPoint) -> int:
    return -list(Standing).index(point.standing)
