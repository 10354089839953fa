"""Asking feeds: politely, once, whole or not at all, and guarded; what goes wrong is said on the page."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from nhipcau.network.models.audit import AuditRecord
from nhipcau.voices.actions import feeds
from nhipcau.voices.actions.sources import add_source, change_source, start_source, stop_source
from nhipcau.voices.jobs.feeds import ask_feeds
from nhipcau.voices.models.health import FeedHost, SourceFailure
from nhipcau.voices.models.intake import IntakeBatch, IntakeReceipt
from nhipcau.voices.models.sources import Source
from tests.feeds.feed_server import RSS, Server
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import fields, fresh, page

NOW = datetime(2026, 2, 5, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def feed(cast: Cast, server: Server, path: str = "/rss", **values: Any) -> Source:
    return add_source(by=cast.analyst, fields=fields(cast, address=server.url(path), **values))


def later(clock: Any, **span: int) -> datetime:
    clock.shift(timedelta(**span))
    return datetime.now(UTC)


def voices() -> int:
    return sum(IntakeBatch.objects.values_list("voices", flat=True))


def test_new_feed_is_asked_at_once_and_its_items_are_taken_in(cast: Cast, server: Server):
    server.gives("/rss", etag='"one"', last_modified="Thu, 05 Feb 2026 05:00:00 GMT")
    source = feed(cast, server)
    assert ask_feeds(NOW) == 1
    now = fresh(source)
    assert voices() == 2
    assert (now.succeeded_at, now.heard_at, now.failures_in_a_row) == (NOW, NOW, 0)
    assert now.ask_next_at == NOW + timedelta(minutes=15)
    assert now.feed_state["etag"] == '"one"'
    assert IntakeReceipt.objects.get().accepted == 2
    assert ask_feeds(NOW + timedelta(minutes=1)) == 0


def test_what_did_not_change_is_asked_conditionally_and_comes_once(cast: Cast, server: Server, clock: Any):
    server.gives("/rss", etag='"one"', last_modified="Thu, 05 Feb 2026 05:00:00 GMT")
    source = feed(cast, server)
    ask_feeds(NOW)
    server.gives("/rss", b"", status=304)
    assert ask_feeds(later(clock, minutes=16)) == 1
    sent = server.requests[-1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"one"', "Thu, 05 Feb 2026 05:00:00 GMT")
    assert fresh(source).feed_state["etag"] == '"one"'
    server.gives("/rss")  # the server forgot, and sends all of it again
    ask_feeds(later(clock, minutes=16))
    assert voices() == 2
    server.gives("/rss", RSS.replace(b"bao.example/1", b"bao.example/3"))
    ask_feeds(later(clock, minutes=16))
    assert voices() == 3


def test_failure_is_said_with_a_remedy_and_tried_later_and_later(cast: Cast, server: Server, clock: Any):
    server.gives("/rss", b"", status=500)
    source = feed(cast, server, rhythm_minutes=60)
    gaps = []
    for _ in range(4):
        now = datetime.now(UTC)
        assert ask_feeds(now) == 1
        gaps.append((fresh(source).ask_next_at - now) / timedelta(minutes=15))
        clock.move_to(fresh(source).ask_next_at + timedelta(seconds=3))
    assert gaps == [1, 2, 4, 8]
    assert fresh(source).failures_in_a_row == 4
    assert SourceFailure.objects.filter(source=source).count() == 4
    shown = page(cast.analyst, f"/sources/{source.code}/")
    assert "The server answered with the error 500." in shown
    assert "It failed 4 times in a row." in shown
    server.gives("/rss")
    ask_feeds(datetime.now(UTC))
    assert (fresh(source).failures_in_a_row, fresh(source).failure_code) == (0, "")


def test_server_that_asks_for_patience_gets_it(cast: Cast, server: Server, clock: Any):
    server.gives("/rss", b"", status=429, retry_after="7200")
    source = feed(cast, server)
    ask_feeds(NOW)
    assert fresh(source).ask_next_at == NOW + timedelta(hours=2)
    assert ask_feeds(later(clock, minutes=119)) == 0
    assert len(server.requests) == 1


def test_feed_that_is_gone_is_asked_once_a_day(cast: Cast, server: Server):
    server.gives("/rss", b"", status=410)
    source = feed(cast, server)
    ask_feeds(NOW)
    assert fresh(source).ask_next_at == NOW + timedelta(days=1)


def endless(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/rss+xml")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" " * 65_536)


BOMB = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel>&b;</channel></rss>'


def test_dangerous_feeds_are_refused_with_a_reason_and_ask_nothing_inside(cast: Cast, server: Server, settings: Any):
    inside = server.gives("/inside")
    server.does("/endless", endless)
    server.gives("/bomb", BOMB)
    server.gives("/html", b"<html><body>no feed</body></html>", content_type="text/html")
    for number, (path, code) in enumerate(
        {"/endless": "feed.too-large", "/bomb": "feed.unsafe-xml", "/html": "feed.not-a-feed"}.items()
    ):
        source = feed(cast, server, path, name=f"F {number}")
        FeedHost.objects.all().delete()
        ask_feeds(NOW)
        assert fresh(source).failure_code == code
    # from here on private addresses are not allowed: a name leads there, first and later
    settings.FEEDS_MAY_BE_PRIVATE = False
    before = len(server.requests)
    Source.objects.all().update(ask_next_at=None)
    source = add_source(by=cast.analyst, fields=fields(cast, address=f"http://bao.example:{server.port}/inside"))
    assert ask_feeds(NOW) == 1
    assert fresh(source).failure_code in ("feed.private-address", "feed.no-such-host")
    assert len(server.requests) == before
    assert inside


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["169.254.169.254"], ["93.184.215.14", "10.0.0.1"], ["::1"]])
def test_name_that_leads_inside_is_not_followed(
    cast: Cast, server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch, answers: list[str]
):
    settings.FEEDS_MAY_BE_PRIVATE = False
    monkeypatch.setattr(feeds, "resolve", lambda host, port: answers)
    server.gives("/rss")
    source = add_source(by=cast.analyst, fields=fields(cast, address=f"http://bao.example:{server.port}/rss"))
    ask_feeds(NOW)
    assert fresh(source).failure_code == "feed.private-address"
    assert server.requests == []
    shown = page(cast.leader, f"/sources/{source.code}/")
    assert "leads into a private network" in shown


def test_redirect_inside_is_not_followed(cast: Cast, server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch):
    secret = server.gives("/secret")
    server.gives("/rss", b"", status=302, location=secret.replace("127.0.0.1", "metadata.example"))
    names = {"bao.example": ["127.0.0.1"], "metadata.example": ["169.254.169.254"]}
    monkeypatch.setattr(feeds, "resolve", lambda host, port: names[host])
    source = add_source(by=cast.analyst, fields=fields(cast, address=f"http://bao.example:{server.port}/rss"))
    ask_feeds(NOW)
    assert fresh(source).failure_code == "feed.private-address"
    assert [path for path, _headers in server.requests] == ["/rss"]


def test_two_workers_never_ask_twice(cast: Cast, server: Server):
    source = feed(cast, server)
    assert feeds.claim_feed(source_id=source.pk, now=NOW) is not None
    assert feeds.claim_feed(source_id=source.pk, now=NOW) is None
    assert feeds.claim_feed(source_id=source.pk, now=NOW + timedelta(seconds=90)) is None


def test_one_host_is_asked_by_one_at_a_time(cast: Cast, server: Server):
    first, second = feed(cast, server, "/1", name="A"), feed(cast, server, "/2", name="B")
    server.gives("/1")
    asked = feeds.claim_feed(source_id=first.pk, now=NOW)
    assert asked is not None
    assert feeds.claim_feed(source_id=second.pk, now=NOW) is None
    assert fresh(second).ask_next_at == NOW, "it stays due"
    feeds.keep(asked, feeds.fetch(asked))
    assert feeds.claim_feed(source_id=second.pk, now=NOW + timedelta(seconds=3)) is not None


def test_worker_that_died_with_its_claim_loses_nothing_and_doubles_nothing(cast: Cast, server: Server, clock: Any):
    server.gives("/rss")
    source = feed(cast, server)
    dead = feeds.claim_feed(source_id=source.pk, now=NOW)
    assert dead is not None
    fetched = feeds.fetch(dead)
    now = later(clock, minutes=3)
    assert ask_feeds(now) == 1
    assert voices() == 2
    feeds.keep(dead, fetched)  # it was only slow
    assert voices() == 2
    assert fresh(source).succeeded_at == now


def test_new_items_and_new_state_come_in_one_transaction(
    cast: Cast, server: Server, clock: Any, monkeypatch: pytest.MonkeyPatch
):
    server.gives("/rss", etag='"one"')
    source = feed(cast, server)

    def dies(**_values: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(feeds, "take_in", dies)
        with pytest.raises(KeyboardInterrupt):
            ask_feeds(NOW)
    assert fresh(source).feed_state == {}
    ask_feeds(later(clock, minutes=3))
    assert voices() == 2


def test_source_that_is_stopped_while_it_is_asked_takes_nothing_in(cast: Cast, server: Server, clock: Any):
    server.gives("/rss")
    source = feed(cast, server)
    asked = feeds.claim_feed(source_id=source.pk, now=NOW)
    assert asked is not None
    stop_source(by=cast.analyst, source=source, reason="Điều khoản đã đổi")
    feeds.keep(asked, feeds.fetch(asked))
    assert voices() == 0
    assert ask_feeds(later(clock, hours=1)) == 0
    start_source(by=cast.analyst, source=source, reason="Đã thỏa thuận lại")
    assert ask_feeds(datetime.now(UTC)) == 1
    assert voices() == 2
    assert {"source.stopped", "source.started"} <= set(AuditRecord.objects.values_list("action", flat=True))


def test_feed_with_another_address_is_asked_anew(cast: Cast, server: Server):
    server.gives("/rss", etag='"one"')
    server.gives("/other")
    source = feed(cast, server)
    ask_feeds(NOW)
    FeedHost.objects.all().delete()
    change_source(by=cast.analyst, source=source, fields=fields(cast, address=server.url("/other")))
    ask_feeds(NOW)
    assert "if-none-match" not in server.requests[-1][1]


def test_author_of_an_item_is_kept_nowhere(cast: Cast, server: Server):
    server.gives("/rss")
    feed(cast, server)
    ask_feeds(NOW)
    kept = b"".join(bytes(payload) for payload in IntakeBatch.objects.values_list("payload", flat=True))
    kept += "".join(str(state) for state in Source.objects.values_list("feed_state", flat=True)).encode()
    assert b"nguoi.viet" not in kept


@pytest.mark.django_db(transaction=True)
def test_two_workers_side_by_side_take_each_item_once(server: Server):
    from django.db import connections

    from tests.network.tasks.cast import make_cast

    cast = make_cast()
    for number in range(4):
        server.gives(f"/{number}", RSS.replace(b"bao.example/", b"bao.example/%d/" % number))
        feed(cast, server, f"/{number}", name=f"F{number}")

    def work() -> None:
        try:
            for _ in range(4):
                ask_feeds(NOW)
                FeedHost.objects.update(free_at=NOW)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(server.requests) == 4
