"""The envelope: what a voice becomes, what is refused and how that is told, and that nothing personal goes through."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.authorkeys import AuthorKey
from nhipcau.engine.posts import POST_SCHEMA
from nhipcau.engine.reading import author_keys
from nhipcau.voices.envelope import Envelope, Origin, read_voices, seal
from nhipcau.voices.voicefields import CODES, FIELDS, clean

AT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
POSTS = Origin("hotline", is_press=False, id_secret=b"k" * 32)
PRESS = Origin("bao", is_press=True, id_secret=b"k" * 32)
KEY = AuthorKey(739_000, b"x" * 32)


def enveloped(*voices: Any, origin: Origin = POSTS, key: AuthorKey = KEY, at: datetime = AT) -> Envelope:
    return read_voices(voices, origin=origin, author_key=key, at=at)


def one(origin: Origin = POSTS, **fields: Any) -> dict[str, Any]:
    """The row that a voice becomes."""
    rows = enveloped({"id": "1", "text": "Nước ngập", **fields}, origin=origin).batch.to_pylist()
    assert len(rows) == 1
    return dict(rows[0])


def refusals(*voices: Any) -> list[tuple[int, str, str]]:
    return [(refused.row, refused.field, refused.code) for refused in enveloped(*voices).refused]


def test_a_voice_becomes_a_post():
    row = one(title="Hỏi", time="2026-11-27T08:00:00+07:00", place="xã Long Biên", channel="hotline", reach=7)
    assert row["time"] == datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    assert row["arrived"] == AT
    assert (row["source"], row["kind"], row["text"]) == ("hotline", "post", "Hỏi\nNước ngập")
    assert (row["place"], row["channel"], row["reach"]) == ("xã Long Biên", "hotline", 7)
    assert (row["author_key"], row["link"]) == (None, None)


def test_a_voice_without_a_time_was_said_when_it_came():
    assert one()["time"] == AT


@pytest.mark.parametrize("time", ["07/11/2026 08:30", 1_763_700_000, "2026-11-07T08:30", AT - timedelta(days=3)])
def test_times_are_read_as_the_engine_reads_them(time: Any):
    assert abs(one(time=time)["time"] - AT) < timedelta(days=400)


def test_author_keys_are_those_of_the_reader():
    expected = author_keys(pa.array(["u1"]), KEY.secret)[0].as_py()
    assert one(author_id="u1", author="Lê Thị Tám")["author_key"] == expected
    assert one(handle="u1", author="Lê Thị Tám")["author_key"] == expected
    assert one(author="u1")["author_key"] == expected
    assert one(author_id=12)["author_key"] == author_keys(pa.array(["12"]), KEY.secret)[0].as_py()


def test_ids_are_hidden_and_the_same_voice_is_always_called_the_same():
    first, second = one(), one(text="khác", time="2026-11-01T00:00:00Z")
    assert first["id"] == second["id"] != "1"
    assert one(origin=PRESS)["id"] != first["id"]
    other = Origin("hotline", is_press=False, id_secret=b"q" * 32)
    assert one(origin=other)["id"] != first["id"]


def test_links_and_the_press_are_for_sources_of_publications_only():
    link = "https://bao.example.vn/bai/1"
    assert (one(link=link, kind="press")["link"], one(link=link, kind="press")["kind"]) == (None, "post")
    assert (one(PRESS, link=link)["link"], one(PRESS, link=link)["kind"]) == (link, "press")
    assert (one(PRESS, link=link, kind="post")["link"], one(PRESS, kind="post")["kind"]) == (None, "post")
    for person in ("https://www.facebook.com/le.thi.tam.98", "javascript:alert(1)", "le.thi.tam"):
        assert one(PRESS, link=person)["link"] is None


@pytest.mark.parametrize(
    ("voice", "told"),
    [
        (5, ("", "no-object")),
        (None, ("", "no-object")),
        ({"text": "x"}, ("id", "missing")),
        ({"id": " ", "text": "x"}, ("id", "missing")),
        ({"id": "1"}, ("text", "missing")),
        ({"id": "1", "text": ""}, ("text", "missing")),
        ({"id": "1", "text": " \n\u200b"}, ("text", "empty")),
        ({"id": "1", "text": "\u202e\x00"}, ("text", "missing")),
        ({"id": "1", "text": ["x"]}, ("text", "type")),
        ({"id": True, "text": "x"}, ("id", "type")),
        ({"id": "1", "text": "x", "author": {"name": "Lê Thị Tám"}}, ("author", "type")),
        ({"id": "1", "text": "x", "Lê Thị Tám": 1}, ("", "unknown-field")),
        ({"id": "1", "text": "x" * 50_001}, ("text", "too-long")),
        ({"id": "1", "text": "x", "time": "hôm qua"}, ("time", "time-unreadable")),
        ({"id": "1", "text": "x", "time": "2026-11-29T00:00:00Z"}, ("time", "time-too-late")),
        ({"id": "1", "text": "x", "time": "2006-11-29T00:00:00Z"}, ("time", "time-too-early")),
        ({"id": "1", "text": "x", "time": datetime(2026, 11, 27)}, ("time", "type")),  # noqa: DTZ001  # that is it
    ],
)
def test_what_does_not_hold_is_told_by_row_field_and_code(voice: Any, told: tuple[str, str]):
    good = {"id": "0", "text": "tốt"}
    assert refusals(good, voice, good) == [(2, *told)]
    assert "Tám" not in str(enveloped(voice).refused)
    assert enveloped(good, voice).batch.num_rows == 1


def test_what_a_file_gave_is_sealed_the_same():
    read = pa.RecordBatch.from_pylist(
        [
            {"id": "1", "text": "Gọi 0912 345 678", "kind": "press", "link": "https://a.example.vn", "place": "x"},
            {"id": "2", "text": "muộn", "kind": "post", "time": AT + timedelta(days=3)},
        ],
        schema=POST_SCHEMA,
    )
    sealed = seal(read, origin=POSTS, author_epoch=5, at=AT)
    (row,) = sealed.batch.to_pylist()
    assert (row["text"], row["kind"], row["link"]) == ("Gọi [điện thoại]", "post", None)
    assert row["id"] == one()["id"]
    assert [(refused.row, refused.code) for refused in sealed.refused] == [(2, "time-too-late")]
    assert sealed.author_epoch == 5


PERSONAL = {
    "author": "Lê Thị Tám Mươi",
    "author_id": "100012345678901",
    "handle": "le.tam_98",
    "phone": "0912 345 678",
    "email": "tam.le@example.com",
    "address": "số 12 ngõ 34",
}


def planted(text: str) -> str:
    """Everything personal in one field, as people write it."""
    return (
        f"{text} tôi là {PERSONAL['author']} (le thi tam muoi), @{PERSONAL['handle']}, id {PERSONAL['author_id']}, gọi "
        f"{PERSONAL['phone']} hoặc {PERSONAL['email']}, nhà {PERSONAL['address']} đường Lê Lợi"
    )


def traces(content: bytes) -> list[str]:
    """What of the planted is in some bytes, in any of the ways it may be written."""
    found = []
    plain = content.decode("utf-8", "ignore")
    for name, value in PERSONAL.items():
        digits = value.replace(" ", "") if name == "phone" else value
        for written in {value, value.lower(), unicodedata.normalize("NFD", value), digits}:
            if written in plain:
                found.append(written)
    return found + [written for written in ("le thi tam muoi", "Lê Thị Tám") if written in plain]


@pytest.mark.parametrize("origin", [POSTS, PRESS])
def test_what_is_personal_is_in_no_field_of_what_is_kept(origin: Origin):
    names = {name: PERSONAL[name] for name in ("author", "author_id", "handle")}
    voices = [
        {"id": planted("1"), "text": planted("Nước ngập."), "title": planted("Hỏi"), **names},
        {"id": "2", "text": "x", "place": planted("Long Biên"), "channel": PERSONAL["handle"], **names},
        {"id": "3", "text": "x", "link": "https://facebook.com/le.tam_98", "kind": PERSONAL["author"], **names},
        {"id": "4", "text": "x", "time": planted(""), **names},
        {"id": "5", "text": "x", "reach": PERSONAL["phone"], **names},
        {"id": "6", "text": unicodedata.normalize("NFD", planted("Nước")), **names},
        {"id": "7", "text": "x", PERSONAL["author"]: PERSONAL["phone"]},
    ]
    made = enveloped(*voices, origin=origin)
    assert made.batch.num_rows >= 4
    kept = str(made.batch.to_pylist()) + str(made.refused)
    assert traces(kept.encode()) == []


def test_what_an_author_is_called_stays_where_another_is_meant():
    text = "mai vẫn mưa, ai tên Tám thì gọi"
    assert one(text=text, author="Mai Văn")["text"] == text
    assert one(text="An toàn là trên hết", author="An")["text"] == "An toàn là trên hết"


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.lists(st.integers(), max_size=2)
)
anything = st.dictionaries(st.sampled_from([*FIELDS, "other"]), values, max_size=8)
texts = st.text(st.characters(), max_size=60)


@given(st.lists(st.one_of(anything, values), max_size=12))
def test_every_voice_is_kept_or_refused_once_whatever_it_is(voices: list[Any]):
    made = enveloped(*voices)
    rows = [refused.row for refused in made.refused]
    assert made.batch.schema == POST_SCHEMA
    assert made.batch.num_rows + len(rows) == len(voices)
    assert len(set(rows)) == len(rows)
    assert rows == sorted(rows)
    assert {refused.code for refused in made.refused} <= set(CODES)
    made.batch.validate(full=True)
    for row in made.batch.to_pylist():
        assert len(row["id"]) == 32
        assert row["text"].strip()
        assert row["kind"] == "post"
        assert row["link"] is None


@given(st.lists(anything, max_size=8), st.lists(anything, max_size=8))
def test_voices_are_judged_each_by_itself(first: list[Any], second: list[Any]):
    together = enveloped(*first, *second)
    parts = enveloped(*first).batch.to_pylist() + enveloped(*second).batch.to_pylist()
    assert together.batch.to_pylist() == parts


@given(texts)
def test_a_clean_text_stays_and_cleaning_twice_changes_nothing(text: str):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()
    if text.isprintable() and text.isascii():
        assert cleaned == text


@given(texts, st.text(st.characters(categories=["L"]), min_size=5, max_size=12), st.integers(0, 60))
def test_a_name_of_five_letters_or_more_never_stands_in_what_is_kept(text: str, name: str, place: int):
    said = f"{text[:place]} {name} {text[place:]}"
    row = one(text=said, author=name)
    assert f" {name} " not in f" {row['text']} "
