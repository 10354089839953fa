"""Makes `data/places.csv.gz` from an unpacked `vietnamadminunits` 1.0.4 (MIT). No part of a run; no network.

    pip download --no-deps vietnamadminunits==1.0.4 && unzip vietnamadminunits-*.whl -d unpacked
    python -m nhipcau.engine.places.build unpacked/vietnamadminunits src/nhipcau/engine/data/places.csv.gz

Only its tables are read (`data/dataset.db`, `data/converter_2025.json`); its own functions ask map services and are
never called. The same input gives the same bytes. What the columns mean stands in `units.py`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import sys
import unicodedata
from pathlib import Path
from typing import Any, Final

from nhipcau.engine.places.units import COLUMNS, FORMER_PREFIX, REFORM_DAY

KINDS: Final = {
    "Tỉnh": "province",
    "Thành phố": "municipality",
    "Xã": "commune",
    "Phường": "ward",
    "Đặc khu": "special-zone",
    "Thị trấn": "township",
    "Huyện": "district",
    "Quận": "urban-district",
    "Thị xã": "town",
}
"""Type word of the source → kind. A former district-level `Thành phố` is a `city` instead."""

ALIASES: Final = {
    "01": ["Hanoi", "HN"],
    "79": ["TP.HCM", "TPHCM", "HCM", "HCMC", "Sài Gòn", "SG", "Saigon", "Sài Gòn - Gia Định"],
    "46": ["Thừa Thiên Huế", "Thừa Thiên - Huế", "TT-Huế"],
    "66": ["Đăk Lăk", "Đắc Lắc", "Đắc Lắk", "Đak Lak", "Daklak", "Dak Lak"],
    "48": ["Danang"],
    "31": ["Haiphong"],
    "former-67": ["Đăk Nông", "Đắc Nông", "Đak Nông", "Daknong", "Dak Nong"],
    "former-06": ["Bắc Cạn"],
    "former-62": ["Kontum"],
    "former-77": ["BR-VT", "BRVT"],
    "former-643": ["Buôn Mê Thuột", "Ban Mê Thuột", "BMT"],
    "former-540": ["Qui Nhơn"],
    "former-582": ["Phan Rang", "Tháp Chàm"],
    "former-672": ["Đà Lạt", "Dalat"],
    "former-769": ["Quận 2", "Quận 9"],
}
"""Other spellings and common names that the source has not, by our code."""


def _rows(database: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in database.execute(query)]


def _short(full_name: str, type_word: str) -> str:
    """'Phường Láng' becomes 'Láng'; 'Phường 1' stays whole, because 'phường' is all that makes '1' a name."""
    full_name = " ".join(unicodedata.normalize("NFC", full_name).split())
    if not full_name.casefold().startswith(f"{type_word.casefold()} "):
        return full_name
    short = full_name[len(type_word) + 1 :]
    return full_name if short.isdigit() else short


def _position(value: float) -> str:
    return f"{value:.3f}"


def _province_kind(full_name: str) -> str:
    return "municipality" if full_name.startswith("Thành phố ") else "province"


def _successors(converter: dict[str, Any], present_codes: dict[tuple[str, str], str]) -> dict[str, list[str]]:
    """Key of a former commune → codes of the communes that it is part of today, the main one first."""
    successors: dict[str, list[tuple[bool, str]]] = {}
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, former_keys in wards.items():
            for former_key in former_keys:
                successors.setdefault(former_key, []).append((False, present_codes[province, ward]))
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for former_key, parts in divided.items():
            for part in parts:
                entry = (not part["isDefaultNewWard"], present_codes[province, part["newWardKey"]])
                successors.setdefault(former_key, []).append(entry)
    return {key: list(dict.fromkeys(code for _, code in sorted(parts))) for key, parts in successors.items()}


def rows_of_units(package: Path) -> list[dict[str, str]]:
    """All units as rows of the data file: present provinces and communes, then former provinces, districts, communes.

    Parameters
    ----------
    package
        Folder of the unpacked `vietnamadminunits` that holds `data/dataset.db` and `data/converter_2025.json`.
    """
    database = sqlite3.connect(f"{(package / 'data' / 'dataset.db').absolute().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    present = _rows(database, "SELECT * FROM admin_units ORDER BY provinceCode, wardCode")
    former = _rows(database, "SELECT * FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode")
    database.close()
    converter = json.loads((package / "data" / "converter_2025.json").read_text(encoding="utf-8"))

    present_codes = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in present}
    province_codes = {row["provinceKey"]: row["provinceCode"] for row in present}
    province_today = {old: province_codes[new] for new, olds in converter["DICT_PROVINCE"].items() for old in olds}
    successors = _successors(converter, present_codes)

    provinces: dict[str, dict[str, str]] = {}
    communes: list[dict[str, str]] = []
    former_provinces: dict[str, dict[str, str]] = {}
    former_districts: dict[str, dict[str, str]] = {}
    district_successors: dict[str, dict[str, None]] = {}
    former_communes: list[dict[str, str]] = []

    for row in present:
        code = row["provinceCode"]
        kind = _province_kind(row["province"])
        provinces.setdefault(
            code,
            _present(code, row["provinceShort"], kind, "", code, row["provinceLat"], row["provinceLon"]),
        )
        name = _short(row["ward"], row["wardType"])
        kind = KINDS[row["wardType"]]
        communes.append(_present(row["wardCode"], name, kind, code, code, row["wardLat"], row["wardLon"]))
    for row in former:
        code = FORMER_PREFIX + row["provinceCode"]
        today = province_today[row["provinceKey"]]
        kind = _province_kind(row["province"])
        place = (row["provinceLat"], row["provinceLon"])
        former_provinces.setdefault(code, _former(code, row["provinceShort"], kind, "", today, *place, [today]))
        district = FORMER_PREFIX + row["districtCode"]
        key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
        district_successors.setdefault(district, {}).update(dict.fromkeys(successors[key]))
        place = (row["districtLat"], row["districtLon"])
        kind = "city" if row["districtType"] == "Thành phố" else KINDS[row["districtType"]]
        name = _short(row["district"], row["districtType"])
        former_districts.setdefault(district, _former(district, name, kind, code, today, *place, []))
        if row["ward"]:  # five island districts had no communes
            place = (row["wardLat"], row["wardLon"])
            kind = KINDS[row["wardType"]]
            commune = FORMER_PREFIX + row["wardCode"]
            name = _short(row["ward"], row["wardType"])
            former_communes.append(_former(commune, name, kind, district, today, *place, successors[key]))
    for district, codes in district_successors.items():
        former_districts[district]["former_of"] = " ".join(codes)

    units = [*provinces.values(), *communes, *former_provinces.values(), *former_districts.values(), *former_communes]
    for unit in units:
        unit["aliases"] = ";".join(ALIASES.get(unit["code"], []))
    return units


def _present(
    code: str, name: str, kind: str, parent: str, province: str, latitude: float, longitude: float
) -> dict[str, str]:
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "parent": parent,
        "province": province,
        "latitude": _position(latitude),
        "longitude": _position(longitude),
        "valid_from": REFORM_DAY,
        "valid_to": "",
        "former_of": "",
    }


def _former(
    code: str, name: str, kind: str, parent: str, province: str, latitude: float, longitude: float, of: list[str]
) -> dict[str, str]:
    unit = _present(code, name, kind, parent, province, latitude, longitude)
    return unit | {"valid_from": "", "valid_to": REFORM_DAY, "former_of": " ".join(of)}


def write(units: list[dict[str, str]], out: Path) -> None:
    """Write the rows as gzipped CSV; the same rows always give the same bytes (no time stamp, no file name)."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(units)
    with (
        out.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as zipped,
    ):
        zipped.write(text.getvalue().encode("utf-8"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m nhipcau.engine.places.build UNPACKED_VIETNAMADMINUNITS OUT.csv.gz")
    write(rows_of_units(Path(sys.argv[1])), Path(sys.argv[2]))
