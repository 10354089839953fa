"""When a feed is asked again: by its rhythm, later after failures, never before the server wants it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

USUAL: Final = timedelta(minutes=15)
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(minutes=60)
LONGEST_AFTER_FAILURES: Final = timedelta(hours=6)
A_DAY: Final = timedelta(days=1)
"""A feed that is gone, or lies where nobody may ask, is tried again this seldom."""
HOPELESS: Final = frozenset({"feed.bad-url", "feed.odd-host", "feed.private-address", "feed.scheme", "feed.unsafe-xml"})
"""What another try will hardly mend."""


def interval(rhythm_minutes: int | None) -> timedelta:
    """How often a feed that answers is asked: four times as often as something comes, within bounds."""
    if rhythm_minutes is None:
        return USUAL
    return min(max(timedelta(minutes=rhythm_minutes) / 4, SHORTEST), LONGEST)


def ask_after_failure(
    *, rhythm_minutes: int | None, failures: int, code: str, values: Mapping[str, Any], now: datetime
) -> datetime:
    """When to try again after so many failures in a row; what the server asks for goes before."""
    retry_at = values.get("retry_at")
    if code == "feed.wait" and isinstance(retry_at, datetime):
        return max(retry_at, now + SHORTEST)
    if code in HOPELESS or (code == "feed.http-status" and values.get("status") == 410):
        return now + A_DAY
    later: timedelta = interval(rhythm_minutes) * 2 ** min(failures, 10)
    return now + min(later, LONGEST_AFTER_FAILURES)
