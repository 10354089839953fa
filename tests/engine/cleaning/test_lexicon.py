"""The table of abbreviations, and what an operator may add to it."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.syllables import place_tone, shorten
from nhipcau.engine.cleaning.tokens import token_hash, tokenize
from nhipcau.engine.errors import EngineError

SHIPPED = Lexicon.load()


def marked(text: str, lexicon: Lexicon) -> list[int]:
    return tokenize(pa.array([text]), lexicon=lexicon).marked.tolist()


def test_the_shipped_table_is_large_and_clean() -> None:
    assert len(SHIPPED.meanings) >= 250
    assert all(word == strip_diacritics(word).lower() == shorten(word) for word in SHIPPED.meanings)
    assert all(place_tone(part) == part for meaning in SHIPPED.meanings.values() for part in meaning.split())


def test_no_shipped_word_is_a_common_syllable_without_its_diacritics() -> None:
    # "hem" for "không" would turn every hẻm (alley) into "không"; so would "bit" (bịt), "lun" (lún), "mun" (mụn).
    assert SHIPPED.meanings.keys().isdisjoint(SHIPPED.signs)
    assert SHIPPED.meanings.keys().isdisjoint(
        {"hem", "hong", "bit", "lun", "mun", "thu", "may", "dau", "ca", "to", "cho"}
    )


def test_an_operator_adds_changes_and_takes_away(tmp_path: Path) -> None:
    extra = tmp_path / "extra.csv"
    extra.write_text(
        "\ufeffword,meaning\n# ghi chú\nPCTTDN,phòng chống thiên tai Đồng Nai\n\nđc,địa chỉ\ntks,\n", "utf-8"
    )
    lexicon = Lexicon.load(extra)
    assert lexicon.meanings["pcttdn"] == "phòng chống thiên tai đồng nai"
    assert lexicon.meanings["dc"] == "địa chỉ"
    assert "tks" not in lexicon.meanings
    expected = [token_hash(word) for word in re.findall(r"\w+", "người dân hỏi phòng chống thiên tai đồng nai")]
    assert marked("Người dân hỏi PCTTDN", lexicon) == expected


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("abc,def\nko,không\n", "lexicon.no-heading", None),
        ("", "lexicon.no-heading", None),
        ("word,meaning\nko\n", "lexicon.bad-line", 2),
        ("word,meaning\nko,không\na b,không\n", "lexicon.bad-line", 3),
        ("word,meaning\n123,một\n", "lexicon.bad-line", 2),
        (f"word,meaning\n{'a1' * 13},một\n", "lexicon.bad-line", 2),
        (f"word,meaning\nabc,{'một ' * 13}\n", "lexicon.bad-line", 2),
        ("word,meaning\nabc,một + hai\n", "lexicon.bad-line", 2),
        ("word,meaning\nđc,được\ndc,địa chỉ\n", "lexicon.bad-line", 3),
    ],
)
def test_an_error_names_the_line(tmp_path: Path, content: str, code: str, line: int | None) -> None:
    extra = tmp_path / "extra.csv"
    extra.write_text(content, "utf-8")
    with pytest.raises(EngineError) as caught:
        Lexicon.load(extra)
    assert caught.value.code == code
    assert caught.value.values["file"] == str(extra)
    assert caught.value.values.get("line") == line


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"word,meaning\n\xff\xfe,x\n")
    for path in (tmp_path / "none.csv", tmp_path, binary):
        with pytest.raises(EngineError) as caught:
            Lexicon.load(path)
        assert caught.value.code == "lexicon.unreadable"
        assert caught.value.values["file"] == str(path)


@pytest.mark.parametrize(
    "text",
    [
        "Washington DC police say they will not rep or comment, ok? tks",
        "Le pont est fermé à cause de la crue, dit le maire de la ville de DC",
        "El río creció y la carretera está cerrada, no hay paso, DC",
        "ទឹកជំនន់នៅភ្នំពេញ DC k r",
        "DC vs FC 2-1",
        "I <3 u, k? r u there, j z",
    ],
)
def test_other_languages_are_left_as_they_are(text: str) -> None:
    assert marked(text, SHIPPED) == marked(text, Lexicon.empty())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bà con đc hỗ trợ chưa", "bà con được hỗ trợ chưa"),
        ("ba con dc ho tro chua", "ba con được ho tro chua"),
        ("nước lên ko ai cứu hết trơn", "nước lên không ai cứu hết trơn"),
        ("CSGT chốt ở đâu z mn", "cảnh sát giao thông chốt ở đâu vậy mọi người"),
        ("truong hop sxh nhieu qua", "truong hop sốt xuất huyết nhieu qua"),
        ("mua CX-5 trả trước bao nhiêu vậy mọi người", "mua cx 5 trả trước bao nhiêu vậy mọi người"),
        ("bệnh viện nào có vitamin K vậy", "bệnh viện nào có vitamin k vậy"),
    ],
)
def test_a_vietnamese_post_is_written_out(text: str, expected: str) -> None:
    assert marked(text, SHIPPED) == [token_hash(word) for word in expected.split()]
