"""Figures of all web processes and of the database, in the text form that Prometheus reads.

Web processes share their counters through files in `PROMETHEUS_MULTIPROC_DIR`, which `nhipcau serve` sets.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from nhipcau.running.health import figures

REQUESTS = Counter("nhipcau_requests", "Requests answered", ["method", "view", "status"])
SECONDS = Histogram(
    "nhipcau_request_seconds",
    "Time to the first byte of an answer",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Answer = Callable[[HttpRequest], Any]


class MeasureRequests:
    """Middleware: counts answers by view and status, never by address: an address may tell who asked for what."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer, and count."""
        if self._is_async:
            return self._answer_later(request)
        begun = time.perf_counter()
        response: HttpResponseBase = self._get_response(request)
        self._count(request, response, begun)
        return response

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response: HttpResponseBase = await self._get_response(request)
        self._count(request, response, begun)
        return response

    @staticmethod
    def _count(request: HttpRequest, response: HttpResponseBase, begun: float) -> None:
        match = request.resolver_match
        view = (match.view_name if match else "") or "other"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, view, str(response.status_code)).inc()
        SECONDS.labels(view).observe(time.perf_counter() - begun)


class _Installation(Collector):
    """What the database knows."""

    def __init__(self, now: datetime, version: str) -> None:
        self._now = now
        self._version = version

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Give the families of figures."""
        yield InfoMetricFamily("nhipcau", "The version that runs", value={"version": self._version})
        families = defaultdict(list)
        for name, words, labels, value in figures(self._now):
            families[name, words, tuple(labels)].append((list(labels.values()), value))
        for (name, words, keys), rows in families.items():
            family = GaugeMetricFamily(name, words, labels=keys)
            for values, value in rows:
                family.add_metric(values, value)
            yield family


def exposition(now: datetime, *, version: str) -> bytes:
    """Write all figures, of every web process."""
    registry = CollectorRegistry()
    registry.register(_Installation(now, version))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client types all but this
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)
