import csv

import pytest

from nhipcau.engine.errors import EngineError
from nhipcau.engine.watch.detect import ALARM_SCORE
from nhipcau.engine.watch.series_file import detect_csv, read_series


@pytest.fixture
def source(tmp_path):
    return tmp_path / "series.csv"


def write(source, *lines, header="timestamp,value"):
    source.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def burst(moment=700):
    return [f"2025-09-{1 + n // 24:02d} {n % 24:02d}:00:00,{900 if n == moment else 20 + n % 5}" for n in range(720)]


def test_every_row_comes_back_as_given_with_score_and_label(source, tmp_path):
    write(source, *burst())
    done = detect_csv(source, tmp_path / "out.csv")
    header, *scored = rows(tmp_path / "out.csv")
    assert header == ["timestamp", "value", "anomaly_score", "label"]
    assert [f"{row[0]},{row[1]}" for row in scored] == burst()
    assert all((row[3] == "1") == (float(row[2]) >= ALARM_SCORE) for row in scored)
    assert scored[700][3] == "1"
    assert (done.rows, done.alarms) == (720, sum(row[3] == "1" for row in scored))


def test_the_labels_of_the_input_pass_through(source, tmp_path):
    write(source, "x,2025-01-01T00:00:00Z,3.50,0", "y,2025-01-01T01:00:00Z,4,unsure", header="id,timestamp,value,label")
    detect_csv(source, tmp_path / "out.csv")
    assert rows(tmp_path / "out.csv")[1:] == [
        ["2025-01-01T00:00:00Z", "3.50", "0.000000", "0"],
        ["2025-01-01T01:00:00Z", "4", "0.000000", "unsure"],
    ]


def test_seconds_and_offsets_and_a_byte_order_mark_are_read(source):
    source.write_text("﻿timestamp,value\n1700000000,1\n2023-11-15T05:13:20+07:00,2\n", encoding="utf-8")
    times, values = read_series(source)
    assert times.tolist() == [1_700_000_000, 1_700_025_200]  # the wall clock as written
    assert values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [("tomorrow,3", "timestamp"), ("2025-01-01,three", "value"), ("2025-01-01,", "value"), ("2025-01-01,nan", "value"),
     ("2025-01-01", "columns"), ("2025-01-01,1,2", "columns"), ("99999999999999999999,1", "timestamp")],
)  # fmt: skip
def test_a_bad_row_is_named_by_its_line(source, tmp_path, line, reason):
    write(source, "2025-01-01,1", "", line)
    with pytest.raises(EngineError) as raised:
        detect_csv(source, tmp_path / "out.csv")
    assert raised.value.code == "watch.bad-row"
    assert (raised.value.values["line"], raised.value.values["reason"]) == (4, reason)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "watch.no-header"), (b"time,value\n1,2\n", "watch.no-header"), (b"timestamp,value\n", "watch.empty"),
     (b"timestamp,value\n\xff\xfe,1\n", "watch.unreadable")],
)  # fmt: skip
def test_a_file_that_is_no_series_says_what_is_wrong(source, tmp_path, content, code):
    source.write_bytes(content)
    with pytest.raises(EngineError) as raised:
        detect_csv(source, tmp_path / "out.csv")
    assert raised.value.code == code


def test_a_missing_file_says_so(source, tmp_path):
    with pytest.raises(EngineError) as raised:
        detect_csv(source, tmp_path / "out.csv")
    assert raised.value.code == "watch.unreadable"


def test_an_older_result_survives_a_failure(source, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("as it was", encoding="utf-8")
    write(source, "2025-01-01,bad")
    with pytest.raises(EngineError):
        detect_csv(source, out)
    assert out.read_text(encoding="utf-8") == "as it was"


def test_the_source_may_be_replaced_by_its_result(source):
    write(source, *burst())
    detect_csv(source, source)
    assert len(rows(source)) == 721
