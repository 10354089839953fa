"""Teencode written out for readers: what is certain, where it is certain, and nothing else."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.shorthand import written_out

LEXICON = Lexicon.load()
WORDS = [
    row["word"]
    for row in csv.DictReader((files("nhipcau.engine.data") / "shorthand_vi.csv").read_text("utf-8").splitlines())
]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ko biết khi nào có điện lại", "Không biết khi nào có điện lại"),
        ("E hỏi mấy lần r mà chx ai trả lời", "Em hỏi mấy lần rồi mà chưa ai trả lời"),
        ("Sao k ai trả lời", "Sao không ai trả lời"),
        ("khi nao co dien lai ko moi nguoi", "khi nao co dien lai không moi nguoi"),
        ("NHÀ EM K CÓ NƯỚC", "NHÀ EM KHÔNG CÓ NƯỚC"),
        ("Nước đục, ko ai lo; đường hỏng, ko ai sửa", "Nước đục, không ai lo; đường hỏng, không ai sửa"),
    ],
)
def test_what_is_certain_is_written_out(text: str, shown: str) -> None:
    assert written_out(text, lexicon=LEXICON) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Bổ sung vitamin K cho trẻ",
        "Nhà ông K. ở ấp 4 nghe nhạc K-pop",
        "Vé xe 50k, đi đường v.v",
        "I want k and dc, r u there",
        "UBND xã và CSGT cùng chốt ở TP",
        "trường mn đóng cửa",
        "",
    ],
)
def test_what_is_not_certain_stays(text: str) -> None:
    assert written_out(text, lexicon=LEXICON) == text


def test_the_lexicon_knows_what_each_word_means_and_an_operator_may_say_otherwise() -> None:
    assert len(WORDS) == len(set(WORDS))
    assert [word for word in WORDS if not LEXICON.meanings.get(strip_diacritics(word))] == []
    own = Lexicon(
        meanings={word: meaning for word, meaning in LEXICON.meanings.items() if word != "ko"}, signs=LEXICON.signs
    )
    assert written_out("Ko có điện, đường đc sửa", lexicon=own) == "Ko có điện, đường được sửa"


@given(st.lists(st.sampled_from([*WORDS[:40], "Đường", "ngập", "nước", "K", "dân", "😂", ",", "."]), max_size=12))
def test_what_was_written_out_stays_as_it_is(words: list[str]) -> None:
    once = written_out(" ".join(words), lexicon=LEXICON)
    assert written_out(once, lexicon=LEXICON) == once
