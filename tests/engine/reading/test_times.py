from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading import parse_times

from .drive import rejected, run, unhurried, written
from .naive_reading import iso_instant


def read_one(text, zone="Asia/Ho_Chi_Minh"):
    times, unreadable = parse_times(pa.array([text]), zone)
    value = times[0].as_py()
    assert (value is None) == bool(unreadable[0])
    return None if value is None else value.isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-09-07T08:30:00+07:00", "2025-09-07T01:30:00"),
        ("2025-09-07T08:30:00.123456789Z", "2025-09-07T08:30:00.123456"),
        ("2025-09-07T08:30:00,5+0700", "2025-09-07T01:30:00.500000"),
        ("2025-09-07T08:30-03", "2025-09-07T11:30:00"),
        ("2025-09-07T08:30:00", "2025-09-07T01:30:00"),
        ("2025-09-07 08:30", "2025-09-07T01:30:00"),
        ("2025-09-07 08:30:59 UTC", "2025-09-07T08:30:59"),
        ("2025-09-07", "2025-09-06T17:00:00"),
        ("2025/09/07 08:30", "2025-09-07T01:30:00"),
        ("20250907", "2025-09-06T17:00:00"),
        ("20250907083000", "2025-09-07T01:30:00"),
        ("1757208600", "2025-09-07T01:30:00"),
        ("1757208600.25", "2025-09-07T01:30:00.250000"),
        ("1757208600123", "2025-09-07T01:30:00.123000"),
        ("1757208600123456", "2025-09-07T01:30:00.123456"),
        ("1757208600123456789", "2025-09-07T01:30:00.123456"),
        ("1.7572086e9", "2025-09-07T01:30:00"),
        ("07/09/2025 08:30", "2025-09-07T01:30:00"),
        ("7/9/2025", "2025-09-06T17:00:00"),
        ("07-09-2025 08:30:15", "2025-09-07T01:30:15"),
        ("08:30 07/09/2025", "2025-09-07T01:30:00"),
        ("08:30 - ngày 07/09/2025", "2025-09-07T01:30:00"),
        ("07/09/2025, 2:30:05 CH", "2025-09-07T07:30:05"),
        ("07/09/2025 12:05 AM", "2025-09-06T17:05:00"),
        ("Chủ nhật, 7/9/2025, 08:30 (GMT+7)", "2025-09-07T01:30:00"),
        ("Sun, 07 Sep 2025 08:30:00 +0700", "2025-09-07T01:30:00"),
        ("Sun, 07 Sep 2025 08:30:00 GMT", "2025-09-07T08:30:00"),
        ("Sun Sep 07 08:30:00 +0000 2025", "2025-09-07T08:30:00"),
        ("  2025-09-07T08:30:00Z ", "2025-09-07T08:30:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00"),
        ("1990-01-01T00:00:00Z", "1990-01-01T00:00:00"),
        ("2100-12-31T23:59:59Z", "2100-12-31T23:59:59"),
    ],
)
def test_a_time_is_read(text, instant):
    assert read_one(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "soon", "2025-02-29", "2025-13-01", "2025-00-01", "13/13/2025", "09/25/2025", "2025-09-07T24:00:00Z",
        "2025-09-07T08:60:00Z", "2025-09-07T08:30:00+99:00", "2025-09-07T08", "2025-09-07T", "2025-09-07x", "12", "0",
        "1970-01-01", "1989-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "9999-12-31", "-1757208600", "1e300", "1e999",
        "99999999999999999999999", "12:30", "07/09/25", "2025-09-07-01", "Sun, 99 Sep 2025 08:30:00 GMT", "\ufffd",
    ],
)  # fmt: skip
def test_what_is_no_time_or_cannot_be_believed_is_unreadable(text):
    assert read_one(text) is None


def test_null_and_blank_are_missing_and_not_unreadable():
    times, unreadable = parse_times(pa.array([None, "", "   ", "\t"], pa.string()))
    assert times.null_count == 4
    assert not unreadable.any()


def test_a_time_that_the_clock_skipped_is_read_with_the_offset_before():
    assert read_one("2025-03-30 02:30", "Europe/Paris") == "2025-03-30T01:30:00"


def test_a_time_that_the_clock_showed_twice_is_the_first():
    assert read_one("2025-10-26 02:30", "Europe/Paris") == "2025-10-26T00:30:00"


def test_an_unknown_zone_is_named():
    with pytest.raises(EngineError, match="Asia/Nowhere") as caught:
        parse_times(pa.array(["2025-09-07"]), "Asia/Nowhere")
    assert caught.value.code == "read.zone"


zones = st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe"])
offsets = st.none() | st.integers(-15 * 60, 15 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


moments = st.datetimes(datetime.fromisoformat("1990-01-02"), datetime.fromisoformat("2100-12-30"))


@unhurried
@given(st.lists(st.tuples(moments, offsets, st.booleans())), zones)
def test_iso_times_agree_with_the_standard_library(moments, zone):
    texts = [moment.replace(tzinfo=offset).isoformat("T" if is_t else " ") for moment, offset, is_t in moments]
    times, unreadable = parse_times(pa.array(texts, pa.string()), zone)
    assert times.to_pylist() == [iso_instant(text, zone) for text in texts]
    assert not unreadable.any()


@unhurried
@given(st.lists(st.text("0123456789-/:T .,Z+eGMTSun") | st.text()))
def test_any_text_is_a_time_missing_or_unreadable(values):
    times, unreadable = parse_times(pa.array(values, pa.string()))
    for value, time, bad in zip(values, times.to_pylist(), unreadable, strict=True):
        assert (time is not None) + bool(bad) + (not value or value.isspace()) == 1
        assert time is None or datetime(1990, 1, 1, tzinfo=UTC) <= time < datetime(2101, 1, 1, tzinfo=UTC)


def test_a_row_without_a_time_in_a_file_with_times_is_rejected(tmp_path):
    rows = [{"text": "a", "time": "2025-09-07"}, {"text": "b", "time": "soon"}, {"text": "c"}, {"text": "d", "time": 0}]
    path = written(tmp_path / "a.jsonl", rows)
    assert rejected(path, tmp_path / "rejects") == [(2, "time"), (3, "time"), (4, "time")]


def test_a_file_without_times_is_read_without_times(tmp_path):
    rows, reader = run(written(tmp_path / "a.csv", "id,text\n1,a\n2,b\n"))
    assert [row["time"] for row in rows] == [None, None]
    assert not reader.report.has_times


def test_a_first_row_without_a_time_makes_times_optional_but_never_wrong(tmp_path):
    rows = [{"text": "a"}, {"text": "b", "time": "2025-09-07T00:00:00Z"}, {"text": "c", "time": "soon"}]
    path = written(tmp_path / "a.jsonl", rows)
    assert [row["time"] for row in run(path)[0]] == [None, datetime(2025, 9, 7, tzinfo=UTC)]
    assert rejected(path, tmp_path / "rejects") == [(3, "time")]


def test_an_arrival_that_cannot_be_read_is_rejected_and_a_missing_one_is_not(tmp_path):
    rows = [
        {"text": "a", "time": "2025-09-07", "fetched": "soon"},
        {"text": "b", "time": "2025-09-07", "fetched": None},
    ]
    path = written(tmp_path / "a.jsonl", rows)
    assert rejected(path, tmp_path / "rejects") == [(1, "arrived")]


def test_where_only_the_arrival_is_told_it_is_the_time(tmp_path):
    rows, _ = run(written(tmp_path / "a.jsonl", [{"text": "a", "crawled_at": "2025-09-07T00:00:00Z"}]))
    assert rows[0]["time"] == rows[0]["arrived"] == datetime(2025, 9, 7, tzinfo=UTC)


def test_what_arrived_after_as_of_is_left_out_and_counted(tmp_path):
    rows = [
        {"text": "late arrival", "time": "2025-09-01T00:00:00Z", "fetched": "2025-09-08T00:00:00Z"},
        {"text": "in time", "time": "2025-09-01T00:00:00Z", "fetched": "2025-09-07T00:00:00Z"},
        {"text": "no arrival", "time": "2025-09-07T00:00:01Z"},
    ]
    found, reader = run(written(tmp_path / "a.jsonl", rows), as_of=datetime(2025, 9, 7, tzinfo=UTC))
    assert [row["text"] for row in found] == ["in time"]
    assert (reader.report.later, reader.report.rows, reader.report.rejected) == (2, 1, 0)
