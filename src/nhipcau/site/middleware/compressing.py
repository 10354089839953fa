"""Pages are sent compressed to whoever can read them so: to a telephone on a slow line, without a proxy in between."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Whole pages alone: streams are sent as they come, files and answers to programs as they are.

    Who sees only how long answers are must not guess from it what is in them (BREACH): Django adds random bytes, and
    masks the tokens of forms anew in each.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress it if it is a page."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
