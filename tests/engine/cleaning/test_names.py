"""What an author is called, out of the author's own words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.cleaning.names import hide_author, is_named
from nhipcau.engine.cleaning.redaction import redact
from nhipcau.engine.reading.arrays import text_array

NAME = "Nguyễn Văn Ân"


@pytest.mark.parametrize(
    "written",
    [
        NAME,
        NAME.upper(),
        "nguyen van an",
        "Nguyễn  Văn\nÂn",
        "nguyễnvănân",
        "nguyen.van.an",
        "@nguyen_van_an",
        "NguyễnVăn-Ân",
        unicodedata.normalize("NFD", NAME),
        "Ngu\u200byễn Văn Ân",
    ],
)
def test_a_name_is_found_however_it_is_written(written: str):
    assert hide_author(f"Chào, {written} đây!", names=[NAME]) == "Chào, [tên] đây!"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mai vẫn mưa", "Mai Văn"),
        ("An toàn là trên hết, hoa nở", "An"),
        ("hoa nở ở hội hoa", "Hoa"),
        ("Nguyễn Văn Ánh và Nguyễn Vân Ân", NAME),
        ("xnguyen van an", NAME),
        ("chỉ một lời", "!!"),
        ("chỉ một lời", ""),
    ],
)
def test_what_only_looks_like_a_name_stays(text: str, name: str):
    assert hide_author(text, names=[name]) == text


def test_a_lone_short_name_is_hidden_where_it_is_written_alike():
    assert hide_author("Chị Hoa ở xóm trên, hoa nở", names=["Hoa"]) == "Chị [tên] ở xóm trên, hoa nở"


def test_a_name_without_diacritics_is_found_with_them():
    assert hide_author(f"tôi là {NAME}", names=["Nguyen Van An"]) == "tôi là [tên]"


def test_handles_and_ids_have_a_tag_of_their_own():
    text = "theo @an_98 (100012345678) trên facebook.com/an_98"
    expected = "theo [tài khoản mạng] ([tài khoản mạng]) trên facebook.com/[tài khoản mạng]"
    assert hide_author(text, handles=["an_98", "100012345678"]) == expected


def test_a_tag_of_a_name_stays_a_tag():
    assert redact(text_array(["Tôi là [tên], gọi tôi nhé"]))[0].as_py() == "Tôi là [tên], gọi tôi nhé"


words = st.text(st.characters(), max_size=30)


@given(words, words)
def test_what_is_hidden_was_named_first(text: str, name: str):
    shown = hide_author(text, names=[name])
    if shown != text:
        assert is_named(text, names=[name])
    assert hide_author(text) == text
