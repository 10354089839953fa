import json

import pytest

from nhipcau.engine.errors import EngineError
from nhipcau.engine.reading import TARGETS, parse_columns

from .drive import options, run, texts, written


def test_columns_are_named_by_target_and_joined_by_plus():
    assert parse_columns(" time=published, text=title+summary,") == {
        "time": ["published"],
        "text": ["title", "summary"],
    }


def test_a_target_given_twice_has_both_columns():
    assert parse_columns("time=a,time=b") == {"time": ["a", "b"]}


def test_an_unknown_target_is_an_error_that_names_the_valid_ones():
    with pytest.raises(EngineError) as caught:
        parse_columns("heading=title")
    assert caught.value.code == "read.columns-target"
    assert caught.value.values == {"target": "heading", "expected": ", ".join(TARGETS)}


@pytest.mark.parametrize("notation", ["text", "text=", "text=a+", "=a"])
def test_a_pair_without_form_is_an_error(notation):
    with pytest.raises(EngineError) as caught:
        parse_columns(notation)
    assert caught.value.code in {"read.columns-form", "read.columns-target"}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("ID", "id"), ("createdAt", "time"), ("Thời gian", "time"), ("published", "time"), ("Ngày đăng", "time"),
        ("timestamp", "time"), ("fetched", "arrived"), ("Nguồn", "source"), ("outlet", "source"), ("page", "source"),
        ("platform", "channel"), ("Kênh", "channel"), ("Địa bàn", "place"), ("ward", "place"), ("tac_gia", "author"),
        ("userID", "author"), ("username", "author"), ("kind", "kind"), ("views", "reach"), ("URL", "link"),
        ("Dấu thời gian", "time"), ("Ngày gửi", "time"), ("Ngày tiếp nhận", "arrived"), ("Người gửi", "author"),
        ("Người phản ánh", "author"), ("Mã phản ánh", "id"), ("Số phiếu", "id"),
    ],
)  # fmt: skip
def test_common_names_are_guessed_in_both_languages(tmp_path, header, target):
    _, reader = run(written(tmp_path / "a.csv", f"{header},Nội dung\n2025-09-07,chào\n"))
    assert reader.report.columns[target] == [header]
    assert reader.report.columns["text"] == ["Nội dung"]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"text": "a", "title": "b", "summary": "c"}, "a"),
        ({"title": "b", "summary": "c"}, "b\nc"),
        ({"title": "b", "content": "c"}, "b\nc"),
        ({"tieu_de": "b", "noi_dung": "c"}, "b\nc"),
        ({"title": "b", "summary": "c", "content": "d"}, "b\nc"),
        ({"title": "b", "summary": "", "content": "d"}, "b\nd"),
        ({"title": "b", "summary": None}, "b"),
        ({"title": "", "summary": "c"}, "c"),
        ({"message": "m"}, "m"),
        ({"text": "", "title": "b"}, "b"),
        ({"Nội dung phản ánh": "m"}, "m"),
        ({"Ý kiến": "m", "Ghi chú": "n"}, "m"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_the_text_is_guessed_row_by_row(tmp_path, row, text, name):
    content = [row] if name == "a.jsonl" else ",".join(row) + "\n" + ",".join(value or "" for value in row.values())
    assert texts(written(tmp_path / name, content)) == [text]


def test_named_columns_win_over_guesses(tmp_path):
    row = {"text": "no", "a": "yes", "b": "and yes", "time": "soon", "when it was": "2025-09-07"}
    columns = parse_columns("text=a+b,time=When it was")
    rows, reader = run(written(tmp_path / "a.jsonl", [row]), columns=columns)
    assert rows[0]["text"] == "yes\nand yes"
    assert rows[0]["time"] is not None
    assert reader.report.columns["time"] == ["when it was"]


def test_a_named_text_joins_the_parts_that_there_are(tmp_path):
    rows = [{"title": "a", "summary": "b"}, {"title": "a"}, {"summary": "b"}]
    columns = parse_columns("text=title+summary")
    assert texts(written(tmp_path / "a.jsonl", rows), columns=columns) == ["a\nb", "a", "b"]


def test_a_column_named_twice_for_one_target_counts_once(tmp_path):
    row = {"title": "a" * 1000}
    assert texts(written(tmp_path / "a.jsonl", [row]), columns=parse_columns("text=title+Title+title")) == ["a" * 1000]


def test_a_column_named_for_one_target_is_not_guessed_for_another(tmp_path):
    row = {"text": "a", "author": "Báo Mới"}
    rows, _ = run(written(tmp_path / "a.jsonl", [row]), columns=parse_columns("source=author"))
    assert (rows[0]["source"], rows[0]["author_key"]) == ("Báo Mới", None)


def test_a_member_of_an_object_can_be_named(tmp_path):
    row = {"text": "a", "where": {"name": "Bù Đăng", "code": {"n": 7}}, "meta": [1]}
    columns = parse_columns("place=where.name,source=where.code.n,channel=meta.x")
    rows, _ = run(written(tmp_path / "a.jsonl", [row]), columns=columns)
    assert (rows[0]["place"], rows[0]["source"], rows[0]["channel"]) == ("Bù Đăng", "7", None)


def test_files_of_different_shapes_are_guessed_each(tmp_path):
    written(tmp_path / "a.jsonl", [{"text": "one", "kenh": "zalo"}])
    written(tmp_path / "b.csv", "tieu_de;tom_tat\ntwo;three\n")
    rows, reader = run(tmp_path)
    assert [(row["text"], row["channel"]) for row in rows] == [("one", "zalo"), ("two\nthree", None)]
    assert [file.columns["text"] for file in reader.report.files] == [["text"], ["tieu_de", "tom_tat"]]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json"])
def test_a_file_without_a_text_column_is_an_error_that_names_its_columns(tmp_path, name):
    content = {
        "a.jsonl": [{"id": 1, "colour": "red"}],
        "a.csv": "id,colour\n1,red\n",
        "a.json": json.dumps([{"id": 1, "colour": "red"}]),
    }[name]
    with pytest.raises(EngineError) as caught:
        run(written(tmp_path / name, content))
    assert caught.value.code == "read.no-text-column"
    assert caught.value.values["columns"] == "id, colour"


def test_a_named_column_that_is_not_there_is_an_error(tmp_path):
    path = written(tmp_path / "a.csv", "id,text\n1,a\n")
    for notation, target in (("text=body", "text"), ("time=when", "time")):
        with pytest.raises(EngineError) as caught:
            run(path, columns=parse_columns(notation))
        assert (caught.value.code, caught.value.values["target"]) == ("read.column-missing", target)


@pytest.mark.parametrize("block_bytes", [100, 4096, 2**20])
def test_text_that_begins_after_a_thousand_rows_is_not_waited_for_whatever_the_block(tmp_path, block_bytes):
    late = written(tmp_path / "late.jsonl", [{"id": n} for n in range(1000)] + [{"text": "a"}])
    with pytest.raises(EngineError, match="no-text-column"):
        run(late, block_bytes=block_bytes)
    early = written(tmp_path / "early.jsonl", [{"id": n} for n in range(999)] + [{"text": "a"}])
    assert texts(early, block_bytes=block_bytes) == ["a"]


def test_a_long_first_row_is_not_shown_whole_as_columns(tmp_path):
    with pytest.raises(EngineError) as caught:
        run(written(tmp_path / "a.csv", "Tôi ở số nhà 12 đường Nguyễn Huệ và muốn hỏi,b\n1,2\n"))
    assert len(caught.value.values["columns"]) < 40


def test_ids_come_from_the_file_and_the_line_where_there_are_none(tmp_path):
    path = written(tmp_path / "my.posts.jsonl.gz", b'{"text":"a"}\n\n{"text":"b","id":""}\n{"text":"c","id":12}\n')
    assert [row["id"] for row in run(path)[0]] == ["my.posts:1", "my.posts:3", "12"]
    path = written(tmp_path / "x.csv", 'text,n\n"a\nb",1\nc,2\n')
    assert [row["id"] for row in run(path)[0]] == ["x:2", "x:4"]


def test_kinds_are_post_or_press_and_anything_else_is_a_protected_post(tmp_path):
    says = ["PRESS", " press ", "báo chí", "post", "Comment", "advert", "", None]
    path = written(tmp_path / "a.jsonl", [{"text": "a", "kind": kind} for kind in says])
    rows, reader = run(path, kind="press")
    assert [row["kind"] for row in rows] == ["press"] * 3 + ["post"] * 3 + ["press"] * 2
    assert reader.report.unknown_kinds == 1


def test_without_a_kind_column_the_default_holds(tmp_path):
    path = written(tmp_path / "a.jsonl", [{"text": "a", "type": "photo"}])
    assert [run(path, kind=kind)[0][0]["kind"] for kind in ("post", "press")] == ["post", "press"]


def test_an_unknown_default_kind_is_an_error():
    with pytest.raises(EngineError) as caught:
        options(kind="rumour")
    assert caught.value.code == "read.kind"


def test_reach_is_a_whole_number_or_unknown(tmp_path):
    values = [12, "34", 5.0, "6.9", -1, "many", None, 10**30]
    rows, _ = run(written(tmp_path / "a.jsonl", [{"text": "a", "views": value} for value in values]))
    assert [row["reach"] for row in rows] == [12, 34, 5, 6, None, None, None, None]
