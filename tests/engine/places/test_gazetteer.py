from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.errors import EngineError
from nhipcau.engine.places.gazetteer import Gazetteer, PlaceMatches
from nhipcau.engine.places.units import Place
from tests.engine.places.naive_places import find_typed, typed_names

LEXICON = Lexicon.load()


@functools.cache
def gazetteer(home: str | None = None) -> Gazetteer:
    return Gazetteer.load(home=home)


def matches(texts: Sequence[str | None], home: str | None = None) -> PlaceMatches:
    array = pa.array(texts, pa.string())
    return gazetteer(home).find(tokenize(array, lexicon=LEXICON), array)


def places(text: str, home: str | None = None) -> list[Place]:
    return [gazetteer(home).describe(row) for row in matches([text], home).rows.tolist()]


def names(text: str, home: str | None = None) -> list[str]:
    return [place.full_name for place in places(text, home)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mưa lớn ở tỉnh Đồng Nai", ["tỉnh Đồng Nai"]),
        ("Đồng Nai mưa lớn", ["tỉnh Đồng Nai"]),
        ("UBND Đồng Nai họp", ["tỉnh Đồng Nai"]),
        ("ĐỒNG NAI MƯA LỚN", ["tỉnh Đồng Nai"]),
        ("TP.HCM ngập, TPHCM kẹt xe, TP HCM nóng", ["thành phố Hồ Chí Minh"]),
        ("thành phố Hồ Chí Minh và Sài Gòn là một", ["thành phố Hồ Chí Minh"]),
        ("Hà Nội - Hải Phòng", ["thành phố Hà Nội", "thành phố Hải Phòng"]),
        ("hà nội mưa to quá", ["thành phố Hà Nội"]),
        ("Khánh Hoà và Thanh Hoá", ["tỉnh Khánh Hòa", "tỉnh Thanh Hóa"]),
        ("#ĐồngNai #HàNội", ["tỉnh Đồng Nai", "thành phố Hà Nội"]),
        ("xã Ea H'Leo kêu cứu", ["xã Ea H'Leo"]),
        ("phường Xuân Hương - Đà Lạt", ["phường Xuân Hương - Đà Lạt"]),
        ("phường Văn Miếu – Quốc Tử Giám", ["phường Văn Miếu - Quốc Tử Giám"]),
        ("TP.HCM: Q.1, Q3 và quận 7", ["thành phố Hồ Chí Minh", "Quận 1", "Quận 3", "Quận 7"]),
        ("P.Bến Thành, TP.HCM", ["phường Bến Thành", "thành phố Hồ Chí Minh"]),
        ("huyện Đồng Phú, tỉnh Bình Phước", ["huyện Đồng Phú", "tỉnh Bình Phước"]),
        ("Ngập ở Nha Trang", ["thành phố Nha Trang"]),
        ("UBND phường Nha Trang họp", ["phường Nha Trang"]),
        ("Phú Quốc đông khách", ["đặc khu Phú Quốc"]),
        ("Huế mưa", ["thành phố Huế"]),
        ("TP Vinh mưa", ["thành phố Vinh"]),
        ("Bí thư Đà Nẵng Lê Ngọc Quang", ["thành phố Đà Nẵng"]),
        ("Thảo Cầm Viên Sài Gòn", ["thành phố Hồ Chí Minh"]),
        ("các tỉnh Quảng Nam, Hòa Bình và Thái Bình", ["tỉnh Quảng Nam", "tỉnh Hòa Bình", "tỉnh Thái Bình"]),
        ("Bà Rịa - Vũng Tàu", ["tỉnh Bà Rịa - Vũng Tàu"]),
        ("HCM nóng, HN rét, hcm ngập", ["thành phố Hồ Chí Minh", "thành phố Hà Nội"]),
        ("Flood in Hanoi and Da Nang", ["thành phố Hà Nội", "thành phố Đà Nẵng"]),
    ],
)
def test_a_place_is_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mat dien o huyen dong phu, tinh binh phuoc", ["huyện Đồng Phú", "tỉnh Bình Phước"]),
        ("ha noi mua to", ["thành phố Hà Nội"]),
        ("tp ho chi minh ngap", ["thành phố Hồ Chí Minh"]),
        ("xa tan lap, huyen dong phu, tinh binh phuoc", ["xã Tân Lập", "huyện Đồng Phú", "tỉnh Bình Phước"]),
        ("xa hoi an toan", []),
        ("toi thay gia lai tang", []),
        ("hoa binh cho moi nguoi", []),
    ],
)
def test_text_without_diacritics_counts_when_nothing_else_can_be_meant(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hòa bình ở Gaza",
        "Giải Nobel Hòa Bình",
        "Nguyễn Hòa Bình phát biểu",
        "ông Thái Bình nói",
        "Nguyễn Hà Nam hát",
        "kẹt xe ở đường Điện Biên Phủ",
        "châu Á - Thái Bình Dương",
        "Chủ tịch Hồ Chí Minh",
        "đường Nguyễn Văn Cừ",
        "Vinh về rồi",
        "cây cao bằng nhà",
        "báo Sài Gòn Giải Phóng",
        "CLB Công an Hà Nội thắng",
        "HLV nói Nam Định thua hai bàn",
        "tỉnh Hà Nam (Trung Quốc) lụt",
        "ba xã biên giới được tặng quà",
        "an khang thịnh vượng, tự do",
        "cửa hàng An Khang",
        "Tân Tiến là tên cháu",
        "hn mình mệt quá",
        "Đoàn TNCS HCM",
        "đón con cùng bà xã Phương Viên",
        "Đăng Dương, Vũ Thắng Lợi, Anh Tú hát ở Hà",
        "TƯ TƯỞNG HỒ CHÍ MINH",
        "Công an bắt giữ CLB HCM",
        "phường 1 ngập",
        "Q1 doanh thu tăng",
    ],
)
def test_what_is_no_place_is_not_found(text: str) -> None:
    assert names(text) == []


def test_the_longest_name_wins() -> None:
    assert names("phường Điện Biên Phủ") != names("tỉnh Điện Biên")
    assert names("huyện Điện Biên Đông") == ["huyện Điện Biên Đông"]


def test_a_place_named_twice_is_one_row() -> None:
    assert names("Đồng Nai mưa, tỉnh Đồng Nai ngập") == ["tỉnh Đồng Nai"]


def test_an_ambiguous_name_stays_ambiguous() -> None:
    (place,) = places("Xã Tân Lập ngập nặng")
    assert (place.kind, place.full_name, place.province) == ("ambiguous", "xã Tân Lập", "")
    assert len(place.candidates) > 5
    assert {gazetteer().describe(gazetteer().row_of(code) or -1).name for code in place.candidates} == {"Tân Lập"}


def test_the_same_ambiguous_name_is_one_row_however_it_is_written() -> None:
    found = matches(["xã Tân Lập ngập", "Xã Tân Lập", "X.Tân Lập"])
    assert len(set(found.rows.tolist())) == 1


def test_the_province_in_the_post_decides() -> None:
    commune, province = places("xã Tân Lập, tỉnh Lào Cai")
    assert (commune.full_name, commune.province, province.code) == ("xã Tân Lập", "15", "15")


def test_the_district_in_the_post_decides() -> None:
    commune, _, _ = places("xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước")
    assert commune.parent == "former-695"


def test_the_operators_province_decides_when_the_post_does_not() -> None:
    assert [place.code for place in places("xã Tân Lập ngập", home="75")] == ["former-25381"]
    assert [place.province for place in places("xã Tân Lập, tỉnh Lào Cai", home="75")] == ["15", "15"]


def test_a_bare_commune_counts_only_with_its_surroundings() -> None:
    assert names("Mưa ở Phú Riềng") == ["huyện Phú Riềng"]
    assert names("Nước ngập ở Bà Điểm") == []
    assert names("hài cốt tìm thấy ở Khe Sanh, Quảng Trị")[0] == "xã Khe Sanh"
    assert names("Nước ngập ở Bà Điểm, TP.HCM") == ["xã Bà Điểm", "thành phố Hồ Chí Minh"]


def test_a_list_goes_on_with_its_kind() -> None:
    assert names("Tại các xã Phúc Thọ, Thường Tín (Hà Nội)")[:2] == ["xã Phúc Thọ", "xã Thường Tín"]


def test_a_bare_name_of_two_levels_is_the_larger() -> None:
    assert names("TP.HCM kẹt xe, Tân Bình và Hóc Môn ngập")[1:] == ["quận Tân Bình", "huyện Hóc Môn"]


def test_the_word_for_former_means_a_former_unit() -> None:
    place = places("các xã, phường Phú Yên cũ ngập")[0]
    assert (place.full_name, place.is_former, place.successors) == ("tỉnh Phú Yên", True, ("66",))


def test_a_former_unit_names_its_successors() -> None:
    (place,) = places("thành phố Thủ Đức")
    assert place.is_former
    assert {gazetteer().describe(gazetteer().row_of(code) or -1).province for code in place.successors} == {"79"}


def test_a_former_unit_that_goes_on_under_its_name_is_todays_unit() -> None:
    assert [place.code for place in places("Thành phố Hà Nội")] == ["01"]


def test_empty_and_missing_texts_have_no_places() -> None:
    found = matches(["", None, "Hà Nội", "   "])
    assert found.offsets.tolist() == [0, 0, 0, 1, 1]
    assert matches([]).offsets.tolist() == [0]


def test_hostile_texts_do_no_harm() -> None:
    texts = [
        "xã",
        "phường ",
        "Q.",
        "Q.1/2025",
        "\u202eHà\x00 Nội",
        "Hà\nNội",
        "🌧️ Hà Nội 🌧️",
        "Hà Nội" * 5000,
        "ệ" * 9999,
    ]
    assert len(matches(texts).offsets) == len(texts) + 1


def test_a_line_break_divides_names() -> None:
    assert names("Mưa ở Hà\nNội đồng ngập") == []


SENTENCES = st.lists(st.integers(0, 14_000), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(SENTENCES)
def test_typed_names_are_found_as_the_obvious_way_finds_them(rows: list[int]) -> None:
    table = _typed_names()
    chosen = [gazetteer().describe(row % len(gazetteer().units)) for row in rows]
    for place in chosen:
        if place.name.split(" ")[-1].isdigit():
            continue
        (expected,) = find_typed(f"Mưa to tại {place.full_name}.", table) or [set()]
        for found in places(f"Mưa to tại {place.full_name}."):
            assert {found.code} <= expected or set(found.candidates) <= expected
    text = "; ".join(f"tại {place.full_name}" for place in chosen)
    expected_codes = set().union(*find_typed(text, table))
    for found in places(text):
        assert {found.code} <= expected_codes or set(found.candidates) <= expected_codes


@functools.cache
def _typed_names() -> dict[tuple[str, ...], set[str]]:
    return typed_names(gazetteer())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="HàNộixãTânLập ,.q1Đ", max_size=40), max_size=8), st.integers(0, 8))
def test_batch_borders_do_not_matter(texts: list[str], border: int) -> None:
    whole = matches(texts)
    first, second = matches(texts[:border]), matches(texts[border:])
    assert np.array_equal(whole.rows, np.concatenate([first.rows, second.rows]))
    array = pa.array(["x", *texts], pa.string())[1:]
    sliced = gazetteer().find(tokenize(array, lexicon=LEXICON), array)
    assert np.array_equal(whole.rows, sliced.rows)
    assert np.array_equal(whole.offsets, sliced.offsets)


def test_rows_are_stable_and_the_fingerprint_says_when_they_are_not() -> None:
    assert Gazetteer.load().fingerprint == gazetteer().fingerprint == Gazetteer.load(home="75").fingerprint
    again = Gazetteer.load()
    for row in (0, 5_000, len(again.units), len(again) - 1):
        assert asdict(again.describe(row)) == asdict(gazetteer().describe(row))


def test_a_row_that_does_not_exist_is_an_error() -> None:
    for row in (-1, len(Gazetteer.load())):
        with pytest.raises(IndexError):
            Gazetteer.load().describe(row)


def test_a_home_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(EngineError) as caught:
        Gazetteer.load(home="99")
    assert (caught.value.code, caught.value.values["home"]) == ("places.unknown-home", "99")


def test_pandas_is_not_imported_on_the_way() -> None:
    program = (
        "import sys, pyarrow as pa\n"
        "from nhipcau.engine.places.gazetteer import Gazetteer\n"
        "from nhipcau.engine.cleaning.tokens import Lexicon, tokenize\n"
        "gazetteer = Gazetteer.load()\n"
        "ends, data = pa.py_buffer(b'\\0\\0\\0\\0\\6\\0\\0\\0'), pa.py_buffer(b'Ha Noi')\n"
        "texts = pa.StringArray.from_buffers(1, ends, data)\n"
        "gazetteer.resolve(texts)\n"
        "gazetteer.find(tokenize(texts, lexicon=Lexicon.load()), texts)\n"
        "sys.exit('pandas' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_gazetteers_of_one_list_share_its_tables_and_keep_their_own_names() -> None:
    one, other = Gazetteer.load(), Gazetteer.load(home="75")
    assert one.units is other.units
    unlisted = one.resolve(pa.array(["Chợ Không Có Thật"]))
    assert one.describe(int(unlisted[0])).kind == "unlisted"
    assert other.extras == ()
    assert len(other) == len(one) - 1
