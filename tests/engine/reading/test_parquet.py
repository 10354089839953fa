from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from nhipcau.engine.errors import EngineError

from .drive import KEY, rejected, run, texts, written
from .naive_reading import siphash_2_4


def table_in(path, **columns):
    parquet.write_table(pa.table(columns), path)
    return path


def test_rows_of_a_parquet_file_are_posts(tmp_path):
    path = table_in(
        tmp_path / "a.parquet",
        id=[1, 2],
        created_at=pa.array([datetime(2025, 9, 7, 1, 30, tzinfo=UTC)] * 2, pa.timestamp("ms", "Asia/Ho_Chi_Minh")),
        text=["a", "b"],
        user_id=pa.array([7.0, None]),
        source=pa.array(["x", "y"]).dictionary_encode(),
        views=[10, 20],
        unused=[[1], [2]],
    )
    rows, reader = run(path)
    assert [row["id"] for row in rows] == ["1", "2"]
    assert rows[0]["time"] == datetime(2025, 9, 7, 1, 30, tzinfo=UTC)
    assert [row["author_key"] for row in rows] == [siphash_2_4(b"7", KEY), None]
    assert (rows[1]["source"], rows[1]["reach"]) == ("y", 20)
    assert reader.report.files[0].form == "parquet"


@pytest.mark.parametrize(
    ("times", "first"),
    [
        (pa.array([datetime(2025, 9, 7, 8, 30)] * 2), datetime(2025, 9, 7, 1, 30, tzinfo=UTC)),  # noqa: DTZ001
        (pa.array([date(2025, 9, 7)] * 2), datetime(2025, 9, 6, 17, tzinfo=UTC)),
        (pa.array([1757208600, 1757208600]), datetime(2025, 9, 7, 1, 30, tzinfo=UTC)),
        (pa.array([1757208600.0, 1757208600.0]), datetime(2025, 9, 7, 1, 30, tzinfo=UTC)),
        (pa.array(["07/09/2025 08:30"] * 2), datetime(2025, 9, 7, 1, 30, tzinfo=UTC)),
    ],
)
def test_times_of_every_type_are_read(tmp_path, times, first):
    rows, _ = run(table_in(tmp_path / "a.parquet", text=["a", "b"], time=times))
    assert rows[0]["time"] == first


def test_bad_rows_are_rejected_by_their_number(tmp_path):
    path = table_in(
        tmp_path / "a.parquet",
        text=["a", None, "", " ", "e", "f"],
        time=["2025-09-07", "2025-09-07", "2025-09-07", "2025-09-07", "soon", None],
    )
    assert rejected(path, tmp_path / "rejects", batch_rows=2) == [
        (2, "text-empty"), (3, "text-empty"), (4, "text-empty"), (5, "time"), (6, "time"),
    ]  # fmt: skip


def test_text_is_cleaned_joined_and_checked(tmp_path):
    path = table_in(
        tmp_path / "a.parquet",
        title=pa.array([b"a\x00\xe2\x80\xaeb", b"\xff", None]),
        summary=["c\r\nd", "e", "f"],
    )
    assert texts(path) == ["ab\nc\nd", "f"]
    assert rejected(path, tmp_path / "rejects") == [(2, "encoding")]


def test_members_of_structs_can_be_named(tmp_path):
    path = table_in(tmp_path / "a.parquet", text=["a"], where=[{"name": "Bù Đăng", "n": 1}])
    assert run(path, columns={"place": ["where.name"]})[0][0]["place"] == "Bù Đăng"


def test_a_nested_text_is_rejected(tmp_path):
    path = table_in(tmp_path / "a.parquet", text=[["a"], ["b"]])
    with pytest.raises(EngineError, match="text-nested"):
        run(path)


def test_a_zipped_parquet_file_and_one_on_standard_input_are_read(tmp_path):
    path = table_in(tmp_path / "a.parquet", text=["a", "b"])
    assert texts(written(tmp_path / "b.parquet.gz", path.read_bytes())) == ["a", "b"]
    assert [row["id"] for row in run("-", stdin=path.read_bytes())[0]] == ["stdin:1", "stdin:2"]


def test_a_damaged_parquet_file_is_an_error(tmp_path):
    path = table_in(tmp_path / "a.parquet", text=["a", "b"])
    written(path, path.read_bytes()[:-20])
    with pytest.raises(EngineError) as caught:
        run(path)
    assert caught.value.code == "read.damaged"


def test_a_parquet_file_without_a_text_is_an_error_that_names_its_columns(tmp_path):
    with pytest.raises(EngineError) as caught:
        run(table_in(tmp_path / "a.parquet", id=[1], colour=["red"]))
    assert (caught.value.code, caught.value.values["columns"]) == ("read.no-text-column", "id, colour")


def test_a_parquet_file_without_rows_has_no_rows(tmp_path):
    assert texts(table_in(tmp_path / "a.parquet", text=pa.array([], pa.string()))) == []
