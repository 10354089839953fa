"""How often a token may ask, and how often an address may try without one; all web processes count together."""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from nhipcau.running.counting import counts

MINUTE: Final = 60


class TooOften(Exception):
    """The limit of this minute is reached; after so many seconds it begins anew."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def count_request(number: str) -> None:
    """Count a request of a token; raises `TooOften`."""
    _count(f"api-token-{number}", limit=settings.API_REQUESTS_A_MINUTE)


def count_refusal(request: HttpRequest) -> None:
    """Count a request without a valid token, by the address that it came from; raises `TooOften`."""
    _count(f"api-address-{request.META.get('REMOTE_ADDR', '')}", limit=settings.API_REFUSALS_A_MINUTE)


def _count(what: str, *, limit: int) -> None:
    now = int(time.time())
    if counts().add(what, span=now // MINUTE) > limit:
        raise TooOften(MINUTE - now % MINUTE)
