from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from nhipcau.engine.places.build import rows_of_units, write


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A made-up province in the shape of the source: two communes, one of which was divided."""
    data = tmp_path / "vietnamadminunits" / "data"
    data.mkdir(parents=True)
    with sqlite3.connect(data / "dataset.db") as database:
        database.execute(
            "CREATE TABLE admin_units (province, ward, provinceShort, wardType, provinceCode, provinceLat, provinceLon,"
            " wardCode, wardLat, wardLon, provinceKey, wardKey)"
        )
        province = ("Tỉnh Mai Giang", "Mai Giang", "75", 11.5, 106.5, "tinhmaigiang")
        for ward, kind, code, key in (("Xã Bàu Sen", "Xã", "00002", "xabausen"), ("Phường 1", "Phường", "00001", "p1")):
            database.execute(
                "INSERT INTO admin_units VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (province[0], ward, province[1], kind, *province[2:5], code, 11.1234, 106.1, province[5], key),
            )
        database.execute(
            "CREATE TABLE admin_units_legacy (province, district, ward, provinceShort, districtType, wardType,"
            " provinceCode, provinceLat, provinceLon, districtCode, districtLat, districtLon, wardCode, wardLat,"
            " wardLon, provinceKey, districtKey, wardKey)"
        )
        for district, kind, ward, code, key in (
            ("Thị Xã Bàu Lâm", "Thị xã", "Xã Bàu  Sen", "00002", "xabausen"),
            ("Thị Xã Bàu Lâm", "Thị xã", None, None, None),
        ):
            database.execute(
                f"INSERT INTO admin_units_legacy VALUES ({','.join('?' * 18)})",
                ("Tỉnh Mai Giang", district, ward, "Mai Giang", kind, "Xã", "15", 11.5, 106.5, "272", 11.2, 106.2, code,
                 11.1, 106.1, "tinhmaigiang", "thixabaulam", key),
            )  # fmt: skip
    database.close()
    (data / "converter_2025.json").write_text(
        json.dumps(
            {
                "DICT_PROVINCE": {"tinhmaigiang": ["tinhmaigiang"]},
                "DICT_PROVINCE_WARD_NO_DIVIDED": {"tinhmaigiang": {"p1": ["tinhmaigiang_thixabaulam_"]}},
                "DICT_PROVINCE_WARD_DIVIDED": {
                    "tinhmaigiang": {
                        "tinhmaigiang_thixabaulam_xabausen": [
                            {"newWardKey": "p1", "isDefaultNewWard": False},
                            {"newWardKey": "xabausen", "isDefaultNewWard": True},
                        ]
                    }
                },
            }
        )
    )
    return data.parent


def test_units_and_their_links(package: Path) -> None:
    units = {unit["code"]: unit for unit in rows_of_units(package)}
    assert list(units) == ["75", "00001", "00002", "former-15", "former-272", "former-00002"]
    assert (units["00001"]["name"], units["00002"]["name"]) == ("Phường 1", "Bàu Sen")
    assert units["00002"]["latitude"] == "11.123"
    assert (units["former-15"]["province"], units["former-15"]["former_of"]) == ("75", "75")
    assert (units["former-272"]["name"], units["former-272"]["kind"]) == ("Bàu Lâm", "town")
    assert units["former-00002"]["former_of"] == "00002 00001"
    assert set(units["former-272"]["former_of"].split(" ")) == {"00001", "00002"}
    assert units["former-00002"]["parent"] == "former-272"
    assert (units["75"]["valid_from"], units["former-15"]["valid_to"]) == ("2025-07-01", "2025-07-01")


def test_the_same_input_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        write(rows_of_units(package), tmp_path / name)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()).startswith(b"code,name,kind,parent,province,")
