import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.reading import PostReader

from .drive import options, rejected, run, texts, unhurried, written
from .naive_reading import json_texts


def texts_by_line(path, **chosen):
    rows = [row for batch in PostReader([path], options(**chosen)).batches() for row in batch.to_pylist()]
    return {int(row["id"].split(":")[1]): row["text"] for row in rows}


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text('"\\/\u202e\x00\r\n\ud800é€😀')
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4)
keys = st.sampled_from(["text", "TEXT ", "t", "other", ""]) | st.text('xyz"\\é\x00', max_size=3)


@st.composite
def lines(draw):
    row = {key: value for key, value in draw(st.dictionaries(keys, values)).items() if key.strip().lower() != "text"}
    if draw(st.booleans()):
        row["text"] = draw(st.text() | st.text('ab"\\\r\n\u2066\x07đ') | st.integers() | st.booleans() | st.none())
    spaces = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", "\r: ")]))
    text = json.dumps(row, ensure_ascii=draw(st.booleans()), separators=spaces)
    raw = bytearray(draw(st.sampled_from(["", " ", "\t"])).encode() + text.encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):  # a slip of the pen
        if raw:
            place = draw(st.integers(0, len(raw) - 1))
            raw[place : place + draw(st.integers(0, 1))] = draw(
                st.sampled_from([b"", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b".", b"e", b"\xff"])
            )
    return bytes(raw).replace(b"\n", b" ")


def is_like_the_twin_sees(raw):
    """Whether the standard library reads the wanted values as this reader does: it knows no plain names of columns."""
    return all(
        not isinstance(row := _loaded(line), dict) or {key for key in row if _plain(key) in _TEXT_NAMES} <= {"text"}
        for line in raw.split(b"\n")
    )


def _plain(key):
    from nhipcau.engine.reading.columns import plain_name

    return plain_name(key)


_TEXT_NAMES = {"text", "title", "body", "content", "message", "comment", "caption", "summary", "description", "subject"}


def _loaded(line):
    try:
        return json.loads(line.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None


@unhurried
@given(st.lists(lines(), max_size=6), st.sampled_from([1, 7, 64, 2**20]), st.sampled_from([1, 2, 1000]))
def test_rows_and_their_line_numbers_agree_with_the_standard_library(tmp_path_factory, parts, block_bytes, batch_rows):
    raw = b"\n".join([b'{"text":"first"}', *parts])
    if not is_like_the_twin_sees(raw):
        return
    path = written(tmp_path_factory.mktemp("json") / "a.jsonl", raw)
    chosen = options(block_bytes=block_bytes, batch_rows=batch_rows)
    reader = PostReader([path], chosen)
    found = {int(row["id"].split(":")[1]): row for batch in reader.batches() for row in batch.to_pylist()}
    expected = json_texts(raw)
    # Broken bytes in a column that nobody wants do no harm here, while the twin refuses the whole line.
    doubtful = {number for number, line in enumerate(raw.split(b"\n"), 1) if not _is_utf8(line)}
    assert {line: row["text"] for line, row in found.items() if line not in doubtful} == {
        line: text for line, text in expected if text is not None and line not in doubtful
    }
    assert reader.report.rejected + reader.report.rows == len(expected)


def _is_utf8(line):
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@unhurried
@given(st.lists(lines() | st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b" ")), max_size=8))
def test_the_rows_and_rejects_are_the_same_whatever_the_block_size(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("blocks")
    path = written(folder / "a.jsonl", b"\n".join([b'{"text":"first","id":"a"}', *parts]))
    results = []
    for block_bytes in (1, 5, 37, 2**20):
        rejects = folder / f"rejects-{block_bytes}"
        rows, _ = run(path, rejects=rejects, block_bytes=block_bytes, max_line_bytes=60)
        results.append((rows, rejects.read_text() if rejects.exists() else ""))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize(
    "line",
    [
        "[1]", "7", "nothing", "{", "}", '{"text":"a"', '{"text":"a"}}', '{"text":"a"},', '{"text":"a",}', '{text:"a"}',
        '{"text":"a"} {"text":"b"}', '{"text":tru}', '{"text":01}', '{"text":+1}', '{"text":1.}', '{"text":.5}',
        '{"text":"\\x41"}', '{"text":"\\u12g4"}', '{"text":"\\u12"}', '{"text":"a}', "{'text':'a'}",
        '{"text":"a","b":[1 2]}', '{"text":"a","b":[1,]}', '{"text":"a","b":{"c"}}', '{"text":"a","b":{"c":1,}}',
        '{"text":"a","b":[}', '{"text":"a","b":[[]}', '{"text":"a" "b":1}', '{"text" "a"}', '{"text":}',
        '{"text":"a","b":' + "[" * 100 + "]" * 100 + "}",
    ],
)  # fmt: skip
def test_a_line_that_is_not_one_json_object_is_rejected(tmp_path, line):
    path = written(tmp_path / "a.jsonl", f'{{"text":"before"}}\n{line}\n{{"text":"after"}}\n')
    assert rejected(path, tmp_path / "rejects") == [(2, "json")]
    assert texts(path) == ["before", "after"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"\\u0111\\u01b0\\u1eddng"', "đường"), ('"\\ud83d\\ude00"', "😀"), ('"a\\"b\\\\c\\/d"', 'a"b\\c/d'),
        ('"a\\nb\\tc"', "a\nb\tc"), ('"a\\r\\nb\\rc"', "a\nb\nc"), ("12", "12"), ("-1.5e3", "-1.5e3"), ("true", "true"),
        ('"a\tb"', "a\tb"), ('"a\\u000db"', "a\nb"),
    ],
)  # fmt: skip
def test_values_are_read_as_text(tmp_path, value, text):
    assert texts(written(tmp_path / "a.jsonl", f'{{"text":{value}}}\n')) == [text]


def test_the_last_of_duplicate_keys_counts(tmp_path):
    assert texts(written(tmp_path / "a.jsonl", '{"text":"a","text":"b"}\n')) == ["b"]


def test_a_key_written_with_escapes_is_the_same_key(tmp_path):
    assert texts(written(tmp_path / "a.jsonl", '{"t\\u0065xt":"a"}\n{"text":"b"}\n')) == ["a", "b"]


def test_nested_values_elsewhere_do_no_harm_and_a_nested_text_is_rejected(tmp_path):
    rows = [
        {"text": "a", "meta": {"x": [1, {"y": "}]"}]}, "id": {"n": 1}},
        {"text": {"x": 1}},
        {"text": ["a"]},
        {"text": {"x": 1}, "body": "b"},
    ]
    path = written(tmp_path / "a.jsonl", rows)
    assert rejected(path, tmp_path / "rejects") == [(2, "text-nested"), (3, "text-nested")]
    assert [(row["text"], row["id"]) for row in run(path)[0]] == [("a", "a:1"), ("b", "a:4")]


def test_not_a_number_and_infinity_count_as_nothing(tmp_path):
    rows, _ = run(written(tmp_path / "a.jsonl", '{"text":"a","place":NaN,"views":-Infinity,"link":Infinity}\n'))
    assert (rows[0]["place"], rows[0]["reach"], rows[0]["link"]) == (None, None, None)


def test_keys_without_end_do_not_exhaust_the_table(tmp_path):
    rows = [{f"key{row}-{n}": n for n in range(40)} | {"text": f"t{row}"} for row in range(60)]
    assert texts(written(tmp_path / "a.jsonl", rows)) == [f"t{row}" for row in range(60)]


def test_many_wanted_columns_may_come_late_in_one_block(tmp_path):
    full = {"text": "b", "id": 1, "time": "2025-09-07", "source": "s", "channel": "c", "place": "p", "author": "x"}
    rows = [{"text": "a"}, full | {"link": "l", "views": 3, "kind": "press", "fetched": "2025-09-07", "title": "t"}]
    found, _ = run(written(tmp_path / "a.jsonl", rows))
    assert (found[1]["id"], found[1]["link"], found[1]["reach"], found[0]["link"]) == ("1", "l", 3, None)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("block_bytes", [3, 2**20])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.json.gz"])
def test_a_file_that_is_one_json_array_is_read_by_its_elements(tmp_path, indent, block_bytes, name):
    rows = [{"text": "a, [b]"}, {"text": 'c "} ] \\'}, {"text": "d", "meta": [{"x": []}]}]
    path = written(tmp_path / name, json.dumps(rows, indent=indent))
    found, reader = run(path, block_bytes=block_bytes)
    assert [(row["id"], row["text"]) for row in found] == [("a:1", "a, [b]"), ("a:2", 'c "} ] \\'), ("a:3", "d")]
    assert reader.report.files[0].form == "json array"


def test_an_array_that_breaks_off_gives_what_stood_before(tmp_path):
    path = written(tmp_path / "a.json", '[{"text":"a"},{"text":"b"},{"te')
    assert rejected(path, tmp_path / "rejects") == [(3, "json")]
    assert texts(path) == ["a", "b"]


@pytest.mark.parametrize("first", ["[1]", "[2025-09-07 08:00] begins"])
def test_lines_behind_a_first_line_that_looks_like_an_array_are_lines(tmp_path, first):
    path = written(tmp_path / "a.jsonl", f'{first}\n{{"text":"a, b"}}\n{{"text":"c","meta":[1,2]}}\n')
    assert rejected(path, tmp_path / "rejects") == [(1, "json")]
    assert [(row["id"], row["text"]) for row in run(path)[0]] == [("a:2", "a, b"), ("a:3", "c")]


def test_an_empty_array_has_no_rows(tmp_path):
    assert texts(written(tmp_path / "a.json", "[ ]\n")) == []
