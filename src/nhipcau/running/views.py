"""Health, readiness and metrics: for machines, so they are short, in English, and never cached."""

from __future__ import annotations

import os
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nhipcau import __version__
from nhipcau.running.health import faults, lacks

LOOPBACK = ("127.0.0.1", "::1")


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nothing of the database, so a busy one is not killed."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether work can be done: 200 with nothing missing, else 503 and what is missing.

    What is only lacking beside the web, such as a listener that is silent, is named and costs nobody the pages.
    """
    now = timezone.now()
    missing = faults(now)
    said = {"ready": not missing, "missing": missing, "lacking": [] if missing else lacks(now)}
    return JsonResponse(said, status=503 if missing else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures for Prometheus, to who holds the token or asks on this machine itself."""
    if not _may_read_metrics(request):
        return HttpResponse("not for you: see NHIPCAU_METRICS_TOKEN\n", status=403, content_type="text/plain")
    from nhipcau.running.metrics import exposition

    return HttpResponse(exposition(timezone.now(), version=__version__), content_type=EXPOSITION_TYPE)


EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def _may_read_metrics(request: HttpRequest) -> bool:
    token = getattr(settings, "METRICS_TOKEN", "") or os.environ.get("NHIPCAU_METRICS_TOKEN", "")
    if token:
        return secrets.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    # a proxy on this machine connects from loopback too, but says for whom
    was_passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not was_passed_on
