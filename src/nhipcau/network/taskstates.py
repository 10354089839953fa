"""The states of a directive at one recipient and the moves between them: a table, no database.

`actions/tasks` carries the moves out with guarded updates; who may make a move stands in `access/tasks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a directive stands at one recipient."""

    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    OPENED = "opened", _("Opened")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Evidence submitted")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Route(TextChoices):
    """By which way a move came in."""

    LOG_IN = "log_in", _("log-in")
    LINK = "link", _("one-time link")
    PROXY = "proxy", _("named proxy")
    API = "api", _("a program (API)")
    SYSTEM = "system", _("the system")


class Side(StrEnum):
    """Which side of a directive makes a move."""

    UNIT = "unit"  # the unit that received it
    OVERSEER = "overseer"  # an office above the unit: its area, the hub, or the issuer
    ISSUER = "issuer"  # the office that issued it, or the hub
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of step: from where, to where, by which side."""

    name: str
    sources: frozenset[str]
    target: str
    side: Side
    needs_reason: bool = False
    not_by_submitter: bool = False


UNREAD = frozenset({State.SENT, State.DELIVERED})
UNACKNOWLEDGED = UNREAD | {State.OPENED}
SETTLED = frozenset({State.CLOSED, State.WITHDRAWN})
OPEN = frozenset(State) - SETTLED
# nothing more is asked of the unit: its clocks for the due time are silent
HANDED_IN = frozenset({State.SUBMITTED, State.VERIFIED}) | SETTLED


def _move(  # one line a move in the table below
    name: str,
    sources: frozenset[State],
    target: State,
    side: Side,
    *,
    needs_reason: bool = False,
    not_by_submitter: bool = False,
) -> Move:
    return Move(name, frozenset(map(str, sources)), str(target), side, needs_reason, not_by_submitter)


_ALL = (
    _move("deliver", frozenset({State.SENT}), State.DELIVERED, Side.SYSTEM),
    _move("open", UNREAD, State.OPENED, Side.UNIT),
    _move("acknowledge", UNACKNOWLEDGED, State.ACKNOWLEDGED, Side.UNIT),
    _move("accept", frozenset({State.ACKNOWLEDGED}), State.ACCEPTED, Side.UNIT),
    _move("return", frozenset({State.ACKNOWLEDGED, State.ACCEPTED}), State.RETURNED, Side.UNIT, needs_reason=True),
    _move("start", frozenset({State.ACCEPTED}), State.IN_PROGRESS, Side.UNIT),
    _move("submit", frozenset({State.ACCEPTED, State.IN_PROGRESS}), State.SUBMITTED, Side.UNIT),
    _move("send_again", frozenset({State.RETURNED}), State.SENT, Side.ISSUER, needs_reason=True),
    _move(
        "send_back",
        frozenset({State.SUBMITTED}),
        State.IN_PROGRESS,
        Side.OVERSEER,
        needs_reason=True,
        not_by_submitter=True,
    ),
    _move("verify", frozenset({State.SUBMITTED}), State.VERIFIED, Side.OVERSEER, not_by_submitter=True),
    _move("close", frozenset({State.VERIFIED}), State.CLOSED, Side.ISSUER),
    _move("withdraw", OPEN - {State.VERIFIED}, State.WITHDRAWN, Side.ISSUER, needs_reason=True),
)
MOVES: dict[str, Move] = {move.name: move for move in _ALL}


def moves_from(state: str, *, side: Side) -> list[Move]:
    """The moves that a side can make from a state, in the order of the table."""
    return [move for move in _ALL if state in move.sources and move.side == side]
