from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.brief.text import brought_down, clean, escape_markdown, isolate, shortened, web_link

ANY_TEXT = st.text(st.characters(), max_size=80)


@given(ANY_TEXT)
def test_clean_text_is_one_line_without_controls_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\n" not in cleaned
    assert not [letter for letter in cleaned if unicodedata.category(letter) in {"Cc", "Cs"}]
    cleaned.encode("utf-8")


def test_vietnamese_and_joined_emoji_pass_clean_unchanged() -> None:
    text = "Nước lũ rút chậm ở Hòa Trúc 👨‍👩‍👧 “khẩn”"
    assert clean(text) == isolate(text) == text


def test_direction_overrides_and_escapes_are_taken_out() -> None:
    assert clean("a\u202eb\u2066c\u200fd \x1b]0;x\x07\u0085e\ufeff") == "abcd ]0;x e"


def test_right_to_left_text_is_isolated() -> None:
    assert isolate("مياه") == "\u2068مياه\u2069"


def test_a_cut_leaves_the_isolation_whole() -> None:
    cut = brought_down("مياه " * 50, most=20)
    assert cut.startswith("\u2068")
    assert cut.endswith("…\u2069")


@given(ANY_TEXT, st.integers(2, 40))
def test_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shortened(clean(text), most=most)) <= most


def test_shortened_text_ends_at_a_word() -> None:
    assert shortened("nước sông lên nhanh", most=16) == "nước sông lên…"
    assert shortened("nước", most=16) == "nước"


@pytest.mark.parametrize("link", ["https://example.vn/a?b=1&c=2#d", "http://xn--bo-6ja.vn/tin"])
def test_web_addresses_are_links(link: str) -> None:
    assert web_link(link) == link


@pytest.mark.parametrize(
    "link",
    [None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.vn", "https://a b",
     'https://a"onclick=x', "https://a>b", "https://a\n", " https://a", "https://"],
)  # fmt: skip
def test_nothing_else_is_a_link(link: str | None) -> None:
    assert web_link(link) is None


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("a | b", r"a \| b"),
        ("[a](b) ![c]", r"\[a\](b) !\[c\]"),
        ("<script>", r"\<script\>"),
        ("&lt;", r"\&lt;"),
        ("http://a www.b", r"http\://a www\.b"),
        ("a@b.vn", r"a\@b.vn"),
        ("a\\*b", r"a\\\*b"),
        ("lúc 06:00, 12.5 - 13", "lúc 06:00, 12.5 - 13"),
    ],
)
def test_signs_of_markdown_are_escaped_and_plain_text_is_left(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
