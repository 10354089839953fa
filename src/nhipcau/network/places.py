"""Today's 34 provinces and 3,321 communes with codes, names and coordinates, from the list that comes with the engine.

Only what a centre starts from; finding places in texts is `nhipcau.engine.places`. Nothing is asked of the network.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

TYPE_WORDS: Final = {
    "province": ("Tỉnh", "Province"),
    "municipality": ("Thành phố", "City"),
    "commune": ("Xã", "Commune"),
    "ward": ("Phường", "Ward"),
    "special-zone": ("Đặc khu", "Special zone"),
}
"""Kinds of today's units → the word before a name, Vietnamese and English."""
_PROVINCES: Final = frozenset({"province", "municipality"})


@dataclass(frozen=True, slots=True)
class Place:
    """A province or a commune of today; `name` has no type word unless the name is a number."""

    code: str
    name: str
    kind: str
    province_code: str
    latitude: float
    longitude: float

    @property
    def full_name(self) -> str:
        """'Xã Suối Sến'; 'Phường 1' is so already."""
        word = TYPE_WORDS[self.kind][0]
        return self.name if self.name.startswith(f"{word} ") else f"{word} {self.name}"

    @property
    def name_en(self) -> str:
        """'Suối Sến Commune'; the name itself keeps its signs."""
        vietnamese, english = TYPE_WORDS[self.kind]
        return f"{self.name.removeprefix(f'{vietnamese} ')} {english}"


@lru_cache(maxsize=1)
def _places() -> tuple[Place, ...]:
    packed = (files("nhipcau.engine") / "data" / "places.csv.gz").read_bytes()
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8")))
    return tuple(
        Place(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            province_code=row["province"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in rows
        if not row["valid_to"]
    )


@lru_cache(maxsize=1)
def provinces() -> tuple[Place, ...]:
    """Today's provinces and centrally governed cities, in the order of their codes."""
    return tuple(place for place in _places() if place.kind in _PROVINCES)


def communes_of(province_code: str) -> tuple[Place, ...]:
    """Today's communes, wards and special zones of a province, in the order of their codes."""
    return tuple(place for place in _places() if place.province_code == province_code and place.kind not in _PROVINCES)


def province(code: str) -> Place | None:
    """The province of that code, if there is one."""
    return next((place for place in provinces() if place.code == code), None)
