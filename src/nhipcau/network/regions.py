"""Grouping points by nearness into regions of about equal number, for areas that are first set up. Pure rules."""

from __future__ import annotations

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
    """Number of the centre that each name goes to: 'Khu vực Bắc' to the northernmost, others to those that are left.

    Names say where they are by the words for north, south, east and west; where several ask for one centre, the one
    that it fits best has it. Names that say nothing take the rest in order.
    """
    middle = [sum(values) / len(centres) for values in zip(*centres, strict=True)] if centres else [0.0, 0.0]
    wishes = []
    for name, words in enumerate(folded(one).split() for one in names):
        north = sum(COMPASS.get(word, (0, 0))[0] for word in words)
        east = sum(COMPASS.get(word, (0, 0))[1] for word in words)
        if north or east:
            for centre, (latitude, longitude) in enumerate(centres):
                fit = north * (latitude - middle[0]) + east * (longitude - middle[1])
                wishes.append((-fit, name, centre))
    found: dict[int, int] = {}
    for _fit, name, centre in sorted(wishes):
        if name not in found and centre not in found.values():
            found[name] = centre
    left = iter(sorted(set(range(len(centres))) - set(found.values())))
    return [found[name] if name in found else next(left) for name in range(len(names))]


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
