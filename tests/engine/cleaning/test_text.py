"""Texts for people to read: what changes, what stays; single letters and words."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nhipcau.engine.cleaning._tables import tables
from nhipcau.engine.cleaning.letters import COMBINING_MARKS, strip_diacritics
from nhipcau.engine.cleaning.syllables import place_tone, shorten
from nhipcau.engine.cleaning.text import has_diacritics, normalize, normalize_all


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  Nước \n\t lũ\u00a0 ", "Nước lũ"),
        ("Khánh Hoà, Thanh Hoá, Thuý, KHOẺ", "Khánh Hòa, Thanh Hóa, Thúy, KHỎE"),
        ("Hoà bình", "Hòa bình"),
        ("ho\u0300a bi\u0300nh", "hòa bình"),
        ("qúy gìa hòan lại", "quý già hoàn lại"),
        ("đẹpppp quaaaá!!!", "đẹp quá!!!"),
        ("CCCD, www.abc.vn, XIII", "CCCD, www.abc.vn, XIII"),
        ("<p>Mưa <b>to</b></p><script>x()</script>rồi<!-- a -->", "Mưa to rồi"),
        ("5 < 6 và I <3 Huế", "5 < 6 và I <3 Huế"),
        ("A&amp;B &amp;nbsp;&#39;x&#39; n&#432;&#7899;c", "A&B 'x' nước"),
        ("a\u200bb \u202eabc\u202c \ufeffx\u00ad\x00\x07", "ab abc x"),
        ("👩\u200d👩\u200d👧 👍🏽 ❤️", "👩\u200d👩\u200d👧 👍🏽 ❤️"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Noé et Zoé ont vu le film à la télé", "Noé et Zoé ont vu le film à la télé"),
        ("el país, caí y leí", "el país, caí y leí"),
        ("ទឹកជំនន់", "ទឹកជំនន់"),
        ("<script>a <script>b", "a b"),
    ],
)
def test_a_text_is_made_readable(text: str, expected: str) -> None:
    assert normalize(text) == expected


@given(st.text(max_size=80))
def test_a_readable_text_is_one_clean_line(text: str) -> None:
    result = normalize(text.encode("utf-8", "ignore").decode())
    assert result == result.strip()
    assert "\n" not in result
    assert "  " not in result
    assert not any(unicodedata.category(letter) == "Cc" for letter in result)


@given(st.text(alphabet="aáàăâeèêioòôơuùưyýbcdđghklmnpqrstvx .,HOÀ\u0301\u0323", max_size=40))
@example("OÀ\u0301")
def test_making_a_text_readable_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


def test_a_million_letters_of_markup_come_to_an_end() -> None:
    for part in ("<", "<a", "<!--", "<script>", "&amp;", "</", "a\u0301", "<style>x"):
        normalize(part * (1_000_000 // len(part)))


def test_all_texts_of_a_column_are_made_readable() -> None:
    assert normalize_all(pa.array(["<b>a</b>", None, ""])).to_pylist() == ["a", None, ""]
    assert normalize_all(pa.array(["Hoà"], pa.large_string())).type == pa.string()
    assert normalize_all(pa.chunked_array([["a  b"], ["c"]])).to_pylist() == ["a b", "c"]


def test_diacritics_are_stripped_composed_or_not() -> None:
    assert strip_diacritics("Đường ngập Ðà") == "Duong ngap Da"
    assert strip_diacritics(unicodedata.normalize("NFD", "Đường ngập")) == "Duong ngap"
    assert strip_diacritics("中文 ខ្មែរ 50% ≠ ½") == "中文 ខ្មែរ 50% ≠ ½"


@given(st.text(max_size=60))
def test_stripping_twice_changes_nothing_more(text: str) -> None:
    once = strip_diacritics(text)
    assert strip_diacritics(once) == once
    assert not has_diacritics(once)


@pytest.mark.parametrize(
    ("text", "expected"), [("ngập", True), ("nga\u0323\u0306p", True), ("Đ", True), ("ngap", False), ("ß 中", False)]
)
def test_vietnamese_diacritics_are_seen(text: str, expected: bool) -> None:
    assert has_diacritics(text) is expected


def test_every_code_point_and_its_stripped_form_are_one_letter_to_the_kernel() -> None:
    properties = tables().properties
    for point in range(0x10000):
        if 0xD800 <= point <= 0xDFFF or point in COMBINING_MARKS:
            continue
        stripped = strip_diacritics(chr(point))
        assert len(stripped) == 1
        assert properties[point] >> 32 == properties[ord(stripped)] >> 32, hex(point)
        assert properties[point] & 15 == properties[ord(stripped)] & 15, hex(point)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hoà", "hòa"),
        ("hoạ", "họa"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("thủy", "thủy"),
        ("quý", "quý"),
        ("qúy", "quý"),
        ("quà", "quà"),
        ("gìa", "già"),
        ("gì", "gì"),
        ("gìn", "gìn"),
        ("giếng", "giếng"),
        ("hòan", "hoàn"),
        ("huỳnh", "huỳnh"),
        ("thủơ", "thuở"),
        ("ngòai", "ngoài"),
        ("khuỷu", "khuỷu"),
        ("nguời", "nguời"),
        ("ngừơi", "người"),
        ("mùa", "mùa"),
        ("múôn", "muốn"),
        ("tiếng", "tiếng"),
        ("ỷ", "ỷ"),
        ("ưỡn", "ưỡn"),
        ("xoòng", "xoòng"),
        ("déjà", "déjà"),
        ("HOÀ", "HÒA"),
    ],
)
def test_the_tone_mark_stands_where_state_documents_write_it(word: str, expected: str) -> None:
    assert place_tone(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("đẹpppp", "đẹp"),
        ("đẹẹẹẹp", "đẹp"),
        ("lêêêê", "lê"),
        ("ôôôố", "ố"),
        ("book", "book"),
        ("xoong", "xoong"),
        ("aaa", "a"),
        ("III", "III"),
        ("iii", "i"),
        ("CCCD", "CCCD"),
        ("kkkk", "k"),
        ("1000", "1000"),
        ("приветттт", "приветттт"),
    ],
)
def test_a_drawn_out_word_is_shortened(word: str, expected: str) -> None:
    assert shorten(word) == expected
