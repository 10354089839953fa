from __future__ import annotations

import re
import string
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nhipcau.engine.brief import words as words_module
from nhipcau.engine.brief.model import MATTERS, Brief, Matter
from nhipcau.engine.brief.words import LANGUAGES, Language, unknown_text, words_for
from nhipcau.engine.errors import EngineError

PACKAGE = Path(words_module.__file__).parent
DATE_FORMS = {"time.moment", "time.short-moment", "time.day"}
"""Each language takes of a date what it needs."""
VIETNAMESE_ONLY = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]")


def sentences(lang: Language, matter: Matter = "post") -> dict[str, str]:
    return dict(words_for(lang, matter=matter).sentences)


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("matter", MATTERS)
def test_both_languages_have_the_same_keys_and_places(matter: Matter) -> None:
    vietnamese, english = sentences("vi", matter), sentences("en", matter)
    assert vietnamese.keys() == english.keys() == sentences("vi").keys()
    for key in vietnamese.keys() - DATE_FORMS:
        assert places(vietnamese[key]) == places(english[key]) <= places(sentences("vi")[key]), key


@pytest.mark.parametrize("matter", MATTERS)
def test_no_sentence_is_empty_or_left_in_the_other_language(matter: Matter) -> None:
    for lang in LANGUAGES:
        ragged = {
            key for key, sentence in sentences(lang, matter).items() if sentence.strip() != sentence or not sentence
        }
        assert ragged == {"list.join", "list.clause"}
    english = [sentence for key, sentence in sentences("en", matter).items() if key != "page.product"]
    assert not [sentence for sentence in english if VIETNAMESE_ONLY.search(sentence.lower())]


def test_every_plural_has_its_singular() -> None:
    keys = sentences("vi").keys() - {"kind.other", "withheld.other", "no-forecast.other"}
    assert {key.removesuffix(".one") for key in keys if key.endswith(".one")} == {
        key.removesuffix(".other") for key in keys if key.endswith(".other")
    }


def test_every_sentence_is_said_somewhere() -> None:
    sources = [path.read_text("utf-8") for path in PACKAGE.rglob("*") if path.suffix in {".py", ".jinja", ".typ"}]
    source = "\n".join(sources)
    unsaid = []
    keys = sentences("vi").keys()
    for key in keys:
        stem, _, form = key.rpartition(".")
        is_plural = form in {"one", "other"} and f"{stem}.one" in keys
        part, _, name = (stem if is_plural else key).rpartition(".")
        # Keys that are put together from a code are said where their part is: f"status.{...}", "rank." + name.
        is_built = re.search(rf'["\']{re.escape(part)}\.({{|["\'] \+)', source) is not None
        is_named = re.search(rf'["\']{re.escape(f"{part}.{name}")}["\']', source) is not None
        if not is_built and not is_named and not key.startswith("unknown."):
            unsaid.append(key)
    assert not unsaid, unsaid


@pytest.mark.parametrize(
    ("value", "decimals", "vietnamese", "english"),
    [
        (1234, 0, "1.234", "1,234"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (0.5, 1, "0,5", "0.5"),
        (-3.2, 1, "−3,2", "−3.2"),
        (-0.04, 1, "0,0", "0.0"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers_read_as_each_language_writes_them(value: float, decimals: int, vietnamese: str, english: str) -> None:
    assert words_for("vi").number(value, decimals=decimals) == vietnamese
    assert words_for("en").number(value, decimals=decimals) == english


def test_percentages_and_changes_read_as_each_language_writes_them() -> None:
    assert words_for("vi").percent(0.125, decimals=1) == "12,5\u00a0%"
    assert words_for("en").percent(0.125, decimals=1) == "12.5%"
    assert words_for("vi").change(0.45) == "+45\u00a0%"
    assert words_for("en").change(-0.45) == "−45%"
    assert words_for("en").change(0.001) == "0%"


def test_times_are_shown_in_the_zone_of_the_brief() -> None:
    assert words_for("vi").moment("2026-11-22T23:00:00+00:00") == "06:00, thứ Hai 23/11/2026"
    assert words_for("en").moment("2026-11-22T23:00:00+00:00") == "06:00, Monday 23 November 2026"
    assert words_for("en", zone="UTC").moment("2026-11-23T06:00:00+07:00") == "23:00, Sunday 22 November 2026"
    assert words_for("vi").moment("2026-11-29T00:05:00+07:00") == "00:05, Chủ nhật 29/11/2026"
    assert words_for("vi").short_moment("2026-11-23T06:00:00+07:00") == "06:00 ngày 23/11"
    assert words_for("vi").day(datetime.fromisoformat("2026-11-29T00:00:00+07:00")) == "CN 29/11"


def test_spans_are_hours_below_three_days_and_days_above() -> None:
    assert words_for("en").hours(timedelta(hours=1)) == "1 hour"
    assert words_for("vi").hours(timedelta(hours=24)) == "24 giờ"
    assert words_for("en").hours(timedelta(hours=71)) == "71 hours"
    assert words_for("en").hours(timedelta(days=7)) == "7 days"


def test_a_count_chooses_singular_or_plural() -> None:
    assert words_for("en")("count.voices", 1) == "1 voice"
    assert words_for("en")("count.voices", 1200) == "1,200 voices"
    assert words_for("vi")("count.voices", 1200) == "1.200 ý kiến"


def test_braces_in_a_value_are_text() -> None:
    assert words_for("en")("list.quoted", text="{0.__class__}") == "“{0.__class__}”"


def test_a_missing_value_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        words_for("en")("count.voices", voices=3)


def test_an_unknown_is_worded_with_its_values() -> None:
    values = {"source": "Trang\u202e xã", "since": "2026-11-22T19:00:00+07:00", "expected": 34.2}
    text = unknown_text("source-silent", values, lang="vi")
    assert text.startswith("Nguồn Trang xã không có bài nào từ 19:00, Chủ nhật 22/11/2026")
    assert "khoảng 34 bài" in text
    assert unknown_text("places-missing", {"share": 0.38}, lang="en") == "38% of the voices name no place."
    assert unknown_text("rows-rejected", {"count": 1}, lang="en") == "1 row of data could not be read and was left out."
    assert unknown_text("sources-silent", {"count": 2, "names": ["A", "B"]}, lang="en") == "2 sources are silent: A, B."


def test_an_unknown_without_its_sentence_or_its_values_gives_its_code() -> None:
    assert unknown_text("a-code-of-tomorrow", {}, lang="vi") == "a-code-of-tomorrow"
    assert unknown_text("places-missing", {}, lang="vi") == "places-missing"


def test_an_unknown_language_or_zone_says_what_is_known() -> None:
    with pytest.raises(EngineError) as language:
        words_for("fr")
    assert (language.value.code, language.value.values) == (
        "brief.unknown-language",
        {"language": "fr", "known": ", ".join(LANGUAGES)},
    )
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(EngineError) as wrong:
            words_for("vi", zone=zone)
        assert wrong.value.code == "brief.unknown-zone"


def test_every_unknown_of_the_fixture_is_worded(brief: Brief) -> None:
    for unknown in brief["unknowns"]:
        is_known = words_for("vi").unknown(unknown["code"], unknown["values"]) is not None
        assert is_known == (unknown["code"] != "a-code-of-tomorrow")
