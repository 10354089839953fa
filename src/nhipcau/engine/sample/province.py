"""The made-up province: its communes with their former names, its areas, and the sources where people speak.

Every name is invented; none is the name of a unit in Viet Nam (a test holds the files to that).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

PROVINCE: Final = "Hoài Giang"
STATEMENT_VI: Final = (
    "Dữ liệu mẫu do máy sinh ra: tỉnh Hoài Giang, các xã, phường, trang và người trong đó đều không có thật."
)
STATEMENT_EN: Final = (
    "Sample data made by a program: the province of Hoài Giang, its communes, pages and people do not exist."
)

SETTLEMENTS: Final = ("ấp", "thôn", "khu phố")
"""What a commune calls its parts; wards have the last."""


@dataclass(frozen=True, slots=True)
class Commune:
    """One of the 150. `settlement` is a row of `SETTLEMENTS`, `area` the number of its area."""

    code: str
    name: str
    former_name: str
    is_ward: bool
    area: int
    settlement: int

    @property
    def type_word(self) -> str:
        """'xã' or 'phường'."""
        return "phường" if self.is_ward else "xã"

    @property
    def full_name(self) -> str:
        """'xã Suối Sến'."""
        return f"{self.type_word} {self.name}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where people speak. A source of an area or a commune names it, others have `area` and `commune` of -1."""

    name: str
    channel: str
    topics: tuple[str, ...]
    weight: float
    area: int = -1
    commune: int = -1


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files("nhipcau.engine.sample") / "data" / name
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@cache
def areas() -> tuple[str, ...]:
    """Read the 18 areas, groups of communes that work together; not a level of administration."""
    return tuple(row["name"] for row in _rows("province.csv") if row["kind"] == "place")


@cache
def communes() -> tuple[Commune, ...]:
    """Read the 150 communes and wards."""
    rows = _rows("province.csv")
    area_codes = [row["code"] for row in rows if row["kind"] == "place"]
    former = {row["former_of"]: row["name"] for row in rows if row["former_of"]}
    found = []
    for row in rows:
        if row["kind"] in ("ward", "commune") and not row["former_of"]:
            area = area_codes.index(row["parent"])
            is_ward = row["kind"] == "ward"
            found.append(
                Commune(
                    code=row["code"],
                    name=row["name"],
                    former_name=former[row["code"]],
                    is_ward=is_ward,
                    area=area,
                    # The lowland areas say 'ấp', the upland ones 'thôn'.
                    settlement=2 if is_ward else int(area >= 10),
                )
            )
    return tuple(found)


@cache
def sources() -> tuple[Source, ...]:
    """List offices' pages, hotlines, surveys, radio and press, then a page for each area and every fifth commune."""
    named = [
        Source(row["name"], row["channel"], tuple(row["topic"].split()), float(row["weight"]))
        for row in _rows("sources.csv")
    ]
    by_area = [
        Source(f"Trang khu vực {name}", "page", ("area",), 1.0, area=number) for number, name in enumerate(areas())
    ]
    by_commune = [
        Source(f"Trang {place.full_name}", "page", ("commune",), 1.0, area=place.area, commune=number)
        for number, place in enumerate(communes())
        if number % 5 == 0
    ]
    return (*named, *by_area, *by_commune)


def gazetteer_path() -> Path:
    """Return the province as a gazetteer file, in the columns of the engine's own list of units."""
    with resources.as_file(resources.files("nhipcau.engine.sample") / "data" / "province.csv") as path:
        return Path(path)
