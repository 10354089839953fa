from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.feeds.errors import FeedError
from nhipcau.feeds.items import Feed, parse_time, plain_text, read_feed
from tests.feeds.feed_server import NOW, RSS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def read(body: bytes | str, content_type: str = "application/xml") -> Feed:
    body = body.encode() if isinstance(body, str) else body
    return read_feed(body, content_type=content_type, url="https://bao.example/rss", now=NOW, zone=ZONE)


def refusal(body: bytes | str, content_type: str = "application/xml") -> str:
    with pytest.raises(FeedError) as caught:
        read(body, content_type)
    return caught.value.code


def test_rss_2_becomes_posts_that_the_reader_accepts() -> None:
    first, second = read(RSS).posts
    assert first == {
        "id": "https://bao.example/1",
        "time": "2026-02-05T05:30:00+00:00",
        "arrived": "2026-02-05T06:00:00+00:00",
        "source": "bao.example",
        "text": "Mưa lớn ở Đồng Phú\nNước ngập đường.",
        "link": "https://bao.example/1",
        "kind": "press",
    }
    assert second["id"] == "bao.example:2"
    assert second["time"] == "2026-02-05T05:40:00+00:00"
    assert second["text"] == "Cúp điện"


def test_no_author_is_kept() -> None:
    assert b"nguoi.viet" not in orjson.dumps(read(RSS).posts)


def test_atom() -> None:
    (post,) = read("""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
      <link href="https://www.bao.example/"/><entry><id>urn:uuid:1</id><title type="html">A &amp;amp; B</title>
      <link href="https://bao.example/a"/><updated>2026-02-05T05:00:00Z</updated><author><name>Ai Đó</name></author>
      <summary>Tóm tắt</summary></entry></feed>""").posts
    assert (post["id"], post["text"]) == ("urn:uuid:1", "A & B\nTóm tắt")
    assert (post["time"], post["link"]) == ("2026-02-05T05:00:00+00:00", "https://bao.example/a")


def test_rss_1_0() -> None:
    (post,) = read("""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://b.example/">
      <title>T</title><link>https://b.example/</link></channel><item rdf:about="https://b.example/1"><title>Tin</title>
      <link>https://b.example/1</link><dc:date>2026-02-05T11:00:00+07:00</dc:date></item></rdf:RDF>""").posts
    assert (post["text"], post["time"]) == ("Tin", "2026-02-05T04:00:00+00:00")


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://bao.example/",
        "authors": [{"name": "Ai Đó"}],
        "items": [
            {"id": 7, "url": "https://bao.example/7", "title": "Tin", "content_html": "<p>Nội dung</p>"},
            "not an item",
            {"id": "8"},
        ],
    }
    (post,) = read(orjson.dumps(feed), "application/feed+json").posts
    assert (post["id"], post["text"]) == ("bao.example:7", "Tin\nNội dung")
    assert post["time"] == post["arrived"]


def test_an_empty_feed_is_a_feed() -> None:
    assert read("<rss version='2.0'><channel><title>T</title></channel></rss>").posts == []


def test_what_an_author_is_called_is_taken_out_of_title_and_summary() -> None:
    rss = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Diễn đàn</title>
      <item><guid>1</guid><title>Le Thi Tam: cúp điện</title><description>tam.lua hỏi</description>
      <author>tam.lua@thu.example (Lê Thị Tám)</author><dc:creator>lua98</dc:creator></item>
      <item><guid>2</guid><title>Sở Y tế thông báo</title><dc:creator>Sở Y tế</dc:creator></item></channel></rss>"""
    assert [post["text"] for post in read(rss).posts] == ["[tên]: cúp điện\n[tài khoản mạng] hỏi", "Sở Y tế thông báo"]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "content_text": "@tam.lua kêu", "authors": [{"url": "https://mang.example/tam.lua"}]}],
    }
    assert read(orjson.dumps(feed), "application/json").posts[0]["text"] == "[tài khoản mạng] kêu"


def test_an_item_without_id_takes_its_link_and_without_link_its_text() -> None:
    posts = read("""<rss version="2.0"><channel><item><title>Một</title><link>https://b.example/1</link></item>
      <item><title>Hai</title></item></channel></rss>""").posts
    assert posts[0]["id"] == "https://b.example/1"
    assert posts[1]["id"].startswith("bao.example:text:")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Thu, 05 Feb 2026 13:00:00 +0700", 6),
        ("Thu, 05 Feb 2026 13:00:00 GMT+7", 6),
        ("Thu, 05 Feb 2026 13:00:00 GMT", 13),
        ("Thu, 05 Feb 2026 13:00:00 -0000", 13),
        ("Thu, 05 Feb 2026 13:00:00", 6),
        ("2026-02-05T13:00:00+07:00", 6),
        ("2026-02-05T13:00:00Z", 13),
        ("2026-02-05 13:00:00", 6),
        ("05/02/2026 13:00", 6),
    ],
)
def test_times_with_and_without_zone(text: str, hour: int) -> None:
    assert parse_time(text, zone=ZONE) == datetime(2026, 2, 5, hour, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "hôm qua", "99/99/2026", "0001-01-01T00:00:00", "Thu, 99 Feb 2026 1:00"])
def test_unreadable_time_is_none(text: str) -> None:
    assert parse_time(text, zone=ZONE) is None


def test_a_time_in_the_future_is_replaced_by_the_arrival() -> None:
    (post,) = read("""<rss version="2.0"><channel><item><title>Tin</title>
      <pubDate>Thu, 05 Feb 2026 20:00:00 +0700</pubDate></item></channel></rss>""").posts
    assert post["time"] == post["arrived"]


def test_xml_bomb_is_refused() -> None:
    bomb = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
      <rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>"""
    assert refusal(bomb) == "feed.unsafe-xml"
    assert refusal(bomb.encode("utf-16")) == "feed.unsafe-xml"


def test_external_entity_is_refused() -> None:
    assert (
        refusal("""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>
      <rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>""")
        == "feed.unsafe-xml"
    )


def test_entity_in_a_document_that_is_not_well_formed_is_refused() -> None:
    assert refusal("""<rss><<oops><!entity a "b"></rss>""") == "feed.unsafe-xml"


def test_a_slightly_broken_feed_is_read_and_said_to_be_broken() -> None:
    feed = read("""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>
      <item><title>Mưa & gió &nbsp; to</title><link>https://b.example/1</link></item></channel></rss>""")
    assert feed.invalid_line == 2
    assert feed.posts[0]["text"] == "Mưa & gió to"


def test_broken_xml_names_its_line() -> None:
    with pytest.raises(FeedError) as caught:
        read("<rss version='2.0'>\n<channel>\n<item><<<")
    assert caught.value.code == "feed.invalid-xml"
    assert caught.value.values["line"] == 3


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\x89PNG....", "image/png"),
        ("<html><head><title>T</title></head><body>Hi</body></html>", "text/html"),
        ("<!doctype html><p>Hi<br>", "text/html"),
        ('{"a": 1}', "application/json"),
        ("[1]", "application/json"),
        ('{"a": ', "application/json"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes | str, content_type: str) -> None:
    assert refusal(body, content_type) == "feed.not-a-feed"


def test_a_body_that_looks_like_a_path_or_an_address_is_not_opened() -> None:
    for body in ("/etc/passwd", "http://127.0.0.1/", "file:///etc/passwd", ""):
        assert refusal(body) in {"feed.invalid-xml", "feed.not-a-feed"}


def test_direction_and_control_characters_and_markup_leave_the_text() -> None:
    assert plain_text("a\u202eb\x00c <i>d</i><style>p{}</style><p>e</p>f") == "abc d e f"


@given(st.text(max_size=200))
def test_plain_text_is_one_line_without_control_characters(text: str) -> None:
    plain = plain_text(text)
    assert plain == " ".join(plain.split())
    assert "\x00" not in plain
    plain.encode("utf-8")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_one_clear_error(body: bytes) -> None:
    for whole in (body, RSS[:300] + body):
        with contextlib.suppress(FeedError):
            assert isinstance(read(whole), Feed)
