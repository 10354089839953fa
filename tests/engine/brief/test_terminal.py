from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.cells import cell_len
from rich.console import Console

from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.terminal import print_brief


def printed(brief: Brief, *, lang: str = "vi", width: int = 80, is_terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=is_terminal, color_system="standard" if is_terminal else "auto"
    )
    print_brief(brief, lang=lang, console=console)
    return stream.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(brief: Brief, hostile: Brief, width: int) -> None:
    for each in (brief, hostile):
        assert max(cell_len(line) for line in printed(each, width=width).splitlines()) <= width


def test_a_pipe_gets_plain_lines_without_trailing_spaces(brief: Brief) -> None:
    text = printed(brief)
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_levels_are_words_and_dots_beside_their_colour(brief: Brief) -> None:
    text = printed(brief)
    assert "●●● KHẨN CẤP · mới xuất hiện" in text
    assert "●●○ CẢNH BÁO · đang tăng" in text
    assert "\x1b[" in printed(brief, is_terminal=True)


def test_the_brief_in_short_has_headline_unknowns_issues_and_silent_sources(brief: Brief) -> None:
    text = " ".join(printed(brief, lang="en").split())
    for said in (
        "Sample data – a made-up province",
        "As of 06:00, Monday 23 November 2026",
        "WHAT CHANGED IN THE LAST 24 HOURS",
        "WHAT WE DO NOT KNOW",
        "Heat 86 of 100, the sum of: volume 29",
        "Nhóm cộng đồng Suối Ngà: silent since 19:00 on 22 Nov",
        "Drafted automatically, not signed by anyone yet",
    ):
        assert said in text, said


def test_text_of_strangers_cannot_steer_the_terminal_or_use_its_markup(rewritten: Callable[..., Brief]) -> None:
    text = printed(rewritten(label="[bold red]x[/] \x1b[2J\x1b]0;t\x07 \r :smile: \u202e"), is_terminal=False)
    assert "[bold red]x[/] [2J]0;t :smile:" in text
    assert "\x1b" not in text


def test_every_kind_of_brief_is_printed(nothing: Brief, timeless: Brief) -> None:
    assert "Trong kỳ không ghi nhận vấn đề nào." in printed(nothing)
    assert "Không dự báo: dữ liệu không ghi thời gian." in printed(timeless)


def test_peoples_words_below_the_floor_are_not_printed(rewritten: Callable[..., Brief]) -> None:
    brief = rewritten(distinct_authors=None, excerpts_withheld=None)
    brief["issues"] = brief["issues"][:1]
    text = printed(brief)
    assert "người già" not in text
    assert "không cho biết có bao nhiêu người" in " ".join(text.split())
