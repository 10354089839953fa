"""From the queue to the log, in files of a day each, once each."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from nhipcau.voices.actions import logging
from nhipcau.voices.actions.logging import LogMoved, log_waiting
from nhipcau.voices.loglocks import held
from nhipcau.voices.models import IntakeBatch, LogPosition, LogSegment, SegmentPart
from nhipcau.voices.segmentfile import VOICE_SCHEMA, digest_of
from tests.voices.voices_of_days import NOW, files_and_register, logged, made_source, queue

pytestmark = pytest.mark.django_db


def test_an_empty_queue_leaves_everything_as_it_is(own_data_folder: Path) -> None:
    assert log_waiting(now=NOW) == 0
    assert not LogSegment.objects.exists()
    assert not (own_data_folder / "voices").exists()


def test_voices_leave_the_queue_for_the_log_in_their_order(own_data_folder: Path) -> None:
    hotline, press = made_source(), made_source("press")
    queue(hotline, ["một", "hai"])
    queue(press, ["ba"])
    queue(hotline, ["bốn"])
    assert log_waiting(now=NOW) == 4
    assert logged() == [(0, "một"), (1, "hai"), (2, "ba"), (3, "bốn")]
    assert not IntakeBatch.objects.exists()
    segment = LogSegment.objects.get()
    file = own_data_folder / "voices" / segment.path
    assert segment.path.startswith("day=2026-11-27/part-000000000000-")
    assert (segment.voices, segment.first_seq, segment.last_seq) == (4, 0, 3)
    assert (segment.bytes, segment.sha256) == (file.stat().st_size, digest_of(file))
    assert dict(SegmentPart.objects.values_list("source__code", "voices")) == {"hotline": 3, "press": 1}
    assert pq.read_schema(file).equals(VOICE_SCHEMA)
    assert file.stat().st_mode & 0o77 == 0


def test_numbers_go_on_and_nothing_is_logged_twice() -> None:
    source = made_source()
    for text in ("một", "hai"):
        queue(source, [text])
        assert log_waiting(now=NOW) == 1
        assert log_waiting(now=NOW) == 0
    assert logged() == [(0, "một"), (1, "hai")]
    assert LogPosition.objects.get().next_seq == 2


def test_a_long_queue_is_taken_some_at_a_time() -> None:
    source = made_source()
    for number in range(5):
        queue(source, [f"{number}a", f"{number}b"])
    assert [log_waiting(now=NOW, most=4) for _ in range(4)] == [4, 4, 2, 0]
    assert [seq for seq, _ in logged()] == list(range(10))


def test_one_batch_is_never_cut() -> None:
    queue(made_source(), ["một", "hai", "ba"])
    assert log_waiting(now=NOW, most=2) == 3


def test_a_day_ends_at_midnight_of_the_house() -> None:
    source = made_source()
    midnight = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    queue(source, ["trước"], at=midnight - timedelta(microseconds=1))
    queue(source, ["sau"], at=midnight)
    queue(source, ["đến muộn"], at=midnight - timedelta(microseconds=1))
    log_waiting(now=midnight)
    rows = LogSegment.objects.order_by("day").values_list("day", "first_seq", "last_seq", "voices")
    assert list(rows) == [(date(2026, 11, 27), 0, 2, 2), (date(2026, 11, 28), 1, 1, 1)]
    assert logged() == [(0, "trước"), (1, "sau"), (2, "đến muộn")]


def test_a_voice_that_tells_no_arrival_arrived_when_it_was_received() -> None:
    queue(made_source(), ["một"], arrived=None)
    log_waiting(now=NOW + timedelta(days=3))
    (row,) = (row for batch in logging_batches() for row in batch.to_pylist())
    assert row["arrived"] == NOW
    assert row["author_epoch"] == NOW.date().toordinal()
    assert LogSegment.objects.get().day == NOW.date()


def logging_batches() -> Any:
    from nhipcau.voices.voicelog import VoiceLog

    return VoiceLog().batches()


def test_whoever_comes_while_another_writes_does_nothing() -> None:
    queue(made_source(), ["một"])
    with held("writing") as is_ours:
        assert is_ours
        assert log_waiting(now=NOW) == 0
    assert log_waiting(now=NOW) == 1


def test_a_second_writer_without_the_lock_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, own_data_folder: Path
) -> None:
    queue(made_source(), ["một"])

    def overtake(step: str) -> None:
        if step == "in-place":
            LogPosition.objects.update(next_seq=100)

    monkeypatch.setattr(logging, "reached", overtake)
    with pytest.raises(LogMoved), transaction.atomic():
        log_waiting(now=NOW)
    assert IntakeBatch.objects.count() == 1
    assert files_and_register(own_data_folder / "voices")[1] == set()


def test_a_full_disk_leaves_the_queue(monkeypatch: pytest.MonkeyPatch, own_data_folder: Path) -> None:
    queue(made_source(), ["một"])

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(logging, "write_voices", full)
    with pytest.raises(OSError, match="No space"):
        log_waiting(now=NOW)
    monkeypatch.undo()
    assert not list((own_data_folder / "voices" / ".part").iterdir())
    assert log_waiting(now=NOW) == 1


def test_queries_do_not_grow_with_the_queue() -> None:
    source = made_source()
    counts = []
    for batches in (1, 100):
        for number in range(batches):
            queue(source, [f"{batches}-{number}"])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert log_waiting(now=NOW) == batches
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
