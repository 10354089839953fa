from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.brief.charts import PAGE
from nhipcau.engine.brief.issue_view import PART_NAMES, heat_points
from nhipcau.engine.brief.model import Brief, HeatParts
from nhipcau.engine.brief.page_view import build_view
from nhipcau.engine.brief.view import BriefView, IssueView

AS_OF = "2026-11-23T06:00:00+07:00"


def view_of(brief: Brief, lang: str = "en") -> BriefView:
    return build_view(brief, lang=lang, palette=PAGE)[0]


def first(brief: Brief, lang: str = "en") -> IssueView:
    return view_of(brief, lang).issues[0]


def hours(counts: list[int]) -> list[tuple[str, int]]:
    """A series that ends at the time of the fixture's brief."""
    end = datetime.fromisoformat(AS_OF)
    return [
        ((end - timedelta(hours=back)).isoformat(), count)
        for back, count in zip(range(len(counts), 0, -1), counts, strict=True)
    ]


def test_the_headline_counts_levels_and_courses(brief: Brief) -> None:
    view = view_of(brief)
    assert view.headline == "What changed in the last 24 hours"
    assert [(tile.number, tile.label) for tile in view.tiles[:5]] == [
        ("1", "urgent"),
        ("2", "on alert"),
        ("2", "new"),
        ("4", "growing"),
        ("2", "fading"),
    ]


def test_the_headline_says_the_hottest_the_warned_and_the_most_asked(brief: Brief) -> None:
    hottest, warned, asked = view_of(brief, "vi").sentences
    assert hottest.startswith("Nóng nhất là “Nước sông lên nhanh")
    assert "độ nóng 86/100, 1.312 ý kiến, mới xuất hiện, nhắc nhiều nhất ở xã Bến Nứa." in hottest
    assert "24 giờ tới dự báo khoảng" in hottest
    assert warned.count("“") == 3
    assert asked == "Người dân hỏi nhiều nhất: “Khi nào thì có xuồng tới đón bà con?” (109 ý kiến)."


def test_a_place_that_could_be_another_is_not_named_in_the_headline(rewritten: Callable[..., Brief]) -> None:
    place = {"code": "1", "name": "xã Tân Lập", "voices": 9, "ambiguous": ["phường Tân Lập"]}
    brief = rewritten(places=[place])
    assert "Tân Lập" not in view_of(brief).sentences[0]
    assert first(brief).places[0].note == "shared name, could be phường Tân Lập"


def test_a_brief_of_nothing_says_so(nothing: Brief) -> None:
    view = view_of(nothing)
    assert view.sentences == ("No issue was found in the period.",)
    assert view.as_of == "The input gives no times"
    assert view.headline == "What changed"


def test_issues_that_are_not_shown_are_counted(brief: Brief) -> None:
    assert view_of(brief).rest == "73 issues with less heat are not shown here."
    brief["issues_total"] = 10
    assert view_of(brief).rest == ""


def test_the_first_unknowns_stand_on_top_and_the_others_are_counted(brief: Brief) -> None:
    view = view_of(brief)
    assert (len(view.unknowns), view.unknowns_first) == (8, view.unknowns[:4])
    assert view.unknowns_more == "and 4 more at the end of the brief"
    assert view.unknowns[6] == "Điều mà danh mục lời chưa có."


def test_silent_sources_come_first(brief: Brief) -> None:
    silent, *others = view_of(brief).sources
    assert silent.is_silent
    assert silent.state == "silent since 19:00 on 22 Nov; about 34 posts were due"
    assert [source.state for source in others] == ["posting", "too little history to notice silence"]


@pytest.mark.parametrize(
    ("counts", "code", "change"),
    [
        ([20] * 24 + [10] * 24, "down", "−50%"),
        ([10] * 24 + [20] * 24, "up", "+100%"),
        ([10] * 48, "same", "no change"),
        ([0] * 23 + [4] + [1] * 24, "up", "+20"),
        ([0] * 40 + [4] * 8, "up", "+32"),
        ([10] * 30, "none", "cannot be compared"),
    ],
)
def test_change_compares_the_period_with_the_one_before(
    rewritten: Callable[..., Brief], counts: list[int], code: str, change: str
) -> None:
    issue = first(rewritten(series=hours(counts), first_seen="2026-11-01T00:00:00+07:00"))
    assert (issue.change_code, issue.change) == (code, change)


def test_a_short_period_is_compared_with_the_same_hours_of_the_day_before(rewritten: Callable[..., Brief]) -> None:
    # from midnight to six: two this night, two the night before, forty in the evening between them
    counts = [0] * 18 + [0, 0, 2, 0, 0, 0] + [0] * 14 + [40] + [0] * 3 + [0, 0, 2, 0, 0, 0]
    brief = rewritten(series=hours(counts), first_seen="2026-11-01T00:00:00+07:00")
    brief["since"] = "2026-11-23T00:00:00+07:00"
    issue = first(brief, "vi")
    assert issue.change == "không đổi"
    assert issue.change_detail == "2 từ 00:00 ngày 23/11 đến 06:00 ngày 23/11; 2 trong cùng khung giờ hôm trước"


def test_hours_that_have_not_come_are_left_out_of_the_comparison(brief: Brief) -> None:
    for source in brief["sources"]:
        source["last_seen"] = "2026-11-22T20:00:00+07:00"
    for issue in brief["issues"]:
        issue.update(last_seen="2026-11-22T20:00:00+07:00", first_seen="2026-11-01T00:00:00+07:00")
        issue["series"] = hours([3] * 24 + [3] * 14 + [0] * 10)
    assert first(brief).change == "no change"
    assert "42 in the same hours of the day before" in first(brief).change_detail


def test_an_issue_of_this_period_has_nothing_to_be_compared_with(rewritten: Callable[..., Brief]) -> None:
    issue = first(rewritten(series=hours([3] * 5), first_seen="2026-11-23T01:00:00+07:00"))
    assert (issue.change_code, issue.change) == ("first", "first seen")


@given(st.lists(st.floats(0, 20, allow_nan=False), min_size=5, max_size=5))
def test_whole_points_sum_to_the_whole_heat(points: list[float]) -> None:
    parts = HeatParts(**dict(zip(PART_NAMES, points, strict=True)))  # type: ignore[typeddict-item]
    shown = heat_points(sum(points), parts)
    assert sum(shown) == round(sum(points))
    assert all(abs(whole - exact) < 1 for whole, exact in zip(shown, points, strict=True))


def test_heat_is_told_with_its_parts(brief: Brief) -> None:
    assert first(brief, "vi").heat_sentence == (
        "Độ nóng 86/100, cộng từ: lượng ý kiến 29, tốc độ tăng 24, độ lan rộng 15, số nguồn 9, câu hỏi bỏ ngỏ 9."
    )


def test_copies_and_authors_are_told_beside_the_voices(brief: Brief) -> None:
    views = view_of(brief).issues
    assert views[0].counts == "1,312 voices in the period; 240 copies not counted; posted by 906 people"
    assert views[7].counts.startswith("63 voices in the period; 2 copies not counted; an unknown number of people")
    assert views[7].authors == "unknown"


def test_forecast_is_told_with_its_back_test(brief: Brief) -> None:
    issue = first(brief, "vi")
    assert issue.forecast[0].startswith("24 giờ tới: khoảng ")
    assert issue.backtest == (
        "Thử lại 6 lần trên số liệu đã qua (144 giờ): sai số của dự báo từng giờ (trung vị) bằng 0,78 lần cách lặp lại "
        "ngày hôm trước; 8 trong 10 giờ, số thực tế nằm trong khoảng 80 %. "
        "Tổng 24 giờ: sai số bằng 0,90 lần; 7 trong 10 lần nằm trong khoảng."
    )
    assert issue.no_forecast == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mase": 1.2}, "no better than a naive forecast"),
        ({"coverage": 0.5}, "too narrow"),
        ({"mase": None}, "not enough data to try it on the past"),
        ({"coverage": None, "windows_24": 0}, "(its median) was 0.78 times"),
    ],
)
def test_a_weak_back_test_is_told(rewritten: Callable[..., Brief], change: dict[str, object], said: str) -> None:
    backtest = {
        "of": "median", "mase": 0.78, "coverage": 0.8, "calibration": 0.8, "windows": 6,
        "hours": 144, "mase_24": None, "coverage_24": None,
        "windows_24": 0, **change,
    }  # fmt: skip
    assert said in first(rewritten(backtest=backtest)).backtest


def test_a_sparse_forecast_is_told_to_be_read_by_its_totals(rewritten: Callable[..., Brief]) -> None:
    assert first(rewritten(forecast_reason="too-sparse")).forecast[-1].endswith("only the totals should be read.")


@pytest.mark.parametrize(
    ("reason", "said"),
    [("too-short", "less than a day old"), ("too-few", "too few voices"), ("a-new-reason", "conditions"), (None, "No")],
)
def test_a_missing_forecast_says_why(rewritten: Callable[..., Brief], reason: str | None, said: str) -> None:
    issue = first(rewritten(forecast=[], forecast_totals={}, forecast_reason=reason))
    assert issue.forecast == ()
    assert said in issue.no_forecast
    assert issue.chart is not None
    assert not issue.chart.has_forecast


@pytest.mark.parametrize(("authors", "said"), [(9, "fewer than 10 different people"), (None, "does not say how many")])
def test_words_that_slipped_under_the_floor_are_withheld_and_it_is_said(
    rewritten: Callable[..., Brief], authors: int | None, said: str
) -> None:
    issue = first(rewritten(distinct_authors=authors, excerpts_withheld=None))
    assert [quote.origin.split(",")[0] for quote in issue.quotes] == ["press"]
    assert said in issue.withheld


@pytest.mark.parametrize(
    ("lang", "told"),
    [("vi", ["11 bản sao", "6 bản sao", "1 bản sao", None]), ("en", ["11 copies", "6 copies", "1 copy", None])],
)
def test_a_quote_tells_how_often_it_was_copied_and_one_that_was_not_says_nothing(
    brief: Brief, lang: str, told: list[str | None]
) -> None:
    for quote, copies in zip(first(brief, lang).quotes, told, strict=True):
        last = quote.origin.split(", ")[-1]
        assert last == copies if copies else not re.search("cop|sao", last)


def test_a_link_that_is_not_the_webs_is_left_out(hostile: Brief) -> None:
    assert {quote.link for issue in view_of(hostile).issues for quote in issue.quotes} == {None}


def test_a_chart_tells_its_history_and_forecast_in_words_and_tables(brief: Brief) -> None:
    chart = first(brief).chart
    assert chart is not None
    assert "at most" in chart.description
    assert "Forecast for the next 3 days" in chart.description
    history, forecast = chart.tables
    assert history.columns == ("Day", "0–6", "6–12", "12–18", "18–24", "Whole day")
    assert len(forecast.rows) == 24


def test_a_long_history_without_forecast_is_summed(rewritten: Callable[..., Brief]) -> None:
    brief = rewritten(series=[(f"2026-{month:02}-01T00:00:00+07:00", 5) for month in range(1, 12)], forecast=[])
    chart = first(brief).chart
    assert chart is not None
    assert chart.unit == "voices in 3 days"
    assert len(chart.tables[0].rows) == 14


def test_a_brief_without_times_is_told_without_them(timeless: Brief) -> None:
    view = view_of(timeless, "vi")
    assert view.as_of == "Dữ liệu đầu vào không ghi thời gian"
    assert view.issues[0].chart is None
    assert view.issues[0].change == "chưa so được"
    assert view.issues[0].seen == "Không rõ thời gian xuất hiện"


def test_the_false_alarm_rate_is_stated_or_its_absence_is(brief: Brief) -> None:
    told = "2.0 at watch or above, 0.5 at alert or above, 0.05 at urgent"
    assert any(told in text for text in view_of(brief).method)
    brief["alarms"] = {"watch_per_week": None, "alert_per_week": None, "urgent_per_week": None}
    assert any("too little data to state" in text for text in view_of(brief).method)
    brief["alarms"]["watch_per_week"] = 12.0
    assert any("12 at watch or above, not known at alert" in text for text in view_of(brief).method)


def test_making_the_view_changes_nothing_in_the_brief(brief: Brief) -> None:
    before = copy.deepcopy(brief)
    view_of(brief)
    assert brief == before


def test_a_sparse_forecast_is_drawn_by_quarters_of_a_day_without_an_hourly_band(
    brief: Brief, rewritten: Callable[..., Brief]
) -> None:
    dense, sparse = first(brief).chart, first(rewritten(forecast_reason="too-sparse")).chart
    assert dense is not None
    assert sparse is not None
    assert (dense.has_band, len(dense.tables)) == (True, 2)
    assert (sparse.has_forecast, sparse.has_band, len(sparse.tables)) == (True, False, 1)
    assert sparse.unit == "voices in 6 hours"
    # the same sum over the same days, so the same average an hour
    told = sparse.description.rpartition("Forecast")[2].rstrip(".")
    assert dense.description.rpartition("Forecast")[2].startswith(told)


def test_of_many_sources_the_silent_ones_and_the_first_are_listed(brief: Brief) -> None:
    silent = next(source for source in brief["sources"] if source["silent"])
    others = [source for source in brief["sources"] if not source["silent"]]
    brief["sources"] = [*(others * 30), silent]
    view = view_of(brief)
    assert len(view.sources) == 15
    assert view.sources[0].is_silent
    assert view.sources_more.startswith(f"and {len(brief['sources']) - 15} other sources")


def test_a_place_of_few_voices_is_not_the_place_of_the_headline(rewritten: Callable[..., Brief]) -> None:
    place = {"code": "1", "name": "Cồn Xa", "ambiguous": []}
    few = view_of(rewritten(places=[{**place, "voices": 20}], voices=1000)).sentences[0]
    many = view_of(rewritten(places=[{**place, "voices": 200}], voices=1000)).sentences[0]
    assert "Cồn Xa" not in few
    assert "Cồn Xa" in many


def test_merges_are_told_in_one_sentence(rewritten: Callable[..., Brief]) -> None:
    events = [{"time": "2026-11-22T10:00:00+07:00", "event": "merged", "other": number} for number in range(5)]
    split = {"time": "2026-11-21T10:00:00+07:00", "event": "split", "other": 77}
    told = first(rewritten(history=[split, *events])).history
    assert len(told) == 2
    assert "77" in told[0]
    assert told[1].startswith("5 other issues were taken in, last number 4")


def test_an_issue_without_a_name_says_why(rewritten: Callable[..., Brief]) -> None:
    view = view_of(rewritten(label="#4017"))
    assert view.issues[0].label == "Issue 4017 (too few voices to name it)"
    assert "“" not in view.sentences[0]


def test_the_chart_of_an_issue_that_was_over_long_ago_shows_its_course(rewritten: Callable[..., Brief]) -> None:
    start = datetime.fromisoformat("2026-09-01T00:00:00+07:00")
    series = [((start + timedelta(hours=hour)).isoformat(), 5 if hour < 48 else 0) for hour in range(80 * 24)]
    chart = first(rewritten(series=series, forecast_reason="too-sparse")).chart
    assert chart is not None
    assert not chart.has_forecast
    assert "240" in chart.description
