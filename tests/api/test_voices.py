"""Programs send voices: in what forms, up to what size, and what they are told."""

from __future__ import annotations

import gzip
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from nhipcau.api.endpoints import voices as endpoint
from nhipcau.running import folder
from nhipcau.voices.actions import intake
from nhipcau.voices.models import IntakeBatch, IntakeReceipt, Source
from tests.api.programs import Program, program
from tests.network.tasks.cast import Cast

LINES = "application/x-ndjson"
ADDRESS = "/api/v1/sources/hotline/voices"


@pytest.fixture
def source(cast: Cast) -> Source:
    return Source.objects.create(
        code="hotline", name="Đường dây nóng", kind="hotline", owner=cast.hub, created_at=timezone.now()
    )


@pytest.fixture
def analyst(cast: Cast, source: Source) -> Program:
    return program(cast.analyst)


def voices(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": f"call-{number}", "text": f"Nước ngập lần {number}"} for number in numbers]


def sent(asking: Program, body: bytes | list[Any], *, key: str = "key-00000001", **headers: str) -> Any:
    """Push a body as it is; a list of voices as JSON."""
    content = body if isinstance(body, bytes) else orjson.dumps({"voices": body})
    named = {"Authorization": f"Bearer {asking.token}", "Accept-Language": "en", "Idempotency-Key": key}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    kind = named.pop("Content-Type", "application/json")
    return Client(raise_request_exception=False).post(ADDRESS, content, content_type=kind, headers=named)


def in_queue() -> list[str]:
    batches = IntakeBatch.objects.order_by("pk")
    return [text for one in batches for text in intake.read_back(bytes(one.payload)).column("text").to_pylist()]


def test_a_batch_is_accepted_and_each_row_that_does_not_hold_is_told(analyst: Program):
    answer = sent(analyst, [*voices(1, 2), {"id": "3"}, {"id": "4", "text": "x", "writer": "Lê Thị Tám"}, 5])
    assert answer.status_code == 202, answer.content
    said = answer.json()
    assert (said["accepted"], said["known"], said["rejected"]) == (2, 0, 3)
    assert [(one["row"], one["field"], one["code"]) for one in said["rows"]] == [
        (3, "text", "missing"),
        (4, "", "unknown-field"),
        (5, "", "no-object"),
    ]
    assert "Lê Thị Tám" not in answer.content.decode()
    assert "writer" not in answer.content.decode()
    assert in_queue() == ["Nước ngập lần 1", "Nước ngập lần 2"]


def test_rows_are_told_in_the_language_of_the_request(analyst: Program):
    answer = sent(analyst, [{"id": "3"}], Accept_Language="vi")
    assert answer.json()["rows"][0]["message"] == "Thiếu trường này. Hãy gửi kèm."


def test_lines_of_json_are_taken_and_a_broken_line_is_told(analyst: Program):
    body = b"\n".join([*map(orjson.dumps, voices(1, 2)), b"", b"{broken", orjson.dumps(voices(3)[0])])
    answer = sent(analyst, body, Content_Type=LINES)
    assert answer.status_code == 202, answer.content
    assert (answer.json()["accepted"], [one["row"] for one in answer.json()["rows"]]) == (3, [3])


@pytest.mark.parametrize("kind", ["application/json", LINES])
def test_half_characters_and_not_numbers_are_read_as_the_engine_reads_them(analyst: Program, kind: str):
    line = b'{"id": "1", "text": "a\\ud800b\\u0000c\\u202ed", "reach": NaN}'
    body = line if kind == LINES else b'{"voices": [' + line + b"]}"
    assert sent(analyst, body, Content_Type=kind).json()["accepted"] == 1
    assert in_queue() == ["a\ufffdbcd"]


def test_zipped_bodies_are_taken(analyst: Program):
    body = gzip.compress(orjson.dumps({"voices": voices(1)}))
    assert sent(analyst, body, Content_Encoding="gzip").json()["accepted"] == 1


def test_bodies_of_untold_length_are_taken(analyst: Program):
    content = orjson.dumps({"voices": voices(1)})
    answer = Client().generic(
        "POST",
        ADDRESS,
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {analyst.token}",
            "Idempotency-Key": "key-00000001",
            "Transfer-Encoding": "chunked",
        },
        **{"wsgi.input": io.BytesIO(content)},
    )
    assert answer.status_code == 202, answer.content
    assert answer.json()["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "request-unreadable"),
        (b"", {}, 400, "request-unreadable"),
        (b"[" * 100_000, {}, 400, "request-unreadable"),
        (b"\xff", {}, 400, "request-unreadable"),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400, "request-unreadable"),
        (gzip.compress(b'{"voices": []}' * 99, mtime=0)[:-9], {"Content_Encoding": "gzip"}, 400, "request-unreadable"),
        (b"{}", {"Content_Encoding": "br"}, 415, "request-form-unknown"),
        (b"a,b", {"Content_Type": "text/csv"}, 415, "request-form-unknown"),
        (b"[]", {}, 422, "request-invalid"),
        (b"{}", {}, 422, "request-invalid"),
        (b'{"voices": []}', {}, 422, "request-invalid"),
        (b'{"voices": 5}', {}, 422, "request-invalid"),
        (b'{"voices": [{}], "more": 1}', {}, 422, "request-invalid"),
        (b'{"voices": [' + b",".join([b"{}"] * 1001) + b"]}", {}, 422, "request-invalid"),
        (b"{}\n" * 1001, {"Content_Type": LINES}, 422, "request-invalid"),
        (b"{}", {"Idempotency_Key": "short"}, 422, "request-invalid"),
    ],
)
def test_what_is_no_batch_is_refused_as_a_problem(
    analyst: Program, body: bytes, headers: dict[str, str], status: int, code: str
):
    answer = sent(analyst, body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not IntakeReceipt.objects.exists()


def test_a_key_is_needed(analyst: Program):
    assert analyst.post("/sources/hotline/voices", {"voices": voices(1)}).status_code == 422


def test_long_bodies_and_bombs_are_refused_before_they_are_unpacked(analyst: Program):
    bomb = gzip.compress(b'{"voices": [' + b" " * (endpoint.LONGEST_BODY + 1) + b"]}", mtime=0)
    assert len(bomb) < 100_000
    for body, headers in ((b" " * (endpoint.LONGEST_BODY + 1), {}), (bomb, {"Content_Encoding": "gzip"})):
        answer = sent(analyst, body, **headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")


def test_the_same_key_is_answered_the_same_and_other_words_under_it_are_refused(analyst: Program):
    first = sent(analyst, [*voices(1), {}])
    assert sent(analyst, [*voices(1), {}]).content == first.content
    assert sent(analyst, voices(2)).status_code == 409
    assert len(in_queue()) == 1


def test_voices_that_are_sent_again_under_another_key_are_known(analyst: Program):
    sent(analyst, voices(1, 2))
    said = sent(analyst, voices(2, 3), key="key-00000002").json()
    assert (said["accepted"], said["known"]) == (1, 1)


def test_feeds_and_unknown_sources_take_nothing(analyst: Program, source: Source):
    Source.objects.filter(pk=source.pk).update(kind="feed", address="https://bao.example.vn/rss")
    assert sent(analyst, voices(1)).status_code == 404


def test_a_stopped_source_says_so(analyst: Program, source: Source):
    Source.objects.filter(pk=source.pk).update(stopped_at=timezone.now())
    answer = sent(analyst, voices(1))
    assert (answer.status_code, answer.json()["code"]) == (409, "intake-source-stopped")
    assert source.name in answer.json()["detail"]


def test_only_those_who_work_on_issues_at_the_hub_send(cast: Cast, source: Source):
    assert sent(program(cast.officer), voices(1)).status_code == 403
    assert sent(program(cast.analyst, scopes=["tasks:read"]), voices(1)).status_code == 403
    assert sent(program(cast.analyst, scopes=["voices:write"]), voices(1)).status_code == 202


def test_a_full_queue_asks_to_wait_and_takes_nothing(analyst: Program, settings: Any):
    settings.INTAKE_QUEUE_VOICES = 3
    assert sent(analyst, voices(1, 2, 3)).status_code == 202
    cache.clear()  # it is looked at once a second
    answer = sent(analyst, voices(4), key="key-00000002")
    assert (answer.status_code, answer.json()["code"]) == (429, "intake-queue-full")
    assert int(answer["Retry-After"]) > 0
    assert len(in_queue()) == 3
    IntakeBatch.objects.all().delete()
    cache.clear()
    assert sent(analyst, voices(4), key="key-00000002").status_code == 202


def test_a_full_disk_asks_to_wait(analyst: Program, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nhipcau.voices.queries.pressure.LEAST_FREE_BYTES", 2**62)
    assert folder.LEAST_FREE_BYTES < 2**62
    answer = sent(analyst, voices(1))
    assert (answer.status_code, answer.json()["code"]) == (503, "intake-disk-full")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("said", ["database is locked", "database or disk is full", "connection refused"])
def test_a_database_that_is_away_asks_to_wait(analyst: Program, monkeypatch: pytest.MonkeyPatch, said: str):
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError(said)

    with monkeypatch.context() as patch:
        patch.setattr(endpoint, "take_in", fail)
        answer = sent(analyst, voices(1))
    assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
    assert int(answer["Retry-After"]) > 0
    assert said not in answer.content.decode()
    assert sent(analyst, voices(1)).json()["accepted"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_others_hold_asks_to_wait_and_is_free_again(
    analyst: Program, source: Source, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("nhipcau.voices.queries.pressure.PATIENCE_MS", 100)
    assert sent(analyst, voices(1)).status_code == 202  # notes the day on which the token was used
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Source.objects.select_for_update().get(pk=source.pk)
            held.set()
            done.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(60)
        answer = sent(analyst, voices(2), key="key-00000002")
        done.set()
        holding.result()
    assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
    assert in_queue() == ["Nước ngập lần 1"]
    assert sent(analyst, voices(2), key="key-00000002").json()["accepted"] == 1


def test_a_client_that_is_too_fast_is_told_to_wait(analyst: Program, settings: Any):
    settings.API_REQUESTS_A_MINUTE = 5
    answers = [sent(analyst, voices(number), key=f"key-{number:08}") for number in range(20)]
    taken = [number for number, answer in enumerate(answers) if answer.status_code == 202]
    assert {answer.status_code for answer in answers} == {202, 429}
    assert all(int(answer["Retry-After"]) > 0 for answer in answers if answer.status_code == 429)
    assert in_queue() == [f"Nước ngập lần {number}" for number in taken]


def test_what_was_refused_meanwhile_is_sent_again_under_its_key(analyst: Program, monkeypatch: pytest.MonkeyPatch):
    """The answer is lost behind the commit: the client cannot know, sends again, and nothing is doubled."""

    def lost(**given: Any) -> None:
        intake.take_in(**given)
        raise OperationalError("the connection was lost")

    with monkeypatch.context() as patch:
        patch.setattr(endpoint, "take_in", lost)
        assert sent(analyst, voices(1)).status_code == 503
    assert json.loads(sent(analyst, voices(1)).content)["accepted"] == 1
    assert len(in_queue()) == 1
