"""The front page, its moving part, and the stream that says when it has changed."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from nhipcau.issues.briefwords import unknowns_told
from nhipcau.issues.models.issues import Level, TriageState
from nhipcau.issues.queries.past import front_page_at, parsed_moment
from nhipcau.issues.queries.picture import FrontPage, front_page, picture_version, places_of
from nhipcau.issues.queries.search import Filters
from nhipcau.network.views.person import person_of
from nhipcau.site import streams

FILTERS = ("place", "level", "status", "triage", "days")
_versions: streams.Shared[int] = streams.Shared()


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
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
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

    async def look(since: int) -> tuple[int, str]:
        version = await _versions.get("picture", streams.read_apart(picture_version))
        return version, str(version) if version > since else ""

    return streams.stream(look, since=streams.since_of(request))
