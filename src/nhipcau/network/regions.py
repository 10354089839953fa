"""Grouping points by nearness into regions of about equal number, for areas that are first set up. Pure rules."""

from __future__ import annotations

import math
from collections.abc import Sequence


def regions(coordinates: Sequence[tuple[float, float]], count: int) -> list[int]:
    """Number of the region, 0 to `count` - 1, of each (latitude, longitude).

    The points are halved again and again across their longer side, in proportion to the regions still to be made; so
    regions hang together, their sizes differ by one at most, and the same points give the same regions. Regions are
    numbered from west to east and south to north as they are cut.
    """
    if count < 1:
        raise ValueError("count is below 1")
    found = [0] * len(coordinates)
    _cut(coordinates, list(range(len(coordinates))), 0, count, found)
    return found


def _cut(
    coordinates: Sequence[tuple[float, float]], members: list[int], first: int, count: int, found: list[int]
) -> None:
    if count == 1 or not members:
        for member in members:
            found[member] = first
        return
    latitudes = [coordinates[member][0] for member in members]
    longitudes = [coordinates[member][1] for member in members]
    narrowing = math.cos(math.radians(sum(latitudes) / len(latitudes)))
    wide = (max(longitudes) - min(longitudes)) * narrowing >= max(latitudes) - min(latitudes)
    axis = 1 if wide else 0
    members = sorted(members, key=lambda member: (coordinates[member][axis], coordinates[member][1 - axis], member))
    left = count // 2
    base, larger = divmod(len(members), count)
    border = base * left + min(left, larger)
    _cut(coordinates, members[:border], first, left, found)
    _cut(coordinates, members[border:], first + left, count - left, found)
