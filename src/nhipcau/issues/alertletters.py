"""When a letter about alerts goes out: quiet hours, and one letter for several. Pure rules.

What fires is in `alertrules.py`; who is written to and by which way in `actions/alerts/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nhipcau.issues.alertrules import URGENT, Firing

CLOCK: Final = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Manners:
    """How a rule writes: in which hours not, and what it puts into one letter."""

    quiet_from: time | None = None
    quiet_until: time | None = None
    """Both or none; a span may go over midnight."""
    urgent_breaks_through: bool = True
    group_minutes: int = 10
    """So long a letter waits for more to tell; what is urgent does not wait and takes along what waits."""


@dataclass(slots=True)
class Letter:
    """One letter to one recipient."""

    recipient: str
    due_at: datetime
    firings: list[Firing] = field(default_factory=list)


def quiet_span(at: datetime, manners: Manners) -> tuple[datetime, datetime] | None:
    """The quiet hours that a moment is in, or the next ones; None where a rule has none."""
    start, end = manners.quiet_from, manners.quiet_until
    if start is None or end is None or start == end:
        return None
    local = at.astimezone(CLOCK)
    for days in (-1, 0, 1, 2):
        day = local.date() + timedelta(days=days)
        begin = datetime.combine(day, start, CLOCK)
        finish = datetime.combine(day + timedelta(days=1) if end < start else day, end, CLOCK)
        if local < finish:
            return begin.astimezone(UTC), finish.astimezone(UTC)
    raise AssertionError("a day has passed without quiet hours")


def due_at(firing: Firing, manners: Manners) -> datetime:
    """When a letter that begins with this firing goes out."""
    is_urgent = firing.level >= URGENT
    span = quiet_span(firing.at, manners)
    if span is not None and span[0] <= firing.at and not (is_urgent and manners.urgent_breaks_through):
        return span[1]
    if is_urgent:
        return firing.at
    due = firing.at + timedelta(minutes=manners.group_minutes)
    return min(due, span[0]) if span is not None and span[0] > firing.at else due


def put_into(letter: Letter | None, firing: Firing, manners: Manners, *, recipient: str) -> tuple[Letter, bool]:
    """Put a firing into the letter that waits, or begin another; and whether it is another."""
    due = due_at(firing, manners)
    if letter is None or letter.due_at < firing.at:
        return Letter(recipient, due, [firing]), True
    letter.firings.append(firing)
    letter.due_at = min(letter.due_at, due)
    return letter, False


def letters_of(firings: Iterable[tuple[Firing, Iterable[str]]], manners: Manners) -> list[Letter]:
    """Give the letters of one rule: each firing, the oldest first, with whom it is told."""
    waiting: dict[str, Letter] = {}
    written: list[Letter] = []
    for firing, recipients in firings:
        for recipient in recipients:
            letter, is_another = put_into(waiting.get(recipient), firing, manners, recipient=recipient)
            if is_another:
                waiting[recipient] = letter
                written.append(letter)
    return sorted(written, key=lambda letter: (letter.due_at, letter.recipient))
