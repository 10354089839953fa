"""Following standard input: midnight, quiet stretches, and rows that are fed again."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from click.testing import CliRunner

from nhipcau.cli import main
from nhipcau.engine.checkpoint import load
from nhipcau.engine.reading import ReadOptions
from nhipcau.following import Follower

BEFORE_MIDNIGHT = datetime(2026, 3, 2, 16, 59, 50, tzinfo=UTC)  # 23:59:50 in Viet Nam
AFTER_MIDNIGHT = datetime(2026, 3, 2, 17, 0, 10, tzinfo=UTC)


def lines(*numbers: int, author: str = "người đăng") -> bytes:
    rows = [
        {"id": f"r{n}", "time": f"2026-03-02T08:{n:02}:00+07:00", "author": author, "text": f"Đường ngập {n}"}
        for n in numbers
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


class Clock:
    def __init__(self) -> None:
        self.now = BEFORE_MIDNIGHT


def follow(state: Path, stdin: object, clock: Clock, *, every_seconds: float = 0.02) -> list[int]:
    taken: list[int] = []
    follower = Follower(
        state,
        read_options=lambda key: ReadOptions(author_key=key),
        rejects=None,
        clock=lambda: clock.now,
        zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    )
    follower.run("-", once=True, every_seconds=every_seconds, on_progress=taken.append, stdin=stdin)  # type: ignore[arg-type]
    return taken


def logged(state: Path) -> list[dict[str, Any]]:
    loaded = load(state)
    assert loaded is not None
    return pa.Table.from_batches(list(loaded[0].log.scan(["id", "author_key", "author_epoch"]))).to_pylist()


def test_the_author_key_changes_at_midnight_while_input_runs_on(tmp_path: Path) -> None:
    clock = Clock()

    def feed(write: Callable[[bytes], object]) -> None:
        for number in (1, 2):
            write(lines(number))
            wait_until(lambda: len(logged(tmp_path)) == number)  # noqa: B023
        clock.now = AFTER_MIDNIGHT
        write(lines(3))

    fed(feed, tmp_path, clock)
    first, second, third = logged(tmp_path)
    assert first["author_key"] == second["author_key"] != third["author_key"]
    assert first["author_epoch"] + 1 == second["author_epoch"] + 1 == third["author_epoch"]
    assert (tmp_path / "author.key").read_text().startswith("2026-03-03 ")


def test_the_key_of_yesterday_goes_at_midnight_though_nothing_comes(tmp_path: Path) -> None:
    clock, key = Clock(), tmp_path / "author.key"

    def feed(write: Callable[[bytes], object]) -> None:
        write(lines(1))
        wait_until(lambda: len(logged(tmp_path)) == 1)
        assert key.read_text().startswith("2026-03-02 ")
        clock.now = AFTER_MIDNIGHT
        wait_until(lambda: key.read_text().startswith("2026-03-03 "))

    fed(feed, tmp_path, clock)


def test_slow_input_is_kept_as_it_comes(tmp_path: Path) -> None:
    def feed(write: Callable[[bytes], object]) -> None:
        for number in range(3):
            write(lines(number))
            wait_until(lambda: len(logged(tmp_path)) == number + 1)  # noqa: B023

    assert fed(feed, tmp_path, Clock()) == [1, 2, 3]


def test_rejected_rows_are_counted_once_however_often_they_are_fed(tmp_path: Path) -> None:
    rows = lines(1) + b"no json\n" + lines(2)
    for content in (rows, rows, rows + b"no json\n" + lines(3)):
        follow(tmp_path, io.BytesIO(content), Clock())
    loaded = load(tmp_path)
    assert loaded is not None
    assert loaded[1]["rejected"] == 2
    assert len(logged(tmp_path)) == 3


def test_follow_in_a_pipe_from_the_command_line(tmp_path: Path) -> None:
    state = tmp_path / "state"
    result = CliRunner().invoke(main, ["follow", "-", "--state", str(state)], input=lines(1, 2, 3))
    assert result.exit_code == 0, result.output
    assert len(logged(state)) == 3


def fed(feed: Callable[[Callable[[bytes], object]], None], state: Path, clock: Clock) -> list[int]:
    """Follow a pipe that `feed` writes to from another thread; what fails there fails here."""
    begin, end = os.pipe()

    def write_and_close() -> None:
        try:
            feed(partial(os.write, end))
        finally:
            os.close(end)

    with os.fdopen(begin, "rb") as stdin, ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_and_close)
        taken = follow(state, stdin, clock)
        writing.result()
    return taken


def wait_until(happened: Callable[[], bool], *, seconds: float = 240.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if happened():
                return
        except (OSError, AssertionError):
            pass  # not there yet
        time.sleep(0.02)
    message = "it did not happen"
    raise TimeoutError(message)
