"""What is quoted of an issue: of what speaks of the matter, the most repeated first, then the newest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nhipcau.engine.brief.excerpts import MOST_EXCERPTS, MOST_LETTERS, excerpts_of
from nhipcau.engine.brief.issue_parts import Voices
from nhipcau.engine.brief.model import Excerpt
from tests.engine.brief.test_alarms import HOUR, WINDOW, figures_of

KEYWORDS = ("nước lũ", "Nha Trang", "ngập lụt", "sơ tán")
ABOUT = "Nước lũ ở Nha Trang lên tới cửa sổ nhà số {} rồi bà con ơi"
OWN = [
    "Nước lũ lên nhanh quá, cả khu phố ở Nha Trang chưa ai được sơ tán",
    "Đường vào chợ ở Nha Trang ngập lụt, xe tải cũng không qua được",
    "Xin xuồng sơ tán cho nhà có người già, nước lũ vào tới giường rồi",
    "Chỗ tôi ngập lụt hai ngày, nước lũ chưa rút, hết gạo hết nước uống",
    "Trường học nào ở Nha Trang đang nhận người sơ tán, chỉ giúp với",
    "Sáng nay nước lũ ở Nha Trang đã xuống được chừng nửa gang tay",
]
STRAY = "Ngày Quốc tế đàn ông: lời chúc hóm hỉnh, dễ thương ngập tràn mạng xã hội"


def quoted(
    texts: Sequence[str],
    *,
    copies: Sequence[int] = (),
    keywords: Sequence[str] = KEYWORDS,
    press: Sequence[int] | None = None,
    is_wide: bool = True,
) -> list[Excerpt]:
    """The excerpts of an issue of these texts, an hour between two, the oldest first; by default people say them."""
    figures = figures_of([(7, (len(texts) - k) * HOUR, None) for k in range(len(texts))], copies=list(copies))
    figures.is_press[:] = np.isin(np.arange(len(texts)), list(press or ()))
    voices = Voices(
        rows=list(range(len(texts))),
        ids=[str(k) for k in range(len(texts))],
        texts=list(texts),
        links=["https://bao.example/1"] * len(texts),
    )
    return excerpts_of(figures, WINDOW, voices, np.arange(len(texts)), keywords, is_wide=is_wide)


def words_of(excerpts: Sequence[Excerpt]) -> list[str]:
    return [excerpt["text"] for excerpt in excerpts]


def test_people_s_own_words_come_newest_first_and_no_more_than_a_reader_takes_in() -> None:
    assert words_of(quoted(OWN)) == OWN[:0:-1]
    assert len(OWN) == MOST_EXCERPTS + 1


def test_a_text_that_strayed_into_the_issue_comes_last_though_it_is_the_newest() -> None:
    assert words_of(quoted([*OWN[:3], STRAY])) == [*OWN[2::-1], STRAY]
    assert STRAY not in words_of(quoted([*OWN, STRAY]))


def test_a_text_without_diacritics_speaks_of_the_matter_all_the_same() -> None:
    plain = "nuoc lu o NHA TRANG toi nua dem con len nua khong ad oi"
    assert words_of(quoted([OWN[0], plain, STRAY]))[0] == plain


@pytest.mark.parametrize("keywords", [(), ("Nha Trang",)])
def test_an_issue_of_few_keywords_asks_for_no_more_than_it_has(keywords: Sequence[str]) -> None:
    assert words_of(quoted([STRAY, OWN[0]], keywords=keywords))[0] == OWN[0]


def test_what_many_repeat_comes_first_with_how_many_say_it() -> None:
    texts = [OWN[0], OWN[1], *[OWN[0]] * 40, OWN[2]]
    found = quoted(texts, copies=range(2, 42))
    assert words_of(found) == [OWN[0], OWN[2], OWN[1]]
    assert [excerpt["voices"] for excerpt in found] == [41, 1, 1]


def test_a_copy_counts_whatever_capitals_signs_greeting_and_a_few_words_it_changes() -> None:
    edited = [
        "NƯỚC LŨ LÊN NHANH QUÁ, CẢ KHU PHỐ Ở NHA TRANG CHƯA AI ĐƯỢC SƠ TÁN!!!",
        "Chia sẻ cho bà con: nuoc lu len nhanh qua, ca khu pho o Nha Trang chua ai duoc so tan",
        "Nước lũ lên nhanh quá, cả khu phố ở Nha Trang không ai được sơ tán hết",
    ]
    [first] = quoted([OWN[0], *edited], copies=[1, 2, 3])
    assert (first["text"], first["voices"]) == (OWN[0], 4)


def test_a_copy_of_what_is_not_here_stands_for_it_and_other_copies_count_with_it() -> None:
    [first] = quoted([OWN[0]] * 3, copies=[0, 1, 2])
    assert first["voices"] == 3


def test_a_copy_is_counted_with_what_it_copies_and_with_nothing_else() -> None:
    found = quoted([OWN[0], OWN[1], OWN[1], OWN[1]], copies=[2, 3])
    assert {excerpt["text"]: excerpt["voices"] for excerpt in found} == {OWN[0]: 1, OWN[1]: 3}


def test_waves_of_copies_leave_room_for_people_s_own_words() -> None:
    repeated = [text for text in OWN[:5] for _ in range(10)]
    copies = [k for k in range(50) if k % 10]
    own = [ABOUT.format(3), "Xin hỏi ở Nha Trang chỗ nào phát nước uống cho dân vùng ngập lụt"]
    found = quoted([*repeated, *own], copies=copies)
    assert [excerpt["voices"] for excerpt in found] == [10, 10, 10, 1, 1]
    assert words_of(found)[3:] == own[::-1]


def test_what_is_repeated_but_strayed_does_not_come_before_the_matter() -> None:
    found = quoted([OWN[0], *[STRAY] * 30], copies=range(2, 31))
    assert words_of(found) == [OWN[0], STRAY]


def test_of_copies_one_with_diacritics_is_quoted() -> None:
    plain = "nuoc lu len nhanh qua, ca khu pho o Nha Trang chua ai duoc so tan"
    [first] = quoted([plain, OWN[0], plain], copies=[1, 2])
    assert (first["text"], first["voices"]) == (OWN[0], 3)
    assert first["time"] == WINDOW.iso(WINDOW.until - 2 * HOUR)


def test_people_who_say_nearly_the_same_are_quoted_once_and_are_no_copies() -> None:
    found = quoted([ABOUT.format(3), ABOUT.format(3) + " ạ"])
    assert [(excerpt["text"], excerpt["voices"]) for excerpt in found] == [(ABOUT.format(3) + " ạ", 1)]


def test_below_the_floor_the_press_alone_is_quoted_and_people_are_not_counted_with_it() -> None:
    found = quoted([OWN[0], OWN[0], OWN[0]], copies=[1, 2], press=[1], is_wide=False)
    assert [(excerpt["kind"], excerpt["voices"], excerpt["link"]) for excerpt in found] == [
        ("press", 1, "https://bao.example/1")
    ]
    assert quoted(OWN, is_wide=False) == []


def test_people_s_quotes_have_no_link() -> None:
    assert {excerpt["link"] for excerpt in quoted(OWN)} == {None}


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_is_no_quote(text: str) -> None:
    assert quoted([text, text], copies=[1]) == []


def test_a_text_without_a_word_is_quoted_once() -> None:
    assert words_of(quoted(["😭😭", "🙏"])) == ["🙏"]


def test_a_long_text_is_cut_between_words_and_says_so() -> None:
    [first] = quoted([f"{OWN[0]} " * 20])
    assert len(first["text"]) <= MOST_LETTERS + 1
    assert first["text"].endswith("…")
    assert first["text"].removesuffix("…").split(" ")[-1] in OWN[0].split()
