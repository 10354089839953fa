"""What a view could not do becomes a page that says so; views that can say it in their form do so themselves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from nhipcau.site.errors import DomainError, words_of


class DomainErrors:
    """Middleware: answers a `DomainError` with its words and its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Put a domain error into words; anything else is for Django."""
        if not isinstance(error, DomainError):
            return None
        return render(request, "site/error.html", {"sentence": words_of(error)}, status=error.status)
