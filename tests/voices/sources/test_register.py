"""The register: who keeps it, what is refused, what its pages show, with as few questions for many as for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.actions.forgetting import delete_past_term
from nhipcau.voices.actions.source_errors import SourceInvalid, SourceIsStopped
from nhipcau.voices.actions.sources import add_first_feeds, add_source, change_source, start_source, stop_source
from nhipcau.voices.actions.uploads import hand_in
from nhipcau.voices.firstfeeds import first_feeds
from nhipcau.voices.models import IntakeBatch, LogSegment, SegmentPart, Upload
from nhipcau.voices.models.health import SourceFailure
from nhipcau.voices.models.sources import Source, SourceKind
from nhipcau.voices.queries.sources import voices_by_day
from tests.feeds.feed_server import Server
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import client_of, fields, fresh, page

MOST_QUERIES = 12


def test_analyst_adds_a_source_with_one_audit_record(cast: Cast):
    before = timezone.now()
    made = add_source(by=cast.analyst, fields=fields(cast, name="  Báo   Đồng Nai "))
    assert (made.code, made.name) == ("bao-dong-nai", "Báo Đồng Nai")
    assert made.ask_next_at is not None
    assert made.ask_next_at >= before
    record = AuditRecord.objects.get()
    assert (record.action, record.by_id) == ("source.added", cast.analyst.pk)
    again = add_source(by=cast.administrator, fields=fields(cast, name="Báo Đồng Nai", address="https://b.example/"))
    assert again.code == "bao-dong-nai-2"


@pytest.mark.parametrize("who", ["leader", "auditor", "officer", "area_officer", "stranger"])
def test_others_change_nothing(cast: Cast, who: str):
    made = add_source(by=cast.analyst, fields=fields(cast))
    person = getattr(cast, who)
    for act in (
        lambda: add_source(by=person, fields=fields(cast, address="https://c.example/")),
        lambda: change_source(by=person, source=made, fields=fields(cast, name="X")),
        lambda: stop_source(by=person, source=made, reason="Thử dừng"),
        lambda: start_source(by=person, source=made, reason="Thử chạy"),
        lambda: add_first_feeds(by=person, feeds=[fields(cast, address="https://d.example/")]),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Source.objects.count() == 1
    assert AuditRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"name": " "}, "name", "length"),
        ({"name": "x" * 151}, "name", "length"),
        ({"kind": "rumour"}, "kind", "choice"),
        ({"matter": "opinion"}, "matter", "choice"),
        ({"language": "tiếng"}, "language", "language"),
        ({"retention_days": 0}, "retention_days", "range"),
        ({"retention_days": 4000}, "retention_days", "range"),
        ({"rhythm_minutes": 1}, "rhythm_minutes", "range"),
        ({"terms": "x" * 5001}, "terms", "too-long"),
        ({"address": ""}, "address", "address"),
        ({"address": "ftp://bao.example/"}, "address", "address"),
        ({"address": "https://ai:mat@bao.example/"}, "address", "address"),
        ({"address": "https://2130706433/"}, "address", "address"),
        ({"address": "https://bao.example/ rss"}, "address", "address"),
        ({"address": "http://192.168.1.4/rss"}, "address", "address-private"),
        ({"address": "http://[::ffff:127.0.0.1]/rss"}, "address", "address-private"),
    ],
)
def test_what_does_not_hold_is_refused(cast: Cast, settings: Any, values: dict[str, Any], field: str, problem: str):
    settings.FEEDS_MAY_BE_PRIVATE = False
    with pytest.raises(SourceInvalid) as refused:
        add_source(by=cast.analyst, fields=fields(cast, **values))
    assert (refused.value.values["field"], refused.value.values["problem"]) == (field, problem)
    assert not Source.objects.exists()
    assert not AuditRecord.objects.exists()


def test_one_address_has_one_source_that_runs(cast: Cast):
    made = add_source(by=cast.analyst, fields=fields(cast))
    with pytest.raises(SourceInvalid):
        add_source(by=cast.analyst, fields=fields(cast, name="Khác"))
    stop_source(by=cast.analyst, source=made, reason="Đổi nguồn")
    add_source(by=cast.analyst, fields=fields(cast, name="Khác"))


def test_code_and_kind_never_change(cast: Cast):
    made = add_source(by=cast.analyst, fields=fields(cast))
    changed = change_source(by=cast.analyst, source=made, fields=fields(cast, name="Tên mới", kind="file"))
    assert (changed.code, changed.kind, changed.name) == ("bao-mau", "feed", "Tên mới")
    assert AuditRecord.objects.order_by("-seq")[0].values["fields"] == ["name"]


def test_stopping_twice_is_refused_and_needs_a_reason(cast: Cast):
    made = add_source(by=cast.analyst, fields=fields(cast))
    with pytest.raises(SourceInvalid):
        stop_source(by=cast.analyst, source=made, reason=" ")
    stop_source(by=cast.analyst, source=made, reason="Điều khoản đã đổi")
    with pytest.raises(SourceIsStopped):
        stop_source(by=cast.analyst, source=made, reason="Điều khoản đã đổi")
    start_source(by=cast.analyst, source=made, reason="Đã xin phép lại")
    with pytest.raises(SourceIsStopped):
        start_source(by=cast.analyst, source=made, reason="Đã xin phép lại")
    assert fresh(made).ask_next_at is not None


def test_pages_show_how_sources_are_doing(cast: Cast):
    now = timezone.now()
    kinds = {"failing": {"failures_in_a_row": 2, "failure_code": "feed.timeout"}, "silent": {"silent_since": now}}
    kinds |= {"stopped": {"stopped_at": now}, "well": {"heard_at": now}, "young": {}}
    for number, (name, values) in enumerate(kinds.items()):
        made = add_source(by=cast.analyst, fields=fields(cast, name=name, address=f"https://b.example/{number}"))
        Source.objects.filter(pk=made.pk).update(**values)
        if name == "failing":
            SourceFailure.objects.create(source=made, at=now, code="feed.timeout", values={})
    shown = page(cast.leader, "/sources/")
    assert "The server did not answer in time." in shown
    assert "Failing (1)" in shown
    assert "Silent (1)" in shown
    assert "Stopped (1)" in shown
    assert "/sources/new" not in shown, "who only looks is offered nothing to change"
    assert shown.index("/sources/failing/") < shown.index("/sources/silent/") < shown.index("/sources/well/")
    assert "/sources/well/" not in page(cast.leader, "/sources/?doing=silent")
    for code in kinds:
        assert code in page(cast.auditor, f"/sources/{code}/")
    assert "Máy chủ không trả lời kịp." in page(cast.analyst, "/sources/failing/", language="vi")


def test_pages_ask_the_database_as_often_for_many(cast: Cast):
    def queries(path: str) -> int:
        client = client_of(cast.analyst)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    add_source(by=cast.analyst, fields=fields(cast))
    paths = ("/sources/", "/sources/bao-mau/", "/sources/bao-mau/edit", "/sources/first", "/field-report/")
    few = {path: queries(path) for path in paths}
    now = timezone.now()
    for number in range(30):
        made = add_source(
            by=cast.analyst, fields=fields(cast, name=f"B{number}", address=f"https://b.example/{number}")
        )
        SourceFailure.objects.create(source=made, at=now - timedelta(hours=number), code="feed.timeout")
    many = {path: queries(path) for path in paths}
    assert many == few
    assert max(many.values()) <= MOST_QUERIES, many


def test_form_adds_and_says_what_is_wrong(cast: Cast):
    client = client_of(cast.analyst)
    stated = {"name": "Báo Mẫu", "kind": "feed", "matter": "press", "owner": cast.hub.pk, "language": "vi"}
    stated |= {"address": "bao.example", "rhythm_minutes": "60", "retention_days": 365, "save": "1"}
    refused = client.post("/sources/new", stated)
    assert refused.status_code == 422
    assert "write the whole address of the feed" in refused.content.decode()
    done = client.post("/sources/new", stated | {"address": "https://bao.example/rss"})
    assert done.url == "/sources/bao-mau/"
    done = client.post("/sources/bao-mau/edit", stated | {"address": "https://bao.example/2", "name": "Báo Hai"})
    assert done.url == "/sources/bao-mau/"
    assert Source.objects.get().name == "Báo Hai"
    assert client.post("/sources/bao-mau/stop", {"reason": ""}).status_code == 422
    assert client.post("/sources/bao-mau/stop", {"reason": "Đổi địa chỉ"}).status_code == 302
    assert Source.objects.get().stopped_at is not None
    assert client.post("/sources/bao-mau/start", {"reason": "Đã đổi"}).status_code == 302


def test_feed_is_tried_before_it_is_saved_and_nothing_is_kept(cast: Cast, server: Server):
    address = server.gives("/rss")
    client = client_of(cast.analyst)
    shown = client.post("/sources/new", {"try": "1", "address": address, "name": ""})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "2 items. Nothing of them was kept." in text
    assert "Cúp điện" in text
    assert "nguoi.viet" not in text
    assert not Source.objects.exists()
    server.gives("/rss", b"", status=404)
    assert (
        "There is nothing at this address (404)."
        in client.post("/sources/new", {"try": "1", "address": address}).content.decode()
    )


def test_trying_asks_nothing_inside(cast: Cast, server: Server, settings: Any):
    settings.FEEDS_MAY_BE_PRIVATE = False
    address = server.gives("/rss")
    text = client_of(cast.analyst).post("/sources/new", {"try": "1", "address": address}).content.decode()
    assert "leads into a private network" in text
    assert server.requests == []


def test_first_feeds_are_asked_only_after_a_yes(cast: Cast):
    shown = page(cast.administrator, "/sources/")
    assert "/sources/first" in shown
    shown = page(cast.administrator, "/sources/first")
    assert "VnExpress" in shown
    assert "check before use" in shown
    assert not Source.objects.exists()
    client = client_of(cast.administrator)
    assert client.post("/sources/first", {}).status_code == 422
    done = client.post("/sources/first", {"feed": ["tuoi-tre", "vtv"], "address-vtv": "https://vtv.vn/rss/khac.rss"})
    assert done.url == "/sources/"
    assert set(Source.objects.values_list("address", flat=True)) == {
        "https://tuoitre.vn/rss/tin-moi-nhat.rss",
        "https://vtv.vn/rss/khac.rss",
    }
    assert AuditRecord.objects.get(action="source.first-added").values["count"] == 2
    assert "in the register" in page(cast.administrator, "/sources/first")


def test_every_first_feed_holds(cast: Cast, settings: Any):
    settings.FEEDS_MAY_BE_PRIVATE = False
    listed = first_feeds()
    assert len({one.code for one in listed}) == len(listed) >= 10
    stated = [
        fields(cast, name=one.name, address=one.address, matter=one.matter, rhythm_minutes=one.rhythm_minutes)
        for one in listed
    ]
    made = add_first_feeds(by=cast.analyst, feeds=stated)
    assert {one.kind for one in made} == {SourceKind.FEED}


def test_page_of_a_source_counts_what_is_in_the_log_and_what_waits_for_it(cast: Cast):
    made = add_source(by=cast.analyst, fields=fields(cast))
    now, today = timezone.now(), timezone.localdate()
    segment = LogSegment.objects.create(
        path="a", day=today, first_seq=0, last_seq=6, voices=7, bytes=1, sha256="0" * 64, written_at=now
    )
    SegmentPart.objects.create(segment=segment, source=made, voices=7)
    for _ in range(2):
        IntakeBatch.objects.create(source=made, route="feed", received_at=now, author_epoch=1, voices=5, payload=b"")
    days = voices_by_day(made, today=today)
    assert (days[0].on, days[0].voices, days[0].most) == (today, 17, 17)
    assert len(days) == 14
    assert sum(day.voices for day in days) == 17


def test_all_of_a_source_is_deleted_by_an_administrator_who_writes_its_name_once_more(cast: Cast):
    source = add_source(by=cast.analyst, fields=fields(cast, name="Ý kiến", kind="file", matter="post", address=""))
    content = b'{"text": "Nuoc may duc"}\n'
    upload = hand_in(by=cast.analyst, source=source, name="a.jsonl", size=len(content), chunks=[content])
    address = f"/sources/{source.code}/forget"
    assert address not in page(cast.analyst, f"/sources/{source.code}/")
    assert client_of(cast.analyst).get(address).status_code == 403
    assert address in page(cast.administrator, f"/sources/{source.code}/")
    assert "This cannot be taken back." in page(cast.administrator, address)
    client = client_of(cast.administrator)
    wrong = client.post(address, {"named": "Y kien", "reason": "hết hạn"})
    assert (wrong.status_code, fresh(source).stopped_at) == (422, None)
    assert "Write it as it stands above" in wrong.content.decode()
    assert client.post(address, {"named": " Ý  kiến ", "reason": "hết hạn sử dụng"}).status_code == 302
    assert fresh(source).stopped_at is not None
    assert Upload.objects.get(pk=upload.pk).state == "dropped"
    assert "all of it is being deleted" in page(cast.administrator, f"/sources/{source.code}/")
    with pytest.raises(SourceIsStopped):
        start_source(by=cast.analyst, source=source, reason="thử lại")
    delete_past_term(now=timezone.now())
    assert "The audit log has the proof." in page(cast.administrator, f"/sources/{source.code}/")
    start_source(by=cast.analyst, source=source, reason="dùng lại")
    codes = list(AuditRecord.objects.order_by("seq").values_list("action", flat=True))
    told = ["source.forgotten", "source.forgotten-wholly", "source.started"]
    assert [code for code in codes if code in told] == told, codes
    assert "hết hạn sử dụng" in page(cast.auditor, "/audit/", language="vi")
