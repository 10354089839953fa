"""The offices and people of the sample province: made up, the same every time. No database.

Names of the province, its areas and communes are those of `nhipcau.engine.sample`. The places lie at 0° N 0° E, where
no land is, so that nobody takes them for places of Viet Nam; telephone numbers have a country code that no country has.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Final

from nhipcau.engine.sample.province import PROVINCE, areas, communes
from nhipcau.network.officefields import OfficeFields, RouteFields
from nhipcau.network.worktime import OFFICE_HOURS

HUB_CODE: Final = "S"
SINCE: Final = datetime.date(2025, 7, 1)
DEPARTMENTS: Final = (
    ("SYT", "Sở Y tế", "Department of Health"),
    ("SGDDT", "Sở Giáo dục và Đào tạo", "Department of Education and Training"),
    ("SNNMT", "Sở Nông nghiệp và Môi trường", "Department of Agriculture and Environment"),
    ("SXD", "Sở Xây dựng", "Department of Construction"),
    ("SNV", "Sở Nội vụ", "Department of Home Affairs"),
    ("CAT", "Công an tỉnh", "Provincial Police"),
    ("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", "Department of Culture, Sports and Tourism"),
    ("SCT", "Sở Công Thương", "Department of Industry and Trade"),
    ("SKHCN", "Sở Khoa học và Công nghệ", "Department of Science and Technology"),
)
_SURNAMES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Điểu", "Võ", "Đặng", "Bùi", "Đỗ", "Thị", "Hồ", "Lý")
_MIDDLES: Final = ("Văn", "Thị", "Minh", "Thu", "Quốc", "Ngọc", "Đức", "Thanh", "Hữu", "Kim", "Xuân")
_GIVEN: Final = (
    *("An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hạnh", "Hiếu", "Hương", "Khánh", "Lan", "Liên", "Long", "Mai"),
    *("Nam", "Nga", "Phong", "Phúc", "Quỳnh", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Vân", "Việt", "Yến"),
)


@dataclass(frozen=True, slots=True)
class SampleOffice:
    """An office with the codes of what it answers to and what coordinates it."""

    fields: OfficeFields
    parent: str
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A made-up person with one role at one office."""

    email: str
    name: str
    phone: str
    office: str
    role: str


def sample_offices() -> list[SampleOffice]:
    """A hub, nine areas and nine departments, 150 points."""
    offices = [SampleOffice(_hub(), "")]
    names = areas()
    for number in range(len(names) // 2):
        offices.append(SampleOffice(_area(number, names[2 * number : 2 * number + 2]), HUB_CODE))
    for number, (code, name, name_en) in enumerate(DEPARTMENTS):
        latitude, longitude = _around(*_HUB_PLACE, number + 1, 0.03)
        fields = _office(code, name, name_en, "department", latitude, longitude)
        offices.append(SampleOffice(fields, HUB_CODE))
    seen = [0] * len(names)
    for commune in communes():
        latitude, longitude = _around(*_area_place(commune.area), 1 + seen[commune.area], 0.026)
        is_upland = commune.area >= 10
        # every third point of the upland areas also serves people in another language
        languages = ("vi", "sti" if commune.area % 2 else "km") if is_upland and not seen[commune.area] % 3 else ("vi",)
        seen[commune.area] += 1
        fields = _office(
            commune.code,
            commune.full_name[0].upper() + commune.full_name[1:],
            f"{commune.name} {'Ward' if commune.is_ward else 'Commune'}",
            "point",
            latitude,
            longitude,
            languages=languages,
        )
        offices.append(SampleOffice(fields, HUB_CODE, (_area_code(commune.area // 2),)))
    return offices


def sample_people() -> list[SamplePerson]:
    """People in every role: nine at the hub, two at each area and department, one or two at each point."""
    posts = [(HUB_CODE, role) for role in ("administrator", "leader", "leader", *["analyst"] * 5, "auditor")]
    for office in sample_offices():
        code, kind = office.fields.code, office.fields.kind
        if kind in ("area", "department"):
            posts += [(code, "leader"), (code, "officer")]
        elif kind == "point":
            posts.append((code, "officer"))
            if code.endswith(("1", "4", "7")):
                posts.append((code, "leader"))
    people, used = [], dict[tuple[str, str], int]()
    for number, (office_code, role) in enumerate(posts):
        used[office_code, role] = used.get((office_code, role), 0) + 1
        again = used[office_code, role]
        mailbox = f"{_ROLE_WORDS[role]}{again if again > 1 else ''}.{office_code.lower()}"
        email = f"{mailbox}@hoaigiang.example"
        people.append(SamplePerson(email, _name(number), f"+999 90 {number:04d}", office_code, role))
    return people


_ROLE_WORDS: Final = {
    "administrator": "quantri",
    "leader": "lanhdao",
    "analyst": "phantich",
    "officer": "canbo",
    "auditor": "giamsat",
}
_HUB_PLACE: Final = (0.1, -0.2)


def _name(number: int) -> str:
    """Another name for each number up to 3,861: the three lists have lengths without common divisors."""
    surname, middle = _SURNAMES[number % len(_SURNAMES)], _MIDDLES[number % len(_MIDDLES)]
    return f"{surname} {middle} {_GIVEN[(number * 5) % len(_GIVEN)]}"


def _hub() -> OfficeFields:
    name, name_en = f"Trung tâm Truyền thông tỉnh {PROVINCE}", f"Communication Centre of {PROVINCE} Province"
    latitude, longitude = _HUB_PLACE
    return _office(HUB_CODE, name, name_en, "hub", latitude, longitude, languages=("vi", "en"), place_code="S")


def _area(number: int, names: tuple[str, ...]) -> OfficeFields:
    places = [_area_place(2 * number), _area_place(2 * number + 1)]
    latitude, longitude = (sum(values) / 2 for values in zip(*places, strict=True))
    joined = " – ".join(names)
    return _office(_area_code(number), f"Khu vực {joined}", f"{joined} Area", "area", latitude, longitude)


def _area_code(number: int) -> str:
    return f"KV{number + 1}"


def _office(
    code: str,
    name: str,
    name_en: str,
    kind: str,
    latitude: float,
    longitude: float,
    *,
    languages: tuple[str, ...] = ("vi",),
    place_code: str = "",
) -> OfficeFields:
    number = sum(ord(sign) * (place + 7) for place, sign in enumerate(code)) % 10000
    return OfficeFields(
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        place_code=place_code or (code if kind == "point" else ""),
        latitude=round(latitude, 4),
        longitude=round(longitude, 4),
        languages=languages,
        working_hours=OFFICE_HOURS if kind == "hub" else None,
        opened_on=SINCE,
        routes=(
            RouteFields("phone", f"+999 271 {number:04d}"),
            RouteFields("email", f"diemcau.{code.lower()}@hoaigiang.example"),
        ),
    )


def _area_place(number: int) -> tuple[float, float]:
    """Areas stand in three rows of six, every second row pushed aside, around the hub."""
    row, column = divmod(number, 6)
    return 0.19 * (1 - row) + 0.05 * (column % 2) - 0.025, 0.2 * (column - 2.5) + 0.05 * (row % 2)


def _around(latitude: float, longitude: float, number: int, spacing: float) -> tuple[float, float]:
    """Give the place of that number on a spiral; neighbours are about `spacing` degrees apart."""
    turn, distance = number * math.pi * (3 - math.sqrt(5)), spacing * math.sqrt(number)
    return latitude + distance * math.sin(turn), longitude + distance * math.cos(turn)
