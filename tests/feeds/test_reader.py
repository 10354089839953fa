from __future__ import annotations

import fcntl
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from nhipcau.feeds import state as state_module
from nhipcau.feeds.errors import FeedError
from nhipcau.feeds.reader import FeedOutcome, fetch_feeds
from tests.feeds.feed_server import NOW, RSS, Server


def item(number: int, title: str = "Tin") -> str:
    return f"<item><guid>https://bao.example/{number}</guid><title>{title} {number}</title></item>"


def feed(*items: str) -> bytes:
    channel = "<title>T</title><link>https://bao.example/</link>"
    return f'<rss version="2.0"><channel>{channel}{"".join(items)}</channel></rss>'.encode()


def fetch(urls: list[str], out: Path, **options: Any) -> list[FeedOutcome]:
    return fetch_feeds(urls, out, **({"now": NOW, "allow_private": True, "timeout_seconds": 5.0} | options))


def ids(out: Path) -> list[str]:
    assert out.read_bytes().endswith(b"\n")
    return [orjson.loads(line)["id"] for line in out.read_bytes().splitlines()]


def test_posts_are_written_as_json_lines(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "posts.jsonl"
    (outcome,) = fetch([server.gives("/rss")], out)
    assert (outcome.new_posts, outcome.error) == (2, None)
    assert ids(out) == ["https://bao.example/1", "bao.example:2"]
    assert orjson.loads(out.read_bytes().splitlines()[0])["kind"] == "press"


def test_the_same_item_is_written_once(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    first = server.gives("/a", feed(item(1), item(2), item(1)))
    second = server.gives("/b", feed(item(2), item(3)))
    assert [outcome.new_posts for outcome in fetch([first, second, first], out)] == [2, 1]
    server.gives("/a", feed(item(4), item(1, "Sửa")))
    assert [outcome.new_posts for outcome in fetch([first], out)] == [1]
    assert ids(out) == [f"https://bao.example/{number}" for number in (1, 2, 3, 4)]


def test_one_failing_feed_does_not_stop_the_others(server: Server, tmp_path: Path) -> None:
    bad = server.gives("/bad", b"", status=500)
    good = server.gives("/good")
    outcomes = fetch([bad, "ftp://bao.example/", "http://[broken/", good, "http://bao.example/"], tmp_path / "o.jsonl")
    codes = [outcome.error.code if outcome.error else "" for outcome in outcomes]
    assert codes == ["feed.http-status", "feed.scheme", "feed.bad-url", "", "feed.no-such-host"]
    assert outcomes[3].new_posts == 2


def test_validators_are_kept_beside_the_output(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    url = server.gives("/rss", ETag='"a"')
    fetch([url], out)
    server.gives("/rss", b"", status=304)
    (outcome,) = fetch([url], out)
    assert outcome.result is not None
    assert (outcome.result.status, outcome.new_posts) == ("unchanged", 0)
    assert server.requests[1][1]["if-none-match"] == '"a"'
    fetch([url], out)
    assert server.requests[2][1]["if-none-match"] == '"a"'
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posts.jsonl", "posts.jsonl.state.json"]


def test_retry_after_is_honoured_by_the_next_run(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    url = server.gives("/rss", b"", status=429, Retry_After="600")
    (outcome,) = fetch([url], out)
    assert outcome.error is not None
    assert outcome.error.values["retry_at"] == NOW + timedelta(minutes=10)
    server.gives("/rss")
    (waiting,) = fetch([url], out)
    assert waiting.result is not None
    assert waiting.result.status == "waiting"
    assert len(server.requests) == 1
    (again,) = fetch([url], out, now=NOW + timedelta(minutes=10))
    assert again.new_posts == 2


def test_a_torn_last_line_is_cut_and_written_again(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    url = server.gives("/a", feed(item(1)))
    fetch([url], out)
    with out.open("ab") as file:
        file.write(b'{"id":"https://bao.example/2","te')
    server.gives("/a", feed(item(2), item(1)))
    fetch([url], out)
    assert ids(out) == ["https://bao.example/1", "https://bao.example/2"]


@pytest.mark.parametrize("moment", ["before the state", "in the middle of the line", "before the first state"])
def test_a_kill_at_any_moment_neither_loses_nor_doubles(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    out = tmp_path / "posts.jsonl"
    url = server.gives("/a", feed(item(1)))
    if moment != "before the first state":
        fetch([url], out)
    server.gives("/a", feed(item(3), item(2), item(1)))

    class Killed(BaseException):
        pass

    def killed(*arguments: object) -> None:
        raise Killed

    def torn(descriptor: int, data: bytes) -> int:
        whole = os.pwrite(descriptor, bytes(data)[:-30], os.fstat(descriptor).st_size)
        assert whole
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "in the middle of the line":
            patch.setattr("nhipcau.feeds.state.os.write", torn)
        else:
            patch.setattr("nhipcau.feeds.reader.save", killed)
        with pytest.raises(Killed):
            fetch([url], out)
    fetch([url], out)
    assert sorted(ids(out)) == [f"https://bao.example/{number}" for number in (1, 2, 3)]


def test_a_full_disk_leaves_the_file_as_it_was(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "posts.jsonl"
    url = server.gives("/a", feed(item(1)))
    fetch([url], out)
    before = out.read_bytes()
    server.gives("/a", feed(item(2)))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("nhipcau.feeds.state.os.fsync", full)
        with pytest.raises(FeedError) as caught:
            fetch([url], out)
    assert caught.value.code == "feed.write-failed"
    assert out.read_bytes() == before
    assert fetch([url], out)[0].new_posts == 1


def test_an_output_that_was_moved_away_is_begun_anew(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    url = server.gives("/a", feed(item(1)))
    fetch([url], out)
    out.rename(tmp_path / "old.jsonl")
    server.gives("/a", feed(item(2), item(1)))
    fetch([url], out)
    assert ids(out) == ["https://bao.example/2"]


def test_what_is_remembered_is_bounded_but_never_drops_what_a_feed_still_holds(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nhipcau.feeds.reader.MOST_SEEN", 3)
    out = tmp_path / "posts.jsonl"
    url = server.gives("/a", feed(*(item(number) for number in range(5))))
    assert fetch([url], out)[0].new_posts == 5
    assert fetch([url], out)[0].new_posts == 0
    server.gives("/a", feed(item(8), item(9)))
    fetch([url], out)
    assert len(state_module.load(tmp_path / "posts.jsonl.state.json").seen) == 3


def test_two_runs_do_not_write_to_one_file(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    with out.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(FeedError) as caught:
            fetch([server.gives("/rss")], out)
    assert caught.value.code == "feed.out-busy"
    assert server.requests == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"version": 9}', b"\xff"])
def test_a_state_file_that_is_not_ours_is_one_clear_error(server: Server, tmp_path: Path, content: bytes) -> None:
    state_path = tmp_path / "state.json"
    state_path.write_bytes(content)
    with pytest.raises(FeedError) as caught:
        fetch([server.gives("/rss")], tmp_path / "posts.jsonl", state_path=state_path)
    assert (caught.value.code, caught.value.values["path"]) == ("feed.state-broken", str(state_path))


def test_an_output_that_cannot_be_opened_is_one_clear_error(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file" / "posts.jsonl", tmp_path):
        with pytest.raises(FeedError) as caught:
            fetch([server.gives("/rss")], out)
        assert caught.value.code == "feed.write-failed"


def test_each_outcome_is_told_as_it_comes(server: Server, tmp_path: Path) -> None:
    told: list[str] = []
    urls = [server.gives("/a"), server.gives("/b", b"", status=404)]
    outcomes = fetch(urls, tmp_path / "o.jsonl", on_outcome=lambda outcome: told.append(outcome.url))
    assert told == urls == [outcome.url for outcome in outcomes]


def test_two_runs_of_the_same_feeds_write_the_same_bytes(server: Server, tmp_path: Path) -> None:
    urls = [server.gives("/a", RSS), server.gives("/b", feed(item(5)))]
    fetch(urls, tmp_path / "1.jsonl")
    fetch(urls, tmp_path / "2.jsonl")
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
