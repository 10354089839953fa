from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict

import pyarrow as pa
import pytest

from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.places.units import Place


@functools.cache
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def place(value: str, home: str | None = None) -> Place:
    own = Gazetteer.load(home=home) if home else gazetteer()
    return own.describe(int(own.resolve(pa.array([value]))[0]))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("75", "75"),
        ("26368", "26368"),
        ("former-695", "former-695"),
        ("695", "former-695"),
        ("Đồng Nai", "75"),
        ("tỉnh Đồng Nai", "75"),
        ("TỈNH ĐỒNG NAI", "75"),
        ("dong nai", "75"),
        ("Tỉnh Đồng Nai, Việt Nam", "75"),
        ("TP.HCM", "79"),
        ("TP. Hồ Chí Minh", "79"),
        ("Thành phố Hồ Chí Minh", "79"),
        ("Huế", "46"),
        ("Thừa Thiên Huế", "46"),
        ("Bình Phước", "former-70"),
        ("xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước", "former-25381"),
        ("xa tan lap, huyen dong phu, tinh binh phuoc", "former-25381"),
        ("Tân Lập, Đồng Phú, Bình Phước", "former-25381"),
        ("Tân Lập - Đồng Phú - Bình Phước", "former-25381"),
        ("P.Bến Thành, Q.1, TP.HCM", "26743"),
        ("Phường Văn Miếu - Quốc Tử Giám, Hà Nội", "00226"),
        ("Quận 1", "former-760"),
        ("Q.1, TP.HCM", "former-760"),
    ],
)
def test_a_value_is_a_code_or_a_name(value: str, code: str) -> None:
    assert place(value).code == code


def test_a_name_of_several_units_is_ambiguous_and_lists_them() -> None:
    found = place("xã Tân Lập")
    assert (found.kind, found.name) == ("ambiguous", "xã Tân Lập")
    assert len(found.candidates) > 5


def test_the_operators_province_decides() -> None:
    assert place("xã Tân Lập", home="75").code == "former-25381"


def test_an_unlisted_name_is_a_place_of_its_own() -> None:
    found = place("Ấp Suối Nhung")
    assert (found.kind, found.name, found.candidates) == ("unlisted", "Ấp Suối Nhung", ())


def test_an_empty_value_is_no_place() -> None:
    assert gazetteer().resolve(pa.array([None, "", "  ", "75"])).tolist()[:3] == [-1, -1, -1]
    assert gazetteer().resolve(pa.array([], pa.string())).tolist() == []


def rows(own: Gazetteer, values: Sequence[str]) -> list[int]:
    return own.resolve(pa.array(values)).tolist()


def test_rows_of_unlisted_names_come_in_order_and_survive_saving() -> None:
    own = Gazetteer.load()
    first = rows(own, ["Ấp 1", "75", "Ấp 2", "Ấp 1"])
    assert first[0] == first[3] == len(own) - 2
    assert first[2] == len(own) - 1
    again = Gazetteer.load(extras=own.extras)
    assert rows(again, ["Ấp 2", "Ấp 3", "Ấp 1"]) == [first[2], first[2] + 1, first[0]]
    assert again.describe(first[2]).name == "Ấp 2"


def test_extras_survive_json() -> None:
    own = Gazetteer.load()
    first = rows(own, ["xã Tân Lập", "Ấp 1"])
    told = json.loads(json.dumps([asdict(extra) for extra in own.extras]))
    again = Gazetteer.load(extras=[Place(**extra) for extra in told])
    assert rows(again, ["Ấp 1", "xã Tân Lập"]) == first[::-1]
    assert again.extras == own.extras


def test_batch_borders_do_not_matter() -> None:
    values = ["Ấp 1", "xã Tân Lập", "Ấp 2", "75", "Ấp 1"]
    whole, parts = Gazetteer.load(), Gazetteer.load()
    assert rows(whole, values) == rows(parts, values[:2]) + rows(parts, values[2:])
    chunked = pa.chunked_array([values[:2], values[2:]])
    assert Gazetteer.load().resolve(chunked).tolist() == rows(Gazetteer.load(), values)


def test_an_empty_chunked_column() -> None:
    assert gazetteer().resolve(pa.chunked_array([], pa.string())).tolist() == []
