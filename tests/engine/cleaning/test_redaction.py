"""What is taken out of a text, what stays, and that neither depends on the company that a text keeps."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.redaction import TAGS, redact, suspected
from nhipcau.engine.cleaning.tags import NAME
from nhipcau.engine.cleaning.tokens import tokenize

with (Path(__file__).parent / "redaction_cases.csv").open(encoding="utf-8", newline="") as table:
    CASES = [(row["kind"], row["text"], row["redacted"]) for row in csv.DictReader(table)]


def redacted(text: str) -> str:
    return redact(pa.array([text]))[0].as_py()


@pytest.mark.parametrize(("kind", "text", "expected"), CASES, ids=[f"{kind}: {text}" for kind, text, _ in CASES])
def test_a_case_of_the_table_is_redacted_as_it_says(kind: str, text: str, expected: str) -> None:
    assert redacted(text) == expected


def test_the_table_has_false_positives_and_every_kind() -> None:
    assert len(CASES) >= 150
    assert sum(kind == "kept" for kind, _, _ in CASES) >= 60
    assert all(text == expected for kind, text, expected in CASES if kind == "kept")
    assert all(any(tag in expected for _, _, expected in CASES) for tag in set(TAGS) - {NAME})


@pytest.mark.parametrize(("kind", "text", "expected"), CASES, ids=[f"{kind}: {text}" for kind, text, _ in CASES])
def test_a_case_without_diacritics_is_redacted_alike(kind: str, text: str, expected: str) -> None:
    hidden = {tag: f"\ue000{place}\ue001" for place, tag in enumerate(TAGS)}
    for tag, sign in hidden.items():
        expected = expected.replace(tag, sign)
    plain = strip_diacritics(expected)
    for tag, sign in hidden.items():
        plain = plain.replace(sign, tag)
    assert redacted(strip_diacritics(text)) == plain


def test_what_is_redacted_does_not_depend_on_the_other_rows() -> None:
    texts = [text for _, text, _ in CASES]
    assert redact(pa.array(texts)).to_pylist() == [expected for _, _, expected in CASES]
    chunked = pa.chunked_array([texts[:10], texts[10:11], texts[11:]])
    assert redact(chunked).to_pylist() == [expected for _, _, expected in CASES]


def test_a_slice_null_and_large_strings_are_taken() -> None:
    texts = pa.array(["x", None, "0901234567", ""], type=pa.large_string())
    assert redact(texts[1:]).to_pylist() == [None, "[điện thoại]", ""]
    assert redact(texts).type == pa.large_string()
    assert redact(pa.array([], pa.string())).to_pylist() == []
    assert redact(pa.chunked_array([], pa.string())).to_pylist() == []


def test_invisible_characters_and_decomposed_letters_hide_nothing() -> None:
    assert redacted("09\u200b01\u200b234\u200b567") == "[điện thoại]"
    assert redacted("so\u0302\u0301 nha\u0300 12/3") == "số nhà [địa chỉ]"


def test_a_text_without_personal_data_stays_as_it_was_to_the_byte() -> None:
    text = "ha\u0300 no\u0323\u0302i \u200b 1234567 năm"
    assert redacted(text) == text


def test_tags_yield_no_tokens() -> None:
    tokens = tokenize(pa.array(["".join(TAGS), strip_diacritics(" ".join(TAGS)), "a [b] c"]), lexicon=Lexicon.empty())
    assert tokens.offsets.tolist() == [0, 0, 0, 3]


FRAGMENTS = st.one_of(
    st.sampled_from([text for _, text, _ in CASES] + list(TAGS)),
    st.text(alphabet="0123456789oO .-+()/@:, kKaA", max_size=24),
    st.sampled_from(
        ["stk ", "cccd: ", " số ", "hẻm ", "tổ 5 ", "nhà ", " ở ", "Lê Lợi", "59A", "-", " VCB", "\n", "84"]
    ),
)


@given(st.lists(FRAGMENTS, max_size=8).map("".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once


@given(st.text(max_size=200))
def test_any_text_is_redacted_without_an_error(text: str) -> None:
    assert isinstance(redacted(text.encode("utf-8", "ignore").decode()), str)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", ".", "-"]))
def test_every_mobile_number_is_redacted_however_it_is_parted(number: str, mark: str) -> None:
    parted = mark.join((number[:4], number[4:7], number[7:]))
    assert redacted(f"gọi {parted} nha") == "gọi [điện thoại] nha"
    assert redacted(f"gọi +84{mark}{parted[1:]} nha") == "gọi [điện thoại] nha"


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda day: day.strftime("%d.%m.%Y")),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_no_date_and_time_is_redacted(day: str, hour: int, minute: int) -> None:
    for text in (f"{day} {hour}:{minute:02}", f"{day.replace('.', '-')} {hour}h{minute:02}", f"{hour}h ngày {day}"):
        assert redacted(text) == text


@given(st.integers(1, 10**13))
def test_no_price_in_threes_is_redacted(amount: int) -> None:
    for text in (
        f"{amount:,} đồng".replace(",", "."),
        f"giá {amount:,}đ",
        f"chuyển khoản {amount:,} VND".replace(",", "."),
    ):
        assert redacted(text) == text


ADVERSARIES = ["0", "09", "0 ", "1", "1 2", "a.", "a@", "@", "số ", "stk ", "số nhà 1/", "1/", "không ",
               "facebook.com/", "https://", "0901-", "hẻm 1, ", "59A-", "((((", "+84", "cccd cccd ",
               "ở 1 ", "Nguyễn "]  # fmt: skip


@pytest.mark.parametrize("part", ADVERSARIES)
def test_a_million_letters_of_anything_come_to_an_end(part: str) -> None:
    # A rule whose time grew with the square of the length would need hours and meet the timeout of the suite.
    once = redacted(part * (1_000_000 // len(part.encode())))
    assert len(once) > 1000


def test_most_ordinary_sentences_are_not_even_suspected() -> None:
    ordinary = [text for kind, text, _ in CASES if kind == "kept" and not re.search(r"\d{6}|http|số|so |@", text)]
    assert (suspected(pa.array(ordinary)) > 0).mean() < 0.5
