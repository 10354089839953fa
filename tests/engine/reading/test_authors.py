import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.reading import author_keys

from .drive import KEY, run, unhurried, written
from .naive_reading import siphash_2_4

# The first entries of vectors_sip64 of the reference implementation (github.com/veorq/SipHash): the message of n bytes
# is 0, 1, …, n - 1 under the key 0, 1, …, 15, written little-endian.
PUBLISHED = {
    0: "310e0edd47db6f72", 1: "fd67dc93c539f874", 2: "5a4fa9d909806c0d", 3: "2d7efbd796666785",
    4: "b7877127e09427cf", 5: "8da699cd64557618", 6: "cee3fe586e46c9cb", 7: "37d1018bf50002ab",
    8: "6224939a79f5f593", 15: "e545be4961ca29a1",
}  # fmt: skip


@pytest.mark.parametrize("length", PUBLISHED)
def test_the_slow_twin_gives_the_published_vectors(length):
    assert siphash_2_4(bytes(range(length)), KEY) == int.from_bytes(bytes.fromhex(PUBLISHED[length]), "little")


@pytest.mark.parametrize("length", [length for length in PUBLISHED if length])
def test_author_keys_give_the_published_vectors(length):
    message = bytes(range(length)).decode()
    assert author_keys(pa.array([message]), KEY)[0].as_py() == int.from_bytes(
        bytes.fromhex(PUBLISHED[length]), "little"
    )


@unhurried
@given(st.lists(st.none() | st.text()), st.binary(min_size=16, max_size=16), st.integers(0, 3))
def test_author_keys_agree_with_the_slow_twin_on_any_slice(values, key, skipped):
    values = pa.array(values, pa.string()).slice(skipped)
    assert author_keys(values, key).to_pylist() == [
        siphash_2_4(value.encode(), key) if value else None for value in values.to_pylist()
    ]


def test_a_key_of_32_bytes_uses_all_of_them():
    names = pa.array(["a"])
    keys = [bytes(32), bytes(31) + b"\x01", b"\x01" + bytes(31)]
    assert len({author_keys(names, key)[0].as_py() for key in keys}) == 3


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="16 or 32"):
        author_keys(pa.array(["a"]), b"short")


def test_an_author_is_a_number_or_a_name_and_unknown_where_empty(tmp_path):
    rows = [{"text": "a", "user_id": 7}, {"text": "b", "user_id": "7"}, {"text": "c", "user_id": ""}, {"text": "d"}]
    keys = [row["author_key"] for row in run(written(tmp_path / "a.jsonl", rows))[0]]
    assert keys == [siphash_2_4(b"7", KEY)] * 2 + [None, None]


def test_no_author_value_leaves_the_reader(tmp_path):
    name = "nguoi-dung-0042"
    lines = [{"text": "a", "author": name, "time": "soon"}, {"text": "b", "author": name, "time": "2025-09-07"}]
    sink = tmp_path / "rejects"
    rows, reader = run(written(tmp_path / "a.jsonl", lines), rejects=sink)
    assert name not in repr(rows) + repr(reader.report) + sink.read_text()
    assert reader.report.has_authors


def test_an_author_in_an_object_is_found(tmp_path):
    rows = [{"text": "a", "from": {"id": "11", "name": "x"}}, {"text": "b", "from": {"id": 11}}, {"text": "c"}]
    found, reader = run(written(tmp_path / "a.jsonl", rows))
    assert [row["author_key"] for row in found] == [siphash_2_4(b"11", KEY)] * 2 + [None]
    assert reader.report.columns["author"] == ["from.id"]


def test_what_an_author_is_called_is_taken_out_of_their_words_where_that_is_asked_for(tmp_path):
    rows = [
        {"id": "1", "text": "tôi là le thi tam", "place": "nhà Lê Thị Tám", "author": "Lê Thị Tám"},
        {"id": "2", "text": "theo @tam_98 nhé", "author": "tam_98"},
        {"id": "3", "text": "Lê Thị Tám ở đâu"},
    ]
    path = written(tmp_path / "a.jsonl", rows)
    assert [row["text"] for row in run(path)[0]] == [row["text"] for row in rows]
    found = run(path, hide_authors=True)[0]
    assert [row["text"] for row in found] == ["tôi là [tên]", "theo [tài khoản mạng] nhé", "Lê Thị Tám ở đâu"]
    assert found[0]["place"] == "nhà [tên]"


NAMED = {
    "author_id": "uid_77031",
    "author_name": "Lê Thị Tám",
    "user": {"screen_name": "tam.bien.hoa", "url": "https://mang.example/le.tam.98"},
    "nick": "Tám Lúa",
    "nguoi_nhap": "Trần Vô Danh",
}


def test_all_columns_that_name_an_author_are_taken_out_whichever_of_them_tells_authors_apart(tmp_path):
    ways = ("le thi tam", "@tam.bien.hoa", "uid_77031", "le.tam.98", "TÁM LÚA", "tran vo danh")
    rows = [{"id": str(k), "text": f"{way} ở đây kêu mất nước", **NAMED} for k, way in enumerate(ways)]
    path = written(tmp_path / "a.jsonl", rows)
    texts = [row["text"] for row in run(path, hide_authors=True, called=("nguoi_nhap",))[0]]
    assert texts == [
        "[tên] ở đây kêu mất nước",
        "[tài khoản mạng] ở đây kêu mất nước",
        "[tài khoản mạng] ở đây kêu mất nước",
        "[tài khoản mạng] ở đây kêu mất nước",
        "[tên] ở đây kêu mất nước",
        "[tên] ở đây kêu mất nước",
    ]


def test_a_column_that_is_said_to_be_something_else_names_no_author(tmp_path):
    path = written(tmp_path / "a.jsonl", [{"text": "Chợ Đình Vồn mất nước", "name": "Chợ Đình Vồn"}])
    assert run(path, hide_authors=True)[0][0]["text"] == "[tên] mất nước"
    [row] = run(path, hide_authors=True, columns={"place": ["name"]})[0]
    assert (row["text"], row["place"]) == ("Chợ Đình Vồn mất nước", "Chợ Đình Vồn")
