"""The register of jobs: what the worker does, how often. Rooms register theirs in `<room>/jobs`.

A job does what is due and returns how many things it did. It must be safe to run twice and in two workers at once,
and may be cut off anywhere. Who calls it: `worker`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import autodiscover_modules

Work = Callable[[datetime], int]


@dataclass(frozen=True)
class Job:
    """Something that is done again and again; `every_seconds` is the rest when there was nothing to do."""

    name: str
    every_seconds: float
    work: Work


_JOBS: dict[str, Job] = {}


def job(name: str, *, every_seconds: float) -> Callable[[Work], Work]:
    """Register a function as a job."""

    def register(work: Work) -> Work:
        known = _JOBS.get(name)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"two jobs are called {name}: {known.work.__qualname__} and {work.__qualname__}")
        _JOBS[name] = Job(name, every_seconds, work)
        return work

    return register


def all_jobs() -> list[Job]:
    """Give the jobs of all rooms, by name."""
    autodiscover_modules("jobs")
    from nhipcau.running import cleaning, sending  # noqa: F401  # this room's own jobs

    return [_JOBS[name] for name in sorted(_JOBS)]
