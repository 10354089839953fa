"""Grouping points by nearness into regions of about equal number, for areas that are first set up. Pure rules."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

from nhipcau.network.spelling import folded

COMPASS: Final = {
    "bac": (1, 0),
    "nam": (-1, 0),
    "dong": (0, 1),
    "tay": (0, -1),
    "north": (1, 0),
    "south": (-1, 0),
    "east": (0, 1),
    "west": (0, -1),
}
"""Word of a direction, without signs → north and east."""


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


def by_names(centres: Sequence[tuple[float, float]], names: Sequence[str]) -> list[int]:
    """Number of the centre that each name goes to, so that 'Khu vực Bắc' lies north of the others.

    Names begin in order and change places two by two, as long as together they then lie more where their words for
    north, south, east and west say; names that say nothing lie anywhere equally well.
    """
    if len(names) != len(centres):
        raise ValueError("there are not as many names as centres")
    asked = [[COMPASS[word] for word in folded(name).split() if word in COMPASS] for name in names]
    directions = [(sum(north for north, _ in words), sum(east for _, east in words)) for words in asked]
    fits = [[north * latitude + east * longitude for latitude, longitude in centres] for north, east in directions]
    found = list(range(len(names)))
    is_changed = True
    while is_changed:
        is_changed = False
        for one, other in itertools.combinations(range(len(names)), 2):
            here, there = found[one], found[other]
            gain = fits[one][there] + fits[other][here] - fits[one][here] - fits[other][there]
            if gain > 1e-9:
                found[one], found[other] = there, here
                is_changed = True
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
