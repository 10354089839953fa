"""What every answer of the API has: its language, its ETag, no cache in between, and problems in one shape."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, cast

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.translation.trans_real import parse_accept_lang_header

from nhipcau.api.problems import MEDIA_TYPE, problem

log = logging.getLogger(__name__)
BEGINNING: Final = "/api/"
CODES: Final = {400: "request-unreadable", 403: "not-allowed", 404: "not-found", 405: "method-not-allowed"}


class ApiAnswers:
    """Middleware: finishes the answers under /api/ and leaves pages alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language of Accept-Language."""
        if not request.path_info.startswith(BEGINNING):
            return self._get_response(request)
        language = _language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = _finished(request, cast(HttpResponse, self._get_response(request)))
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what is broken as a problem too, and note it."""
        if not request.path_info.startswith(BEGINNING) or isinstance(error, (Http404, PermissionDenied, BadRequest)):
            return None  # Django has an answer, which `_finished` turns into a problem
        log.error("the API broke at %s", request.path, exc_info=error)
        return problem(status=500, code="broken")


def _language_of(request: HttpRequest) -> str:
    """The first language of Accept-Language that there is, else Vietnamese; cookies are not looked at."""
    asked = request.headers.get("Accept-Language", "")[:500]
    for language, _quality in sorted(_asked(asked), key=lambda one: -one[1]):
        if language in ("vi", "en"):
            return language
    return "vi"


def _asked(header: str) -> list[tuple[str, float]]:
    return [
        (language.split("-")[0], quality)
        for language, quality in parse_accept_lang_header(header.lower())
        if quality > 0
    ]


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code in CODES and response.headers.get("Content-Type", "") != MEDIA_TYPE:
        said = problem(status=response.status_code, code=CODES[response.status_code])
        if "Allow" in response.headers:
            said.headers["Allow"] = response.headers["Allow"]
        return said
    if response.streaming and "ETag" not in response.headers:
        return response  # it goes on and on
    if request.method == "GET" and response.status_code == 200:
        set_response_etag(response)
        found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
        return cast(HttpResponse, found)
    return response
