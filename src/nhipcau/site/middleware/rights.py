"""The table of rights is asked before any view: what it does not state is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from nhipcau.network.access.founding import is_unfounded
from nhipcau.network.access.rights import ANYONE, RIGHTS
from nhipcau.network.access.tasks import standing_of

log = logging.getLogger(__name__)
FIRST_PAGE = "start"


class StatedRights:
    """Middleware: lets a request through to its view when the table says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the view's right is asked in `process_view`."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Refuse, send to the log-in, or let through."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        right = RIGHTS.get(name)
        if right is None:
            log.error("no right is stated for the address %r", name)
            raise PermissionDenied
        if not request.user.is_authenticated:
            if (right is not ANYONE or name == "account_login") and is_unfounded():
                return redirect(FIRST_PAGE)
            return None if right is ANYONE else _to_log_in(request)
        if right is not ANYONE and not right.allows(standing_of(request.user)):
            raise PermissionDenied
        return None


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot be a log-in: then the whole page goes there."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    if "text/event-stream" in request.headers.get("Accept", ""):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
