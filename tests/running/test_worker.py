"""The worker: jobs run apart from one another, a failing one is noted and tried again, the beat tells who lives."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from benchmarks.installations import eventually
from nhipcau.running.cleaning import clean_up
from nhipcau.running.jobs import Job, all_jobs, job
from nhipcau.running.models import JobRun, MailState, OutgoingMail, WorkerBeat
from nhipcau.running.worker import Worker, workers_alive


@pytest.fixture
def working(transactional_db):
    """Run a worker with some jobs while a test looks on."""
    stopping, threads = threading.Event(), []

    def start(*jobs: Job) -> None:
        threads.append(threading.Thread(target=Worker(stopping, jobs=list(jobs)).run))
        threads[-1].start()

    yield start
    stopping.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_job_with_more_to_do_goes_on_at_once_and_then_rests(working) -> None:
    left = list(range(50))
    calls = []

    def work(_now) -> int:
        calls.append(len(left))
        return 1 if left and left.pop() is not None else 0

    working(Job("test.many", 3600, work))
    eventually(lambda: not left, what="all is done")
    eventually(lambda: len(calls) == 51, what="it looked once more")
    assert not threading.Event().wait(0.3)
    assert len(calls) == 51


def test_a_job_that_hangs_delays_no_other(working) -> None:
    freed, done = threading.Event(), threading.Event()

    def hang(_now) -> int:
        freed.wait(30)
        return 0

    def work(_now) -> int:
        done.set()
        return 0

    working(Job("test.hangs", 1, hang), Job("test.quick", 1, work))
    try:
        assert done.wait(20)
    finally:
        freed.set()


def test_a_failing_job_is_noted_and_tried_again_until_it_works(working, caplog) -> None:
    failures = iter([ValueError("first"), ValueError("second")])

    def work(_now) -> int:
        if (error := next(failures, None)) is not None:
            raise error
        return 0

    working(Job("test.fails", 0.1, work))
    eventually(
        lambda: JobRun.objects.filter(job="test.fails", finished_at__isnull=False).exists(), what="it worked at last"
    )
    run = JobRun.objects.get(job="test.fails")
    assert (run.failures_in_a_row, run.error) == (0, "")
    assert run.failed_at < run.finished_at
    assert sum("test.fails failed" in record.getMessage() for record in caplog.records) == 2


def test_a_worker_says_that_it_lives_and_that_it_left(working) -> None:
    working()
    eventually(lambda: workers_alive(timezone.now()) == 1, what="a beat")


@pytest.mark.django_db
def test_a_silent_worker_is_taken_to_be_gone() -> None:
    now = timezone.now()
    WorkerBeat.objects.create(name="a", version="1", started_at=now, beat_at=now - timedelta(seconds=59))
    WorkerBeat.objects.create(name="b", version="1", started_at=now, beat_at=now - timedelta(seconds=61))
    assert workers_alive(now) == 1


def test_two_jobs_of_one_name_are_refused() -> None:
    def other(_now) -> int:
        return 0

    all_jobs()
    with pytest.raises(ValueError, match=r"two jobs are called mail\.send"):
        job("mail.send", every_seconds=1)(other)


def test_jobs_of_all_rooms_are_found() -> None:
    names = [each.name for each in all_jobs()]
    assert {"mail.send", "clean.up"} <= set(names)
    assert names == sorted(names)


@pytest.mark.django_db
def test_only_what_has_served_its_time_is_cleaned_up() -> None:
    now = timezone.now()
    for key, state, days in [
        ("old and sent", MailState.SENT, 91),
        ("sent", MailState.SENT, 89),
        ("old and stuck", MailState.UNCERTAIN, 400),
    ]:
        at = now - timedelta(days=days)
        OutgoingMail.objects.create(key=key, to="a@example.org", state=state, created_at=at, due_at=at, sent_at=at)
    WorkerBeat.objects.create(name="old", version="1", started_at=now, beat_at=now - timedelta(days=2))
    WorkerBeat.objects.create(name="new", version="1", started_at=now, beat_at=now)
    assert clean_up(now) == 1
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"sent", "old and stuck"}
    assert [beat.name for beat in WorkerBeat.objects.all()] == ["new"]
