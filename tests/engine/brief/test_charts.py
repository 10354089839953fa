from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.brief.charts import (
    CHART_HEIGHT,
    CHART_WIDTH,
    PAGE,
    PRINT,
    ChartWords,
    Expected,
    Palette,
    Tick,
    heat_bar,
    sparkline,
    trend_chart,
)

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ChartWords("Ý kiến <b>", "Cao nhất & thấp nhất", "lúc lập", lambda value: f"{value:.0f}")
COUNTS = st.lists(st.integers(0, 100_000), max_size=60)


def chart(history: list[int], forecast: list[Expected], *, palette: Palette = PAGE) -> str:
    ticks = [Tick(len(history) / 2, "T2 23/11 <x>")]
    return trend_chart(history, forecast, ticks=ticks, palette=palette, words=WORDS, key="k")


@given(COUNTS, COUNTS)
def test_a_chart_is_well_formed_and_stays_inside_its_frame(history: list[int], means: list[int]) -> None:
    forecast = [Expected(mean, mean / 2, mean * 2.0) for mean in means]
    svg = chart(history, forecast)
    if not history and not forecast:
        assert svg == ""
        return
    root = ElementTree.fromstring(svg)
    for shape in root.iter():
        for point in shape.get("points", "").split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= CHART_WIDTH
            assert 0 <= y <= CHART_HEIGHT


def test_a_chart_names_itself_and_escapes_its_words() -> None:
    root = ElementTree.fromstring(chart([1, 2], [Expected(2, 1, 3)]))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == ("Ý kiến <b>", "Cao nhất & thấp nhất")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}" == "k-t k-d"
    assert [text.text for text in root.iter(f"{SVG}text")] == ["0", "1", "2", "3", "T2 23/11 <x>", "lúc lập"]


def test_a_chart_without_forecast_has_no_band() -> None:
    assert PAGE.band not in chart([1, 2], [])
    assert PAGE.band in chart([1, 2], [Expected(2, 1, 3)])


def test_marks_of_the_axis_are_whole_numbers() -> None:
    labels = [text.text for text in ElementTree.fromstring(chart([340], [])).iter(f"{SVG}text")]
    assert labels[:4] == ["0", "200", "400", "600"]


def test_the_palette_of_print_has_no_variables_and_that_of_the_page_no_fixed_colours() -> None:
    page, printed = chart([1], [Expected(2, 1, 3)]), chart([1], [Expected(2, 1, 3)], palette=PRINT)
    assert "var(" not in printed
    assert "inherit" not in printed
    assert "#" not in page


def test_a_sparkline_ends_in_a_dot_and_a_flat_one_does_not_divide_by_zero() -> None:
    assert sparkline([], palette=PAGE, title="x", key="s") == ""
    root = ElementTree.fromstring(sparkline([0, 0], palette=PAGE, title="x", key="s"))
    assert root.find(f"{SVG}circle") is not None
    ElementTree.fromstring(sparkline([7], palette=PAGE, title="x", key="s"))


@given(st.lists(st.floats(0, 20), min_size=5, max_size=5))
def test_the_parts_of_a_heat_bar_stand_side_by_side(points: list[float]) -> None:
    root = ElementTree.fromstring(heat_bar(points, palette=PRINT, title="x", key="h"))
    bars = [(float(bar.get("x", "0")), float(bar.get("width", "0"))) for bar in list(root.iter(f"{SVG}rect"))[1:]]
    assert len(bars) == sum(value > 0 for value in points)
    begin = 0.0
    for (x, width), value in zip(bars, [value for value in points if value > 0], strict=True):
        assert x == pytest.approx(begin, abs=0.06)
        assert width <= max(value, 0.4) + 0.06
        begin += value


def test_same_numbers_same_bytes() -> None:
    assert chart([1, 5], [Expected(2, 1, 3)]) == chart([1, 5], [Expected(2, 1, 3)])
