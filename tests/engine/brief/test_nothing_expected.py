"""Where nothing more is expected, every output says so in words: "about 0, from 0 to 0" says nothing to a reader."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from nhipcau.engine.brief.model import Brief
from tests.engine.brief.outputs import OUTPUTS, view_of

Rewrite = Callable[..., Brief]


def totals(day: tuple[float, float, float], three: tuple[float, float, float]) -> dict[str, dict[str, float]]:
    return {
        span: {"mean": mean, "lo80": low, "hi80": high}
        for span, (mean, low, high) in (("24", day), ("72", three))
    }  # fmt: skip


@pytest.fixture
def over(rewritten: Rewrite) -> Brief:
    """The rich brief whose first issue has nothing more to expect, however sparse it was."""
    made = rewritten(forecast_totals=totals((0.1, 0.0, 0.4), (0.3, 0.0, 0.5)), forecast_reason="too-sparse")
    for hour in made["issues"][0]["forecast"]:
        hour.update(mean=0.004, median=0.0, lo80=0.0, hi80=0.0)
    return made


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("lang", "headline", "told", "empty"),
    [
        ("vi", "24 giờ tới dự báo không có thêm ý kiến nào.", "72 giờ tới: dự báo không có thêm ý kiến nào.",
         r"khoảng 0 |từ 0 đến 0\b|0,0 ý kiến"),
        ("en", "No more voices are expected in the next 24 hours.", "Next 72 hours: no more voices are expected.",
         r"about 0 |from 0 to 0\b|\b0\.0 voices"),
    ],
)  # fmt: skip
def test_every_output_says_in_words_that_nothing_more_is_expected(
    output: Callable[[Brief, str], str], lang: str, headline: str, told: str, empty: str, over: Brief
) -> None:
    text = output(over, lang)
    assert headline in text
    assert told in text
    assert not re.search(empty, text)


def test_the_forecast_of_nothing_is_one_sentence_and_draws_no_line(over: Brief) -> None:
    issue = view_of(over).issues[0]
    assert issue.forecast == ("Next 72 hours: no more voices are expected.",)
    assert issue.chart is not None
    assert not issue.chart.has_forecast
    assert len(issue.chart.tables) == 1
    assert issue.chart.description.endswith("Forecast for the next 3 days: no more voices.")


def test_hardly_any_is_told_with_its_upper_bound(rewritten: Rewrite) -> None:
    view = view_of(rewritten(forecast_totals=totals((0.3, 0.0, 2.0), (1.2, 0.0, 4.0))), "vi")
    assert view.issues[0].forecast == (
        "24 giờ tới: gần như không có thêm ý kiến nào, 80 % khả năng không quá 2.",
        "72 giờ tới: khoảng 1 ý kiến, 80 % khả năng từ 0 đến 4.",
    )
    assert view.sentences[0].endswith("24 giờ tới dự báo gần như không có thêm ý kiến nào (nhiều nhất khoảng 2).")


@pytest.mark.parametrize(
    ("mean", "told"),
    [(0.02, "about 1 voice in all."), (0.004, "hardly any more voices."), (0.06, "0.1 voices an hour")],
)
def test_a_chart_never_tells_an_average_of_nothing(mean: float, told: str, rewritten: Rewrite) -> None:
    made = rewritten(forecast_reason="too-sparse")
    for hour in made["issues"][0]["forecast"]:
        hour["mean"] = mean
    chart = view_of(made).issues[0].chart
    assert chart is not None
    assert told in chart.description
