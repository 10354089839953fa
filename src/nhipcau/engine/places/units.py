"""What a unit is: the columns of a gazetteer file, kinds and their Vietnamese type words, and `Place`. No searching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

COLUMNS: Final = (
    "code",
    "name",
    "kind",
    "parent",
    "province",
    "latitude",
    "longitude",
    "valid_from",
    "valid_to",
    "former_of",
    "aliases",
)
"""Columns of `data/places.csv.gz`, one unit a row.

`code` is the official code; a former unit's has `FORMER_PREFIX` before it, because today's provinces took over codes of
former ones (15 was Yên Bái and is Lào Cai). `parent` is the unit above it, `province` the *present* province that it
lies in, `valid_from` the first day on which it stood and `valid_to` the first on which it no longer did, empty where
that is not known or has not come. `former_of` are the codes of the present units that a former one lies in, divided by
blanks, the main one first. `aliases` are other spellings, divided by semicolons. Coordinates are WGS 84 degrees.
"""

REFORM_DAY: Final = "2025-07-01"
"""The day on which the districts ended and 34 provinces and 3,321 communes began."""

FORMER_PREFIX: Final = "former-"

TYPE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "province": ("tỉnh",),
    "municipality": ("thành phố", "tp"),
    "commune": ("xã",),
    "ward": ("phường",),
    "special-zone": ("đặc khu",),
    "township": ("thị trấn",),
    "district": ("huyện",),
    "urban-district": ("quận",),
    "town": ("thị xã", "tx"),
    "city": ("thành phố", "tp"),
    "place": (),
}
"""Kind → the words that stand before a name of that kind, the full one first."""

PROVINCE_LEVEL: Final = frozenset({"province", "municipality"})
DISTRICT_LEVEL: Final = frozenset({"district", "urban-district", "town", "city"})
COMMUNE_LEVEL: Final = frozenset({"commune", "ward", "special-zone", "township"})


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a gazetteer: one unit, a name that several units bear, or a name that the gazetteer does not list.

    `kind` is a key of `TYPE_WORDS`, `"ambiguous"` (then `candidates` are the codes that the name may mean) or
    `"unlisted"` (a free name from a place column). `province` is the code of the present province, empty where unknown.
    `successors` are the codes of the present units that a former one lies in, the main one first.
    """

    code: str
    name: str
    kind: str
    province: str = ""
    parent: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_former: bool = False
    successors: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The name with its Vietnamese type word: 'xã Tân Lập', 'Phường 1'."""
        words = TYPE_WORDS.get(self.kind, ())
        if not words or self.name.casefold().startswith(f"{words[0]} "):
            return self.name
        return f"{words[0]} {self.name}"


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a gazetteer in columns, n rows.

    `parent` and `province` are int32[n], rows of the unit above and of the present province, -1 where there is none.
    `level` is int8[n]: 3 province, 2 district, 1 commune, 0 any other place. `former` is bool[n]. `successors` holds
    the rows of present units of each former one, the main one first.
    """

    code: list[str]
    name: list[str]
    kind: list[str]
    aliases: list[tuple[str, ...]]
    parent: npt.NDArray[np.int32]
    province: npt.NDArray[np.int32]
    level: npt.NDArray[np.int8]
    former: npt.NDArray[np.bool_]
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]
    successors: list[tuple[int, ...]]

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.code)

    def place(self, row: int) -> Place:
        """Return the unit of a row."""
        latitude, longitude = float(self.latitude[row]), float(self.longitude[row])
        province, parent = int(self.province[row]), int(self.parent[row])
        return Place(
            code=self.code[row],
            name=self.name[row],
            kind=self.kind[row],
            province=self.code[province] if province >= 0 else "",
            parent=self.code[parent] if parent >= 0 else "",
            latitude=None if np.isnan(latitude) else latitude,
            longitude=None if np.isnan(longitude) else longitude,
            is_former=bool(self.former[row]),
            successors=tuple(self.code[successor] for successor in self.successors[row]),
        )


def level_of(kind: str) -> int:
    """Return 3 for a province, 2 for a district, 1 for a commune, 0 for any other place."""
    if kind in PROVINCE_LEVEL:
        return 3
    if kind in DISTRICT_LEVEL:
        return 2
    return 1 if kind in COMMUNE_LEVEL else 0
