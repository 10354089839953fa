"""A kill at any moment leaves a voice in the queue or in the log, never in both and never in neither."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from nhipcau.network.models.audit import AuditRecord
from nhipcau.voices.actions import logging, replacing, sweeping
from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.forgetting import delete_past_term
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.sweeping import remove_leaving_files, sweep_left_files
from nhipcau.voices.models import IntakeBatch, LogPosition
from nhipcau.voices.sides import THREADS, side_names, write_sides
from tests.voices.voices_of_days import NOW, files_and_register, grouped, logged, made_source, queue

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning"),
]
LOGGING_STEPS = ("locked", "read", "written", "in-place", "before-commit", "committed")
REPLACING_STEPS = ("new-in-place", "sides-in-place", "before-swap", "swapped", "removed")


def let_go_of_the_database() -> None:
    """Close connections, those of the pool too: after a fork both processes would speak over one socket."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


def in_a_process(work: Callable[[], object], *, killed_at: str = "", killed_after: float = 0.0) -> int:
    """Do something in a process of its own that is killed at a step, or after some seconds; give how it ended."""
    let_go_of_the_database()
    child = os.fork()
    if child == 0:
        try:

            def reached(step: str) -> None:
                if step == killed_at:
                    os.kill(os.getpid(), signal.SIGKILL)

            for module in (logging, replacing, sweeping):
                module.reached = reached  # type: ignore[attr-defined]
            work()
        finally:
            os._exit(0)
    if killed_after:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def waiting() -> Iterator[str]:
    for batch in IntakeBatch.objects.all():
        yield from read_back(bytes(batch.payload)).column("text").to_pylist()


def assert_once(said: list[str]) -> None:
    """All that was said is in the queue or in the log, once, and the log has no holes."""
    numbers = [seq for seq, _ in logged()]
    assert numbers == list(range(LogPosition.objects.get().next_seq))
    assert sorted([text for _, text in logged()] + list(waiting())) == sorted(said)


@pytest.mark.parametrize("step", LOGGING_STEPS)
def test_a_writer_is_killed(step: str, own_data_folder: Path) -> None:
    source = made_source()
    LogPosition.objects.get_or_create(pk=1)
    said = [f"{number}-{row}" for number in range(4) for row in range(3)]
    for number in range(4):
        queue(source, said[number * 3 : number * 3 + 3], at=NOW + timedelta(hours=5 * number))
    assert in_a_process(lambda: log_waiting(now=NOW), killed_at=step) == signal.SIGKILL
    assert_once(said)
    assert bool(list(waiting())) == (step != "committed")
    in_a_process(lambda: log_waiting(now=NOW))
    assert_once(said)
    assert not list(waiting())
    sweep_left_files(now=NOW)
    lying, registered = files_and_register(own_data_folder / "voices")
    assert lying == registered


@pytest.mark.parametrize("step", REPLACING_STEPS)
def test_whoever_puts_files_together_is_killed(step: str, own_data_folder: Path) -> None:
    said = several_files()
    write_sides(THREADS, grouped())
    work: Any = lambda: (put_together(now=tomorrow()), remove_leaving_files(now=tomorrow() + timedelta(hours=1)))  # noqa: E731
    assert in_a_process(work, killed_at=step) == signal.SIGKILL
    assert_once(said)
    in_a_process(work)
    assert_once(said)
    sweep_left_files(now=tomorrow())
    lying, registered = files_and_register(own_data_folder / "voices")
    assert lying == registered
    assert len(registered) == 1
    assert files_and_register(own_data_folder / "voices-derived" / THREADS)[0] == registered


@pytest.mark.parametrize("step", REPLACING_STEPS)
def test_whoever_deletes_is_killed(step: str, own_data_folder: Path) -> None:
    said = several_files()
    source = made_source("short", retention_days=3)
    queue(source, ["phải xóa một", "phải xóa hai"])
    log_waiting(now=NOW)
    put_together(now=tomorrow())
    work: Any = lambda: delete_past_term(now=NOW + timedelta(days=5))  # noqa: E731
    in_a_process(work, killed_at=step)
    proofs = sum(record.values["voices"] for record in AuditRecord.objects.all())
    assert proofs + len(logged()) == len(said) + 2
    in_a_process(work)
    assert [text for _, text in logged()] == said
    assert sum(record.values["voices"] for record in AuditRecord.objects.all()) == 2
    sweep_left_files(now=NOW)
    remove_leaving_files(now=NOW + timedelta(days=6))
    lying, registered = files_and_register(own_data_folder / "voices")
    assert lying == registered


def test_thirty_kills_at_random(own_data_folder: Path) -> None:
    chance, source, said = random.Random(20), made_source(), []
    LogPosition.objects.get_or_create(pk=1)
    for turn in range(30):
        now = NOW + timedelta(hours=3 * turn)
        for number in range(3):
            some = [f"{turn}-{number}-{row}" for row in range(chance.randint(1, 40))]
            queue(source, some, at=now)
            said += some

        def work(now: Any = now) -> None:
            while log_waiting(now=now, most=20):
                put_together(now=now)
                remove_leaving_files(now=now)
                sweep_left_files(now=now)

        in_a_process(work, killed_after=chance.uniform(0.001, 0.25))
        assert_once(said)
    work(now)
    assert_once(said)
    assert not list(waiting())
    assert side_names() == []
    remove_leaving_files(now=now + timedelta(days=1))
    lying, registered = files_and_register(own_data_folder / "voices")
    assert lying == registered


def test_two_writers_at_once_number_every_voice_once() -> None:
    source = made_source()
    LogPosition.objects.get_or_create(pk=1)
    said = [f"{number}-{row}" for number in range(60) for row in range(3)]
    for number in range(60):
        queue(source, said[number * 3 : number * 3 + 3])

    def work() -> None:
        for _ in range(200):
            if not IntakeBatch.objects.exists():
                return
            log_waiting(now=NOW, most=6)

    let_go_of_the_database()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    log_waiting(now=NOW)
    assert_once(said)


def several_files() -> list[str]:
    source, said = made_source(), []
    for number in range(4):
        said += [f"{number}-{row}" for row in range(3)]
        queue(source, said[-3:])
        log_waiting(now=NOW)
    return said


def tomorrow() -> Any:
    return NOW + timedelta(days=1)
