"""The front page, its moving part, and the stream that says when it has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from nhipcau.issues.briefwords import unknowns_told
from nhipcau.issues.models.issues import Level, TriageState
from nhipcau.issues.queries.past import front_page_at, parsed_moment
from nhipcau.issues.queries.picture import FrontPage, front_page, picture_version, places_of
from nhipcau.issues.queries.search import Filters
from nhipcau.network.views.person import person_of

LOOK_SECONDS = 2.0
STREAM_SECONDS = 15 * 60  # then the browser opens it anew, and rights are looked up again
BEAT_SECONDS = 20.0
FILTERS = ("place", "level", "status", "triage", "days")


def filters_of(request: HttpRequest) -> Filters:
    """Read what was asked for."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in FILTERS}
    owner = person_of(request).pk if "mine" in request.GET else None
    return Filters(words=request.GET.get("q", "").strip()[:100], owner=owner, **asked)


def choices() -> dict[str, Any]:
    """What can be asked for."""
    return {"levels": [(str(value), label) for value, label in Level.choices[1:]], "triages": TriageState.choices}


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """What is urgent, new, growing, asked, silent: now, or with `at` as it was then."""
    return render(request, "issues/picture.html", _values(request) | choices())


@require_safe
def picture_part(request: HttpRequest) -> HttpResponse:
    """The moving part alone; unchanged, it is not sent again."""
    minute = int(time.time() // 60)  # how old it is changes without an event
    etag = f'"{picture_version()}-{minute}-{person_of(request).pk}-{translation.get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = render(request, "issues/_picture.html", _values(request))
    response.headers["ETag"] = etag
    return response


def _values(request: HttpRequest) -> dict[str, Any]:
    filters, now = filters_of(request), timezone.now()
    at = parsed_moment(request.GET.get("at", ""))
    is_past = at is not None and at < now
    page: FrontPage = front_page_at(filters, at=at) if at and is_past else front_page(filters, now=now)
    live = request.GET.copy()
    live.pop("at", None)
    return {
        "page": page,
        "filters": filters,
        "query": live.urlencode(),
        "mine": "mine" in request.GET,
        "is_narrowed": any(request.GET.get(name) for name in (*FILTERS, "q")) or "mine" in request.GET,
        "places": places_of(page.facts, filters.place),
        "unknowns": unknowns_told(page.facts),
        "earlier": at - timedelta(hours=1) if at and is_past else None,
        "later": at + timedelta(hours=1) if at and is_past else None,
    }


async def picture_events(request: HttpRequest) -> StreamingHttpResponse:
    """Say that the picture has changed, as often as it does."""
    seen = request.headers.get("Last-Event-ID") or request.GET.get("since", "0")
    since = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
    response = StreamingHttpResponse(_changes(since), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _changes(since: int) -> AsyncIterator[str]:
    ends_at = time.monotonic() + STREAM_SECONDS
    yield "retry: 5000\n\n"
    beat_at = time.monotonic()
    while time.monotonic() < ends_at:
        version = await _latest()
        if version > since:
            since = version
            yield f"id: {since}\nevent: change\ndata: {since}\n\n"
            beat_at = time.monotonic()
        elif time.monotonic() - beat_at > BEAT_SECONDS:
            yield ": still here\n\n"
            beat_at = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)


_known: list[tuple[float, asyncio.Task[int]]] = []


async def _latest() -> int:
    """The version, asked of the database once for all streams of this process."""
    now, known = time.monotonic(), _known[0] if _known else None
    is_fresh = known is not None and now - known[0] < LOOK_SECONDS / 2
    if known is None or not is_fresh or known[1].get_loop() is not asyncio.get_running_loop():
        known = (now, asyncio.create_task(_version()))
        _known[:] = [known]
    return await asyncio.shield(known[1])


async def _version() -> int:
    return await sync_to_async(_read_version, thread_sensitive=False)()


def _read_version() -> int:
    """Give the connection back at once: a stream must not hold one for minutes."""
    try:
        return picture_version()
    finally:
        close_old_connections()
