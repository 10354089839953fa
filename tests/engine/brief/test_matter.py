"""What is counted is named for what it is: voices of people, articles of the press, mentions where there are both."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from nhipcau.engine.brief.model import Brief, empty_kinds
from tests.engine.brief.outputs import OUTPUTS, as_markdown, view_of

EVERY_OUTPUT = pytest.mark.parametrize("output", OUTPUTS)
Output = Callable[[Brief, str], str]


@pytest.fixture
def press(brief: Brief) -> Brief:
    """The rich brief as one of the press alone."""
    brief.update(press=brief["posts"], kinds={**empty_kinds(), "other": brief["posts"]}, sample=False)
    brief["unknowns"] = [
        {"code": "press-only", "values": {}, "text": ""},
        {"code": "source-dominant", "values": {"source": "Báo Vàm Sương", "share": 0.6}, "text": ""},
        {"code": "places-missing", "values": {"share": 0.4}, "text": ""},
        {"code": "not-representative", "values": {}, "text": ""},
    ]
    for issue in brief["issues"]:
        parts = {**issue["heat_parts"], "breadth": 0.0, "open_questions": 0.0}
        issue.update(
            press=issue["voices"], kinds={**empty_kinds(), "other": issue["voices"]}, distinct_authors=None,
            questions=[], excerpts=issue["excerpts"][-1:], excerpts_withheld=None,
            heat_parts=parts, heat=round(sum(parts.values()), 1),  # type: ignore[arg-type]
        )  # fmt: skip
    return brief


@EVERY_OUTPUT
@pytest.mark.parametrize(("lang", "foreign", "own"), [("vi", r"ý\s+kiến", "bài báo"), ("en", r"voice", "articles")])
def test_a_press_brief_counts_articles_in_every_output(
    output: Output, lang: str, foreign: str, own: str, press: Brief
) -> None:
    told = output(press, lang)
    assert not re.search(foreign, told, re.IGNORECASE)
    assert f"1.312 {own}" in told or f"1,312 {own}" in told
    assert {"vi": "điểm tin báo chí", "en": "press brief"}[lang] in told.lower()


@EVERY_OUTPUT
@pytest.mark.parametrize(("lang", "foreign"), [("vi", "bài báo trong kỳ"), ("en", "articles")])
def test_a_brief_of_people_speaks_of_no_articles(output: Output, lang: str, foreign: str, brief: Brief) -> None:
    told = output(brief, lang)
    assert foreign not in told
    assert {"vi": "1.312 ý kiến", "en": "1,312 voices"}[lang] in told


def test_a_press_brief_tells_sources_instead_of_people(press: Brief) -> None:
    view = view_of(press, "vi")
    assert view.issues[0].authors == "4"
    assert view.issues[0].counts == "1.312 bài báo trong kỳ; chưa kể 240 bài đăng lại; từ 4 nguồn"
    press["issues"][0]["distinct_sources"] = None
    assert view_of(press, "vi").issues[0].authors == "chưa rõ"


def test_of_articles_no_questions_are_missed_and_no_breadth(press: Brief) -> None:
    view = view_of(press, "vi")
    assert len(view.sentences) == 2
    assert view.issues[0].questions_none == ""
    assert view.issues[0].kinds == ()
    assert view.issues[0].heat_sentence == "Độ nóng 62/100, cộng từ: lượng bài báo 29, tốc độ tăng 24, số nguồn 9."
    assert [part.figure for part in view.issues[0].heat_parts] == ["29", "24", "–", "9", "–"]
    assert "câu hỏi" not in as_markdown(press, "vi").partition("## Cách đọc")[0].lower()


def test_where_there_are_both_each_issue_is_counted_in_its_own_words(brief: Brief) -> None:
    brief["press"] = 700
    brief["issues"][1]["press"] = 300
    brief["issues"][2].update(press=402, distinct_authors=None, kinds={**empty_kinds(), "other": 402}, questions=[])
    view = view_of(brief, "vi")
    assert "trong đó 700 bài báo" in view.intake
    assert view.tiles[-1].label == "lượt đề cập trong kỳ"
    assert [issue.counts.split(";")[0] for issue in view.issues[:3]] == [
        "1.312 ý kiến trong kỳ", "688 lượt đề cập trong kỳ", "402 bài báo trong kỳ",
    ]  # fmt: skip
    assert view.issues[2].authors == "–"
    assert view.issues[2].excerpts_title == "Trích báo"
    assert view.issues[1].questions[0].figure.endswith("ý kiến")


def test_articles_are_no_kind_of_what_people_say(brief: Brief) -> None:
    kinds = {**empty_kinds(), "question": 30, "other": 70}
    brief["press"] = 60
    brief["issues"][0].update(voices=100, press=60, kinds=kinds)
    assert [(kind.figure, kind.note) for kind in view_of(brief).issues[0].kinds] == [("30", "75%"), ("10", "25%")]


def test_the_voices_of_the_period_are_those_of_all_issues(brief: Brief) -> None:
    assert view_of(brief).tiles[-1].number == "16,512"


def test_no_chart_tells_of_hours_after_the_brief(brief: Brief) -> None:
    brief["issues"][0]["series"].append(("2026-11-23T06:00:00+07:00", 2))
    issue = view_of(brief).issues[0]
    assert issue.chart is not None
    assert "to 06:00 on 23 Nov" in issue.trend_title
    assert "to 06:00 on 23 Nov" in issue.chart.description
