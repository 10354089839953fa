from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from nhipcau.feeds.errors import FeedError
from nhipcau.feeds.reader import FeedResult, FeedState, fetch_feed
from tests.feeds.feed_server import NOW, RSS, Server


def fetch(url: str, **options: Any) -> FeedResult:
    return fetch_feed(url, **({"now": NOW, "allow_private": True, "timeout_seconds": 5.0} | options))


def refusal(url: str, **options: Any) -> FeedError:
    with pytest.raises(FeedError) as caught:
        fetch(url, **options)
    assert caught.value.values["url"]
    return caught.value


def begins(handler: BaseHTTPRequestHandler, **headers: str) -> None:
    handler.send_response(200)
    for name, value in ({"Content-Type": "application/rss+xml"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def test_a_feed_is_fetched_with_its_validators(server: Server) -> None:
    url = server.gives("/rss", ETag='"a"', Last_Modified="Thu, 05 Feb 2026 05:00:00 GMT")
    result = fetch(url)
    assert (result.status, len(result.posts), result.url) == ("fetched", 2, url)
    assert (result.etag, result.modified) == ('"a"', "Thu, 05 Feb 2026 05:00:00 GMT")


def test_the_request_names_its_program_and_nothing_of_its_user(server: Server) -> None:
    fetch(server.gives("/rss"))
    _, headers = server.requests[0]
    assert headers["user-agent"].startswith("nhipcau/")
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert set(headers) <= {"user-agent", "host", "accept", "accept-encoding", "connection"}


def test_an_unchanged_feed_is_not_sent_again(server: Server) -> None:
    url = server.gives("/rss", b"", status=304)
    result = fetch(url, state=FeedState(etag='"a"', modified="Thu, 05 Feb 2026 05:00:00 GMT"))
    assert (result.status, result.posts, result.etag) == ("unchanged", [], '"a"')
    _, headers = server.requests[0]
    assert headers["if-none-match"] == '"a"'
    assert headers["if-modified-since"] == "Thu, 05 Feb 2026 05:00:00 GMT"


@pytest.mark.parametrize("squeeze", [gzip.compress, zlib.compress])
def test_a_compressed_feed_is_read(server: Server, squeeze: Callable[[bytes], bytes]) -> None:
    name = "gzip" if squeeze is gzip.compress else "deflate"
    assert len(fetch(server.gives("/rss", squeeze(RSS), Content_Encoding=name)).posts) == 2


def test_redirects_are_followed(server: Server) -> None:
    end = server.gives("/end")
    server.gives("/middle", b"", status=302, Location="end")
    result = fetch(server.gives("/start", b"", status=301, Location="/middle"))
    assert (result.url, len(result.posts)) == (end, 2)


def test_a_ring_of_redirects_ends(server: Server) -> None:
    url = server.gives("/ring", b"", status=302, Location="/ring")
    assert refusal(url).code == "feed.too-many-redirects"
    assert len(server.requests) == 6


def test_a_redirect_without_a_target_is_an_error(server: Server) -> None:
    assert refusal(server.gives("/r", b"", status=302)).code == "feed.http-status"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "feed.private-address"),
        ("http://[::ffff:169.254.169.254]/", "feed.private-address"),
        ("http://0.0.0.0/", "feed.private-address"),
        ("http://2130706433/", "feed.odd-host"),
        ("file:///etc/passwd", "feed.scheme"),
        ("gopher://bao.example/", "feed.scheme"),
        ("//user:secret@127.0.0.1/", "feed.bad-url"),
    ],
)
def test_every_hop_is_checked(server: Server, target: str, code: str) -> None:
    assert refusal(server.gives("/r", b"", status=302, Location=target)).code == code


def test_a_public_feed_may_not_redirect_to_a_private_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_allowed(address: object, *, allow_private: bool) -> bool:
        return str(address) == "127.0.0.1"  # stands for a public address in this test

    monkeypatch.setattr("nhipcau.feeds.connections.is_allowed", is_allowed)
    url = server.gives("/r", b"", status=302, Location="http://10.0.0.1/admin")
    error = refusal(url, allow_private=False)
    assert (error.code, error.values["address"]) == ("feed.private-address", "10.0.0.1")
    assert error.values["url"] == url


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/rss",
        "http://[::1]/rss",
        "http://[::ffff:127.0.0.1]/rss",
        "http://[::ffff:7f00:1]/rss",
        "http://[64:ff9b::7f00:1]/rss",
        "http://[fe80::1]/rss",
        "http://10.0.0.1/rss",
        "http://192.168.1.1/rss",
        "http://224.0.0.1/rss",
        "http://240.0.0.1/rss",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    assert refusal(url, allow_private=False).code == "feed.private-address"


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.0.0.1", "127.1", "127.0.0.1."])
def test_odd_forms_of_an_address_are_refused(host: str) -> None:
    assert refusal(f"http://{host}/rss").code in {"feed.odd-host", "feed.bad-url"}


@pytest.mark.parametrize("url", ["", "bao.example/rss", "ftp://bao.example/rss", "javascript:alert(1)", "file:///etc"])
def test_only_http_and_https(url: str) -> None:
    with pytest.raises(FeedError) as caught:
        fetch(url)
    assert caught.value.code == "feed.scheme"


@pytest.mark.parametrize("url", ["http://", "http://a:b@bao.example/", "http://bao.example:99999/", "http://a\x00b/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert refusal(url).code == "feed.bad-url"


def test_a_name_that_leads_to_a_private_address_is_refused(server: Server) -> None:
    server.gives("/rss")
    error = refusal(server.url("/rss", "bao.example"), resolver=lambda *_: ["127.0.0.1"], allow_private=False)
    assert (error.code, error.values["host"]) == ("feed.private-address", "bao.example")
    assert server.requests == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    answers = ["1.1.1.1", "127.0.0.1"]
    assert (
        refusal("http://bao.example/", resolver=lambda *_: answers, allow_private=False).code == "feed.private-address"
    )


def test_a_name_that_changes_its_answer_gains_nothing(server: Server) -> None:
    """DNS rebinding: the name is asked once a connection, and the answer that was checked is the one connected to."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    url = server.url("/rss", "bao.example")
    server.gives("/rss")
    assert len(fetch(url, resolver=resolver).posts) == 2
    assert asked == ["bao.example"]
    assert server.requests[0][1]["host"] == f"bao.example:{server.port}"
    server.gives("/again", b"", status=302, Location=url)
    asked.clear()
    redirected = refusal(server.url("/again", "other.example"), resolver=resolver)
    assert (redirected.code, asked) == ("feed.private-address", ["other.example", "bao.example"])


def test_a_host_that_does_not_exist() -> None:
    assert refusal("http://bao.example/").code == "feed.no-such-host"
    assert refusal("http://bao.example/", resolver=lambda *_: []).code == "feed.no-such-host"


def test_a_host_that_does_not_answer(server: Server) -> None:
    url = server.gives("/rss")
    server.close()
    assert refusal(url).code == "feed.unreachable"


def test_a_resolver_that_hangs_is_left(server: Server) -> None:
    def resolver(host: str, port: int) -> list[str]:
        server.ended.wait(20)
        return []

    assert refusal("http://bao.example/", resolver=resolver, timeout_seconds=0.05).code == "feed.timeout"
    server.ended.set()


def test_a_silent_server_times_out(server: Server) -> None:
    url = server.does("/rss", lambda handler: bool(server.ended.wait(20)) and None)
    assert refusal(url, timeout_seconds=0.05).code == "feed.timeout"
    server.ended.set()


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_bytes_runs_out_of_total_time(server: Server, part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if part == "body":
            begins(handler)
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not server.ended.wait(0.01):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    url = server.does("/rss", drip)
    assert refusal(url, timeout_seconds=5, total_seconds=0.2).code == "feed.timeout"
    server.ended.set()


def test_an_endless_body_is_cut(server: Server) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        begins(handler)
        while not server.ended.is_set():
            handler.wfile.write(b"<item>" * 1000)

    error = refusal(server.does("/rss", endless), max_bytes=50_000)
    assert (error.code, error.values["limit"]) == ("feed.too-large", 50_000)


def test_a_body_that_says_it_is_too_large_is_not_read(server: Server) -> None:
    assert refusal(server.gives("/rss", b"", content_length="6000000")).code == "feed.too-large"


def test_a_gzip_bomb_is_cut(server: Server) -> None:
    bomb = gzip.compress(b"<rss>" + b" " * 20_000_000)
    assert len(bomb) < 50_000
    assert refusal(server.gives("/rss", bomb, Content_Encoding="gzip"), max_bytes=100_000).code == "feed.too-large"


def test_a_truncated_gzip_is_an_error(server: Server) -> None:
    half = gzip.compress(RSS)[:-20]
    assert refusal(server.gives("/rss", half, Content_Encoding="gzip")).code == "feed.truncated"


def test_a_body_that_is_not_gzip_is_an_error(server: Server) -> None:
    assert refusal(server.gives("/rss", RSS, Content_Encoding="gzip")).code == "feed.truncated"


def test_an_unknown_encoding_is_an_error(server: Server) -> None:
    assert refusal(server.gives("/rss", RSS, Content_Encoding="br, gzip")).code == "feed.encoding"


def test_a_body_shorter_than_it_said_is_an_error(server: Server) -> None:
    assert refusal(server.gives("/rss", RSS, content_length=str(len(RSS) + 10))).code == "feed.bad-response"


def test_a_huge_header_is_an_error(server: Server) -> None:
    assert refusal(server.gives("/rss", RSS, X_Long="x" * 300_000)).code == "feed.bad-response"


def test_what_is_not_http_is_an_error(server: Server) -> None:
    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 mail.example ESMTP\r\n")

    assert refusal(server.does("/rss", talk)).code == "feed.bad-response"


def test_wrong_content_type_with_a_feed_in_it_is_read(server: Server) -> None:
    assert len(fetch(server.gives("/rss", content_type="text/html; charset=utf-8")).posts) == 2


def test_wrong_content_type_without_a_feed_is_refused(server: Server) -> None:
    assert refusal(server.gives("/a", b"<html><p>Hi", content_type="text/html")).code == "feed.not-a-feed"
    assert refusal(server.gives("/b", b"\x89PNG", content_type="image/png")).code == "feed.not-a-feed"


@pytest.mark.parametrize("status", [204, 401, 403, 404, 410, 500, 503])
def test_other_answers_are_errors_that_name_the_status(server: Server, status: int) -> None:
    error = refusal(server.gives("/rss", b"", status=status))
    assert (error.code, error.values["status"]) == ("feed.http-status", status)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Thu, 05 Feb 2026 06:30:00 GMT", timedelta(minutes=30)),
        ("999999999", timedelta(days=1)),
        ("9" * 400, timedelta(days=1)),
    ],
)
def test_retry_after_is_told(server: Server, value: str, wait: timedelta) -> None:
    error = refusal(server.gives("/rss", b"", status=429, Retry_After=value))
    assert (error.code, error.values["retry_at"]) == ("feed.wait", NOW + wait)


def test_retry_after_that_says_nothing_is_a_plain_status(server: Server) -> None:
    assert refusal(server.gives("/rss", b"", status=429, Retry_After="mai")).code == "feed.http-status"


def test_a_server_that_asked_for_patience_is_left_alone(server: Server) -> None:
    url = server.gives("/rss")
    later = NOW + timedelta(minutes=1)
    assert fetch(url, state=FeedState(retry_at=later)).status == "waiting"
    assert server.requests == []
    assert fetch(url, state=FeedState(retry_at=later), now=later).status == "fetched"


def test_arrival_is_kept_in_utc(server: Server) -> None:
    (first, _) = fetch(server.gives("/rss"), now=datetime(2026, 2, 5, 7, tzinfo=UTC)).posts
    assert first["arrived"] == "2026-02-05T07:00:00+00:00"
