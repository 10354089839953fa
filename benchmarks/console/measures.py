"""Measuring a page: server time of many requests through the whole of Django, its queries and its size."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client

from nhipcau.network.models.people import Person

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of a page; times in milliseconds."""

    name: str
    median: float
    p95: float
    processor_p95: float
    queries: int
    kilobytes: float
    """As they are sent: compressed, as every browser asks for it."""


def measure_page(name: str, path: str, *, by: Person, requests: int) -> Figures:
    """Ask for a page again and again as one person."""
    client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
    client.force_login(by)
    for _ in range(WARM_UP):
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.headers.get('Location', '')}")
    with counted() as asked:
        client.get(path)
    wall, processor = [], []
    for _ in range(requests):
        started, used = time.perf_counter(), time.process_time()
        client.get(path)
        wall.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - used))
    return Figures(name, statistics.median(wall), p95(wall), p95(processor), len(asked), len(answer.content) / 1024)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the queries that are asked meanwhile."""
    asked: list[str] = []

    def count(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(count):
        yield asked


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]
