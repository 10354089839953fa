"""Points of a province on a plain canvas: coordinates become positions and a scale bar. No tiles, no outlines.

Which offices are shown and how they stand is in `queries/office_map.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

KILOMETRES_PER_DEGREE: Final = 111.32
NARROWEST: Final = 0.02
"""Degrees; points that are nearer together are not drawn farther apart than these would be."""
_BARS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Canvas:
    """Positions on a canvas, in its units, and a bar of so many kilometres."""

    width: int
    height: int
    positions: tuple[tuple[float, float], ...]
    bar_kilometres: int
    bar_length: float


def project(
    coordinates: Sequence[tuple[float, float]], *, width: int = 1000, height: int = 640, margin: int = 40
) -> Canvas:
    """Lay (latitude, longitude) out on a canvas of at most that size, north above; a degree is as long both ways.

    The projection is equirectangular about the middle latitude, which over a province is off by less than a hundredth.
    """
    if not coordinates:
        return Canvas(width, height, (), 0, 0.0)
    latitudes = [latitude for latitude, _ in coordinates]
    longitudes = [longitude for _, longitude in coordinates]
    narrowing = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    east = [(longitude - min(longitudes)) * narrowing for longitude in longitudes]
    south = [max(latitudes) - latitude for latitude in latitudes]
    scale = min((width - 2 * margin) / max(*east, NARROWEST), (height - 2 * margin) / max(*south, NARROWEST))
    # a single point, or points above one another, still get a canvas that is not a line
    used_width = min(max(math.ceil(max(east) * scale) + 2 * margin, width // 2), width)
    used_height = min(max(math.ceil(max(south) * scale) + 2 * margin, height // 3), height)
    left, top = (used_width - max(east) * scale) / 2, (used_height - max(south) * scale) / 2
    positions = tuple((round(left + x * scale, 1), round(top + y * scale, 1)) for x, y in zip(east, south, strict=True))
    units_per_kilometre = scale / KILOMETRES_PER_DEGREE
    bar = max((length for length in _BARS if length * units_per_kilometre <= used_width / 4), default=1)
    return Canvas(used_width, used_height, positions, bar, round(bar * units_per_kilometre, 1))
