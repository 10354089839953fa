"""The log of grouped posts: what is appended comes back in its order, from memory and from segments alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nhipcau.engine import log as log_module
from nhipcau.engine.log import PostLog
from nhipcau.engine.posts import LOGGED_SCHEMA


def batch(first: int, rows: int) -> pa.RecordBatch:
    """Posts whose text says which they are."""
    columns = {
        "seq": list(range(first, first + rows)),
        "thread": [0] * rows,
        "is_copy": [False] * rows,
        "author_epoch": [0] * rows,
        "places": [[1, 2]] * rows,
        "id": [f"p{number}" for number in range(first, first + rows)],
        "text": [f"bài {number}" for number in range(first, first + rows)],
        "kind": ["post"] * rows,
    }
    arrays = [pa.array(columns.get(field.name, [None] * rows), field.type) for field in LOGGED_SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=LOGGED_SCHEMA)


@pytest.fixture
def mixed(tmp_path: Path) -> PostLog:
    """Two segments and two batches in memory; a batch of ten posts each."""
    kept = PostLog(tmp_path / "log")
    for number in range(6):
        kept.append(batch(10 * number, 10))
        if number in (1, 3):
            kept.flush()
    return kept


def texts(batches: object) -> list[str]:
    return [text for found in batches for text in found.column("text").to_pylist()]  # type: ignore[attr-defined]


def test_posts_come_back_in_the_order_of_the_stream(mixed: PostLog) -> None:
    assert texts(mixed.scan()) == [f"bài {number}" for number in range(60)]
    assert [found.schema.names for found in mixed.scan(["text", "seq"])] == [["text", "seq"]] * 6


def test_only_the_wanted_batches_are_given(mixed: PostLog) -> None:
    wanted = np.array([0, 3, 5])
    expected = [f"bài {number}" for first in (0, 30, 50) for number in range(first, first + 10)]
    assert texts(mixed.scan(["text"], only=wanted)) == expected
    assert texts(mixed.scan(["text"], only=np.array([], np.int64))) == []


def test_what_is_not_wanted_is_not_read(mixed: PostLog, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    opened = log_module.ipc.open_file

    class Reader:
        def __init__(self, *arguments: object, **options: object) -> None:
            self._reader = opened(*arguments, **options)
            self.num_record_batches = self._reader.num_record_batches

        def __enter__(self) -> Reader:
            return self

        def __exit__(self, *_: object) -> None:
            del self._reader

        def get_batch(self, place: int) -> pa.RecordBatch:
            read.append(place)
            return self._reader.get_batch(place)

    monkeypatch.setattr(log_module.ipc, "open_file", Reader)
    assert texts(mixed.scan(["text"], only=np.array([3]))) == [f"bài {number}" for number in range(30, 40)]
    assert read == [1]  # the second batch of the second segment


def test_a_log_that_ends_with_the_process_leaves_memory_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MOST_IN_MEMORY", 2000)
    kept = PostLog()
    for number in range(20):
        kept.append(batch(10 * number, 10))
    assert len(kept.segments) > 1
    assert texts(kept.scan()) == [f"bài {number}" for number in range(200)]


def test_what_could_not_be_written_behind_is_told_to_who_writes_or_reads_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MOST_IN_MEMORY", 2000)
    kept = PostLog()
    shutil.rmtree(kept.folder)
    while not kept.segments:
        kept.append(batch(0, 10))
    with pytest.raises(OSError, match="segment-00000000"):
        kept.flush()
    with pytest.raises(OSError, match="segment-00000000"):
        list(kept.scan())


def test_small_segments_are_drawn_together_in_order(tmp_path: Path) -> None:
    kept = PostLog(tmp_path)
    for number in range(100):
        kept.append(batch(3 * number, 3))
        kept.flush()
        assert len(kept.segments) <= log_module.MOST_SMALL_SEGMENTS
        assert texts(kept.scan()) == [f"bài {place}" for place in range(3 * number + 3)]
    assert sum(1 for _ in kept.scan()) <= log_module.MOST_SMALL_SEGMENTS


def test_a_checkpoint_that_is_looked_at_keeps_its_segments_while_the_log_goes_on(tmp_path: Path) -> None:
    kept = PostLog(tmp_path)
    for number in range(log_module.MOST_SMALL_SEGMENTS):
        kept.append(batch(number, 1))
        kept.flush()
    looked_at = PostLog(tmp_path, segments=kept.segments)
    for number in range(log_module.MOST_SMALL_SEGMENTS, 2 * log_module.MOST_SMALL_SEGMENTS - 1):
        kept.append(batch(number, 1))
        kept.flush()
    assert texts(looked_at.scan()) == [f"bài {number}" for number in range(log_module.MOST_SMALL_SEGMENTS)]
    for number in range(2 * log_module.MOST_SMALL_SEGMENTS - 1, 4 * log_module.MOST_SMALL_SEGMENTS):
        kept.append(batch(number, 1))
        kept.flush()
    assert len(list(tmp_path.iterdir())) < 3 * log_module.MOST_SMALL_SEGMENTS


def test_a_run_that_was_killed_while_it_drew_segments_together_loses_nothing(tmp_path: Path) -> None:
    kept = PostLog(tmp_path)
    for number in range(log_module.MOST_SMALL_SEGMENTS):
        kept.append(batch(number, 1))
        kept.flush()
    counted = list(kept.segments)  # the last checkpoint
    kept.append(batch(log_module.MOST_SMALL_SEGMENTS, 1))
    kept.flush()
    assert kept.segments != [*counted, kept.segments[-1]]
    again = PostLog(tmp_path, segments=counted)
    again.drop_unknown()
    assert texts(again.scan()) == [f"bài {number}" for number in range(log_module.MOST_SMALL_SEGMENTS)]
    again.append(batch(log_module.MOST_SMALL_SEGMENTS, 1))
    again.flush()
    assert texts(again.scan()) == [f"bài {number}" for number in range(log_module.MOST_SMALL_SEGMENTS + 1)]


def test_large_segments_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "SMALL_SEGMENT", 1)
    kept = PostLog(tmp_path)
    for number in range(40):
        kept.append(batch(number, 1))
        kept.flush()
    assert len(kept.segments) == 40
