"""The worker: one thread a job, so that a slow mail server delays no clock, and a beat that says it is alive.

`python -m nhipcau.running.worker` is what `nhipcau worker` and the process tree of `nhipcau serve` start.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connections
from django.db.models import F
from django.utils import timezone

from nhipcau import __version__
from nhipcau.running.jobs import Job, all_jobs
from nhipcau.running.models import JobRun, WorkerBeat

BEAT_SECONDS: Final = 10.0
ALIVE: Final = timedelta(seconds=60)
"""A worker that was silent for longer is taken to be gone."""
LONGEST_REST_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


class Worker:
    """All jobs of an installation, until it is told to stop.

    Parameters
    ----------
    stopping
        Set from outside; every thread then ends after the job it is at.
    jobs
        What to do; all registered jobs by default.
    """

    def __init__(self, stopping: threading.Event, *, jobs: list[Job] | None = None) -> None:
        self._stopping = stopping
        self._jobs = all_jobs() if jobs is None else jobs
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._started_at = timezone.now()

    def run(self) -> None:
        """Work until told to stop; what is at hand is finished."""
        threads = [
            threading.Thread(target=self._keep_doing, args=(job,), name=job.name, daemon=True) for job in self._jobs
        ]
        for thread in threads:
            thread.start()
        while not self._stopping.is_set():
            self._beat()
            self._stopping.wait(BEAT_SECONDS)
        for thread in threads:
            thread.join()
        with suppress(DatabaseError):
            WorkerBeat.objects.filter(pk=self._name).delete()
        connections.close_all()

    def _beat(self) -> None:
        values = {"version": __version__, "started_at": self._started_at, "beat_at": timezone.now()}
        try:
            WorkerBeat.objects.update_or_create(name=self._name, defaults=values)
        except DatabaseError:
            log.exception("the worker's beat could not be written")
        connections.close_all()

    def _keep_doing(self, job: Job) -> None:
        failures, done, noted_at = 0, 0, 0.0
        while not self._stopping.is_set():
            try:
                done = job.work(timezone.now())
            except Exception as error:  # a fault in one job must not stop the others, nor itself for ever
                log.exception("job %s failed", job.name)
                failures += 1
                note_failure(job, error)
            else:
                if failures or time.monotonic() - noted_at > BEAT_SECONDS:
                    note_success(job)
                    noted_at = time.monotonic()
                failures = 0
            # a thread that rests holds no connection: there may be more threads than a pool has
            connections.close_all()
            if not failures and done:
                continue
            rest = min(job.every_seconds * 2 ** min(failures, 10), max(LONGEST_REST_SECONDS, job.every_seconds))
            self._stopping.wait(rest)


def workers_alive(now: datetime) -> int:
    """Count the workers that gave a beat lately."""
    return WorkerBeat.objects.filter(beat_at__gte=now - ALIVE).count()


def note_success(job: Job) -> None:
    """Note that a job ran through."""
    _note(job, finished_at=timezone.now(), failures_in_a_row=0, error="")


def note_failure(job: Job, error: Exception) -> None:
    """Note that a job failed, and with what."""
    words = f"{type(error).__name__}: {error}"[:1000]
    _note(job, failed_at=timezone.now(), failures_in_a_row=F("failures_in_a_row") + 1, error=words)


def _note(job: Job, **values: object) -> None:
    """Write how the last run went; a database that is gone is the beat's matter."""
    try:
        JobRun.objects.get_or_create(job=job.name, defaults={"every_seconds": job.every_seconds})
        JobRun.objects.filter(job=job.name).update(every_seconds=job.every_seconds, **values)
    except DatabaseError:
        log.exception("the run of job %s could not be noted", job.name)
