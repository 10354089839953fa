"""The voice log in object storage, spoken to over the wire: written, put together, read, forgotten, and away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.forgetting import delete_past_term
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.sweeping import remove_leaving_files
from nhipcau.voices.checks import check_voice_log
from nhipcau.voices.models import IntakeBatch, LogSegment
from nhipcau.voices.sides import THREADS, write_sides
from nhipcau.voices.voicelog import VoiceLog
from tests.voices.voices_of_days import NOW, grouped, logged, made_source, queue

pytestmark = pytest.mark.django_db
BUCKET = "province"


@pytest.fixture(scope="module")
def storage() -> Iterator[tuple[str, int]]:
    """A server that speaks the protocol of S3 on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield server.get_host_and_port()
    server.stop()


@pytest.fixture
def bucket(storage: tuple[str, int], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket, in which the log lies."""
    host, port = storage
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "one")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "two")
    client = boto3.resource("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
    made = client.create_bucket(Bucket=BUCKET)
    settings.VOICE_LOG = f"s3://{BUCKET}/voices?region=us-east-1&scheme=http&endpoint_override={host}:{port}"
    yield made
    made.objects.all().delete()
    made.delete()


def names_in(bucket: Any) -> set[str]:
    """The objects of a bucket, but for empty ones that stand for a folder."""
    return {one.key for one in bucket.objects.all() if not one.key.endswith("/")}


def test_voices_go_through_storage_and_come_back(bucket: Any) -> None:
    short, long = made_source("short", retention_days=30), made_source("long")
    for number in range(6):
        queue(long if number % 2 else short, [f"bai {number} {row}" for row in range(number + 1)])
        log_waiting(now=NOW + timedelta(seconds=number))
    assert not IntakeBatch.objects.exists()
    before = logged()
    assert len(before) == 21
    assert len(names_in(bucket)) == 6
    write_sides(THREADS, grouped())
    assert put_together(now=NOW + timedelta(days=1)) == 1
    remove_leaving_files(now=NOW + timedelta(days=2))
    assert logged() == before
    (segment,) = VoiceLog().segments()
    lying = names_in(bucket)
    assert {name for name in lying if name.startswith("voices/")} == {f"voices/{segment.path}"}
    assert [name for name in lying if name.startswith("voices-derived/")]
    assert [one.code for one in check_voice_log()] == ["voicelog.whole"]


def test_what_is_past_its_term_is_gone_from_storage(bucket: Any) -> None:
    short, long = made_source("short", retention_days=30), made_source("long")
    queue(short, ["se bi quen"])
    queue(long, ["con lai"])
    log_waiting(now=NOW)
    delete_past_term(now=NOW + timedelta(days=31))
    remove_leaving_files(now=NOW + timedelta(days=33))
    assert [text for _, text in logged()] == ["con lai"]
    (segment,) = VoiceLog().segments()
    assert names_in(bucket) == {f"voices/{segment.path}"}


def test_storage_that_is_away_loses_nothing_and_is_named(bucket: Any) -> None:
    queue(made_source(), ["cho den khi co lai"])
    bucket.delete()
    with pytest.raises(OSError, match=BUCKET):
        log_waiting(now=NOW)
    assert IntakeBatch.objects.count() == 1
    assert not LogSegment.objects.exists()
    bucket.create()
    log_waiting(now=NOW)
    assert [text for _, text in logged()] == ["cho den khi co lai"]
