"""Everything that a file can have wrong with it; none of it may stop a run."""

import codecs
import gzip
import json
import random

import pytest

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading import REASONS

from .drive import rejected, run, texts, written

LINES = "".join(json.dumps({"text": f"bài số {number}"}, ensure_ascii=False) + "\n" for number in range(1, 2001))


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_value_that_is_not_utf8_costs_its_row(tmp_path, name):
    rows = [b"a", b"b\xe9", b"c"]
    raw = b"".join(b'{"text":"%s"}\n' % row for row in rows) if name == "a.jsonl" else b"text\n" + b"\n".join(rows)
    path = written(tmp_path / name, raw)
    [(_, code)] = rejected(path, tmp_path / "rejects")
    assert code == "encoding"
    assert texts(path) == ["a", "c"]


def test_bytes_that_are_not_utf8_in_an_author_are_hashed_and_in_an_unused_column_do_no_harm(tmp_path):
    path = written(tmp_path / "a.jsonl", b'{"text":"a","author":"\xff","colour":"\xff"}\n{"text":"b","kind":"\xff"}\n')
    rows, _ = run(path)
    assert [row["text"] for row in rows] == ["a", "b"]
    assert rows[1]["kind"] == "post"


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_gzip_gives_the_rows_before_the_break_and_says_that_it_is_cut(tmp_path, kept):
    random.seed(1)
    noise = [{"text": random.randbytes(30).hex()} for _ in range(2000)]
    whole = gzip.compress("".join(json.dumps(row) + "\n" for row in noise).encode())
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[: int(len(whole) * kept)])
    [(line, code)] = rejected(path, tmp_path / "rejects")
    found = texts(path)
    assert code == "cut"
    assert line == len(found) + 1
    assert 500 * kept < len(found) < 2000
    assert found == [row["text"] for row in noise[: len(found)]]


def test_a_gzip_with_a_broken_middle_says_that_it_is_damaged(tmp_path):
    raw = bytearray(gzip.compress(LINES.encode()))
    raw[-4:] = b"\0\0\0\0"
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(raw)
    assert [code for _, code in rejected(path, tmp_path / "rejects")] == ["damaged"]
    assert len(texts(path)) == 2000


def test_a_gzip_with_rubbish_behind_it_gives_its_rows(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(LINES.encode()) + b"rubbish")
    assert rejected(path, tmp_path / "rejects") == [(2001, "damaged")]
    assert len(texts(path)) == 2000


def test_several_gzips_one_after_another_are_one_file(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"".join(gzip.compress(line.encode()) for line in LINES.splitlines(keepends=True)[:5]) + b"\0\0")
    assert len(texts(path)) == 5


def test_a_file_that_is_zipped_is_unzipped_whatever_its_name(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(gzip.compress(LINES.encode()))
    assert len(texts(path)) == 2000


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
@pytest.mark.parametrize("block_bytes", [2, 2**20])
def test_a_byte_order_mark_is_understood(tmp_path, name, mark, encoding, block_bytes):
    content = {
        "a.jsonl": '{"text":"đường"}\n{"text":"😀"}\n',
        "a.csv": "text;id\nđường;1\n😀;2\n",
        "a.json": '[{"text":"đường"},{"text":"😀"}]',
    }
    path = written(tmp_path / name, mark + content[name].encode(encoding))
    assert texts(path, block_bytes=block_bytes) == ["đường", "😀"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_single_line_of_ten_megabytes_is_rejected_with_its_number(tmp_path, name, end):
    long = "x" * 10_000_000
    rows = ["a", long, "c"] if end else ["a", long]
    lines = [json.dumps({"text": row}) for row in rows] if name == "a.jsonl" else ["text", *rows]
    path = written(tmp_path / name, "\n".join(lines) + end)
    assert rejected(path, tmp_path / "rejects") == [(2 if name == "a.jsonl" else 3, "line-too-long")]
    assert texts(path) == ["a", "c"][: len(rows) - 1]


def test_a_line_within_the_limit_is_read_however_small_the_blocks(tmp_path):
    path = written(tmp_path / "a.jsonl", [{"text": "x" * 3_000_000}, {"text": "b"}])
    assert [len(text) for text in texts(path, block_bytes=100_000)] == [3_000_000, 1]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_nul_and_control_characters_are_taken_out_of_a_row_that_is_kept(tmp_path, name):
    raw = b'{"text":"a\x00b\x1b[31m\\u0000c\xc2\x85"}\n' if name == "a.jsonl" else b"text\na\x00b\x1b[31mc\xc2\x85\n"
    assert texts(written(tmp_path / name, raw)) == ["ab[31mc"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_marks_that_turn_the_direction_of_writing_are_taken_out(tmp_path, name, mark):
    text = f"Xã{mark}gnàot nàot{mark} “Bình”…"
    content = [{"text": text, "source": mark + "Đài"}] if name == "a.jsonl" else f"text,source\n{text},{mark}Đài\n"
    rows, _ = run(written(tmp_path / name, content))
    assert (rows[0]["text"], rows[0]["source"]) == ("Xãgnàot nàot “Bình”…", "Đài")


def test_marks_written_as_escapes_are_taken_out_too(tmp_path):
    assert texts(written(tmp_path / "a.jsonl", '{"text":"a\\u202eb\\u2066c"}\n')) == ["abc"]


def test_scripts_that_run_from_right_to_left_stay_as_they_are(tmp_path):
    assert texts(written(tmp_path / "a.jsonl", [{"text": "שלום \u200f!"}])) == ["שלום \u200f!"]


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00", "\\ud800\\u0041", "\\ud800\\ud800"])
def test_a_lone_surrogate_becomes_the_replacement_character(tmp_path, escape):
    path = written(tmp_path / "a.jsonl", f'{{"text":"a{escape}b"}}\n')
    assert "\ufffd" in texts(path)[0]
    assert texts(path)[0][0] == "a"


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u200b", "\\u0000", "\\u202e", "\\n\\t"])
def test_an_empty_text_is_rejected(tmp_path, text):
    path = written(tmp_path / "a.jsonl", f'{{"text":"a"}}\n{{"text":"{text}"}}\n{{"text":null}}\n{{"id":1}}\n')
    assert rejected(path, tmp_path / "rejects") == [(2, "text-empty"), (3, "text-empty"), (4, "text-empty")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json", "a.parquet", "a.jsonl.gz"])
@pytest.mark.parametrize("content", [b"", b"\n\n", b" \n"])
def test_an_empty_file_has_no_rows(tmp_path, name, content):
    if name == "a.parquet":
        with pytest.raises(EngineError, match=r"read\.damaged"):
            run(written(tmp_path / name, content))
    else:
        rows, reader = run(written(tmp_path / name, content))
        assert (rows, reader.report.rejected) == ([], 0)


def test_a_file_of_nothing_but_bad_rows_is_an_error_that_says_so(tmp_path):
    path = written(tmp_path / "a.jsonl", '{"text":""}\nno\nno\n')
    with pytest.raises(EngineError) as caught:
        run(path)
    assert caught.value.code == "read.nothing-readable"
    assert caught.value.values == {"file": str(path), "rejected": 3, "reasons": {"json": 2, "text-empty": 1}}


def test_a_missing_path_is_an_error(tmp_path):
    with pytest.raises(EngineError) as caught:
        run(tmp_path / "nowhere.jsonl")
    assert caught.value.code == "read.missing"


def test_the_rejects_file_has_the_place_and_the_reason_and_no_word_of_the_row(tmp_path):
    path = written(
        tmp_path / "a.jsonl", '{"text":"a","time":"2025-09-07"}\n{"text":"bí mật","time":"bí mật"}\nbí mật\n'
    )
    sink = tmp_path / "rejects.jsonl"
    sink.write_text("already here\n")
    run(path, rejects=sink)
    first, *rest = sink.read_text().splitlines()
    assert first == "already here"
    assert [json.loads(line) for line in rest] == [
        {"file": str(path), "line": 2, "code": "time", "reason": REASONS["time"]},
        {"file": str(path), "line": 3, "code": "json", "reason": REASONS["json"]},
    ]


def test_without_rejects_no_rejects_file_comes_into_being(tmp_path):
    run(written(tmp_path / "a.jsonl", [{"text": "a"}]), rejects=tmp_path / "rejects")
    assert not (tmp_path / "rejects").exists()
