import gzip
import json
import os

import pytest

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading import PostReader, RejectSink, list_inputs, read_posts

from .drive import options, run, texts, written

ROWS = [{"text": f"bài {number}", "user": number} for number in range(100)]


def test_posts_come_in_the_order_of_the_input_in_batches_of_the_size_asked_for(tmp_path):
    path = written(tmp_path / "a.jsonl", ROWS)
    batches = list(read_posts([path], options(batch_rows=7)))
    assert [batch.num_rows for batch in batches] == [7] * 14 + [2]
    assert [text for batch in batches for text in batch["text"].to_pylist()] == [row["text"] for row in ROWS]


@pytest.mark.parametrize(
    "raw",
    ['{"text":"a"}\n{"text":"b"}\n', "text\na\nb\n", "text;id\na;1\nb;2\n", '[{"text":"a"},{"text":"b"}]'],
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_standard_input_tells_its_form_by_its_content(raw, is_zipped):
    content = gzip.compress(raw.encode()) if is_zipped else raw.encode()
    rows, reader = run("-", stdin=content)
    assert [row["text"] for row in rows] == ["a", "b"]
    assert reader.report.files[0].name == "-"


def test_standard_input_gives_what_has_come_without_waiting_for_more():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stdin, os.fdopen(writing, "wb", buffering=0) as feed:
        feed.write(b'{"text":"a"}\n{"te')
        batches = PostReader(["-"], options(), stdin=stdin).batches()
        assert next(batches)["text"].to_pylist() == ["a"]
        feed.write(b'xt":"b"}\n')
        assert next(batches)["text"].to_pylist() == ["b"]
        feed.close()
        assert list(batches) == []


def test_a_folder_is_read_in_the_order_of_names_at_any_depth(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    written(tmp_path / "b" / "x.jsonl", [{"text": "2"}])
    written(tmp_path / "a.csv", "text\n1\n")
    written(tmp_path / "c.ndjson.gz", [{"text": "3"}])
    written(tmp_path / ".hidden" / "d.jsonl", [{"text": "4"}])
    written(tmp_path / "notes.docx", b"no")
    rows, reader = run(tmp_path)
    assert [row["text"] for row in rows] == ["1", "2", "3"]
    assert reader.report.ignored == [str(tmp_path / "notes.docx")]


def test_the_rejects_file_in_the_folder_is_not_read(tmp_path):
    written(tmp_path / "a.jsonl", '{"text":"a"}\nno\n')
    sink = tmp_path / "rejects.jsonl"
    sink.write_text('{"text":"not a post"}\n')
    assert [row["text"] for row in run(tmp_path, rejects=sink)[0]] == ["a"]


def test_a_file_in_a_folder_that_cannot_be_read_is_reported_and_passed_over(tmp_path):
    written(tmp_path / "a.json", {"settings": 1}.__repr__())
    written(tmp_path / "b.jsonl", [{"text": "b"}])
    written(tmp_path / "c.csv", "id,colour\n1,red\n")
    written(tmp_path / "d.parquet", b"no")
    rows, reader = run(tmp_path)
    assert [row["text"] for row in rows] == ["b"]
    assert [file.fault for file in reader.report.files] == [
        "read.nothing-readable", None, "read.no-text-column", "read.damaged",
    ]  # fmt: skip


def test_a_folder_of_nothing_but_bad_files_is_an_error(tmp_path):
    written(tmp_path / "c.csv", "id,colour\n1,red\n")
    written(tmp_path / "d.parquet", b"no")
    with pytest.raises(EngineError, match="no-text-column"):
        run(tmp_path)


def test_the_report_agrees_with_the_batches_while_they_are_drawn(tmp_path):
    path = written(tmp_path / "a.jsonl", ROWS)
    reader = PostReader([path], options(batch_rows=10))
    drawn = 0
    for batch in reader.batches():
        drawn += batch.num_rows
        assert reader.report.rows == drawn
    assert reader.report.has_authors
    assert not reader.report.has_times
    assert reader.report.columns == {"text": ["text"], "author": ["user"]}


def test_progress_tells_the_bytes_done_and_in_all(tmp_path):
    paths = [written(tmp_path / "a.jsonl", ROWS), written(tmp_path / "b.csv.gz", "text\na\n")]
    calls = []
    reader = PostReader(paths, options(block_bytes=100), progress=lambda done, total: calls.append((done, total)))
    list(reader.batches())
    total = sum(path.stat().st_size for path in paths)
    assert calls[-1] == (total, total)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


def test_progress_knows_no_total_of_standard_input():
    calls = []
    reader = PostReader(["-"], options(), stdin=_Bytes(b'{"text":"a"}\n'), progress=lambda *call: calls.append(call))
    list(reader.batches())
    assert calls[-1] == (13, None)


class _Bytes:
    def __init__(self, raw):
        self._raw = raw

    def read(self, size):
        found, self._raw = self._raw[:size], self._raw[size:]
        return found


def test_a_run_that_is_given_up_leaves_no_thread_and_no_open_file(tmp_path):
    path = written(tmp_path / "a.jsonl.gz", ROWS)
    batches = PostReader([path], options(batch_rows=3)).batches()
    next(batches)
    batches.close()
    path.unlink()


def test_two_paths_of_one_name_are_both_read(tmp_path):
    path = written(tmp_path / "a.jsonl", ROWS[:2])
    assert texts(path, path) == ["bài 0", "bài 1"] * 2


def test_inputs_are_listed_without_reading_them(tmp_path):
    written(tmp_path / "a.jsonl", b"\xff")
    inputs, ignored = list_inputs([tmp_path, "-"])
    assert [source.name for source in inputs] == [str(tmp_path / "a.jsonl"), "-"]
    assert ignored == []


def test_a_sink_leaves_whole_lines_behind_without_being_closed(tmp_path):
    sink = RejectSink(tmp_path / "rejects")
    reader = PostReader([written(tmp_path / "a.jsonl", '{"text":"a"}\nno\n')], options(), rejects=sink)
    list(reader.batches())
    assert json.loads((tmp_path / "rejects").read_text())["line"] == 2
    sink.close()
