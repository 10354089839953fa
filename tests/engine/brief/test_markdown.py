from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt

from nhipcau.engine.brief.markdown import spark, to_markdown
from nhipcau.engine.brief.model import Brief

READER = MarkdownIt("commonmark").enable("table")


def tags(text: str) -> list[str]:
    found = []
    for token in READER.parse(text):
        found.append(token.type)
        found += [child.type for child in token.children or []]
    return found


def test_headings_and_tables_are_read_as_such(brief: Brief) -> None:
    html = READER.render(to_markdown(brief, lang="vi"))
    assert html.startswith("<h1>Bản tin dư luận</h1>")
    assert html.count("<h3>") == 10
    assert html.count("<table>") == 3
    assert "<h3>1. Nước sông lên nhanh" in html
    assert "Dữ liệu mẫu – tỉnh hư cấu" in html
    assert "Dự thảo tự động, chưa có người ký" in html


def test_text_of_strangers_makes_no_markup(brief: Brief, hostile: Brief) -> None:
    for each in (brief, hostile):  # The links go: the hostile ones are no web addresses, so neither has any.
        for issue in each["issues"]:
            for excerpt in issue["excerpts"]:
                excerpt["link"] = None
    assert tags(to_markdown(hostile, lang="vi")) == tags(to_markdown(brief, lang="vi"))


def test_a_label_cannot_break_its_row(rewritten: Callable[..., Brief]) -> None:
    text = to_markdown(rewritten(label="a | b\n| c \\| d"), lang="en")
    row = next(line for line in text.splitlines() if line.startswith("| 1 |"))
    assert len(re.findall(r"(?<!\\)\|", row.replace(r"\\", ""))) == 9


def test_links_lead_to_the_posts(brief: Brief) -> None:
    assert "[original](<https://example.vn/bai/1-0>)" in to_markdown(brief, lang="en")


def test_every_kind_of_brief_is_written(nothing: Brief, timeless: Brief) -> None:
    assert "No issue was found in the period." in to_markdown(nothing, lang="en")
    assert "Dữ liệu đầu vào không ghi thời gian" in to_markdown(timeless, lang="vi")


def test_peoples_words_below_the_floor_are_not_written(rewritten: Callable[..., Brief]) -> None:
    brief = rewritten(distinct_authors=3, excerpts_withheld=None)
    brief["issues"] = brief["issues"][:1]
    text = to_markdown(brief, lang="vi")
    assert "người già" not in text
    assert "chưa đủ 10 người khác nhau" in text


def test_a_spark_of_zeros_is_flat() -> None:
    assert spark([]) == ""
    assert spark([0, 0]) == "▁▁"
    assert spark([1, 8]) == "▁█"
