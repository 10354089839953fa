import gzip
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading import ReadReport, RejectSink, read_growing

from .drive import options, run, unhurried, written


def grow(path, pieces, *, rejects=None, most_bytes=2**26, report=None, **chosen):
    """Write the pieces one after another, read after each, and give all rows."""
    rows, offset, line = [], 0, 0
    path.write_bytes(b"")
    for index, piece in enumerate([*pieces, b""]):
        with path.open("ab") as file:
            file.write(piece)
        while True:
            batches, new_offset, line = read_growing(
                path, offset=offset, line_number=line, options=options(**chosen), rejects=rejects,
                final=index == len(pieces), most_bytes=most_bytes, report=report,
            )  # fmt: skip
            rows += [row for batch in batches for row in batch.to_pylist()]
            if new_offset == offset:
                break
            offset = new_offset
    assert offset == path.stat().st_size
    return rows


JSON = (
    b'\xef\xbb\xbfno row\n{"text":"a","time":"2025-09-07"}\r\n\n{"text":"b\\n"}\n'
    b'{"text":"c","time":"2025-09-07 08:30"}\n'
    b'{"text":"' + b"long" * 60 + b'"}\n{"text":"d","time":1757208600,"id":"x"}\n{"text":"e","time":"2025-09-07"}'
)
CSV = (
    b'\xef\xbb\xbfid;text\r\n1;a\r\n;"b\n""c"\n"\n2;"'
    + b"long\n" * 60
    + b'"\n3;'
    + b"long" * 60
    + b'\n4\n;d\n5;"e\nf\n6;g'
)


@pytest.mark.parametrize(("name", "raw"), [("a.jsonl", JSON), ("a.csv", CSV)])
@unhurried
@given(data=st.data())
def test_a_file_in_any_number_of_pieces_gives_the_same_posts_and_rejects(tmp_path_factory, name, raw, data):
    folder = tmp_path_factory.mktemp("growing")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=8)))
    pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    block_bytes, most_bytes = data.draw(st.sampled_from([3, 50, 2**20])), data.draw(st.sampled_from([1, 90, 2**20]))
    expected, _ = run(written(folder / name, raw), rejects=folder / "whole", max_line_bytes=100)
    with RejectSink(folder / "pieces") as sink:
        found = grow(
            folder / name, pieces, rejects=sink, most_bytes=most_bytes, block_bytes=block_bytes, max_line_bytes=100
        )
    assert found == expected
    assert sorted((folder / "pieces").read_text().splitlines()) == sorted((folder / "whole").read_text().splitlines())


def test_a_line_without_an_end_waits(tmp_path):
    path = written(tmp_path / "a.jsonl", b'{"text":"a"}\n{"text":"b"')
    growth = read_growing(path, offset=0, line_number=0, options=options(), rejects=None, final=False)
    assert (growth.offset, growth.line_number) == (13, 1)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet", "a.json"])
def test_a_file_that_is_read_whole_waits_until_it_is_complete(tmp_path, name):
    path = tmp_path / name
    if name == "a.parquet":
        parquet.write_table(pa.table({"text": ["a", "b"]}), path)
    elif name == "a.json":
        path.write_text('[{"text":"a"},{"text":"b"}]\n')
    else:
        path.write_bytes(gzip.compress(b'{"text":"a"}\n{"text":"b"}\n'))
    raw = path.read_bytes()
    report = ReadReport()
    assert [row["text"] for row in grow(path, [raw[:9], raw[9:15], raw[15:]], report=report)] == ["a", "b"]
    assert (len(report.files), report.rows) == (1, 2)


def test_a_gzip_that_will_not_be_completed_gives_what_it_has(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    raw = gzip.compress(b"".join(b'{"text":"%d"}\n' % number for number in range(20_000)))
    path.write_bytes(raw[: len(raw) // 2])
    report = ReadReport()
    growth = read_growing(path, offset=0, line_number=0, options=options(), rejects=None, final=True, report=report)
    assert sum(batch.num_rows for batch in growth.batches) > 5000
    assert report.rejects_by_reason == {"cut": 1}


def test_a_file_that_became_shorter_is_an_error(tmp_path):
    path = written(tmp_path / "a.jsonl", [{"text": "a"}])
    with pytest.raises(EngineError) as caught:
        read_growing(path, offset=100, line_number=9, options=options(), rejects=None, final=False)
    assert caught.value.code == "read.shrunk"


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(EngineError) as caught:
        read_growing(tmp_path / "no", offset=0, line_number=0, options=options(), rejects=None, final=False)
    assert caught.value.code == "read.missing"


def test_whether_a_file_has_times_is_decided_by_its_first_row_in_every_call(tmp_path):
    pieces = [json.dumps(row).encode() + b"\n" for row in ({"text": "a", "time": "2025-09-07"}, {"text": "b"})]
    report = ReadReport()
    assert [row["text"] for row in grow(tmp_path / "a.jsonl", pieces, report=report)] == ["a"]
    assert report.rejects_by_reason == {"time": 1}
