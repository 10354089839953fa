"""Where a person stands toward directives: what they see, direct, oversee and answer for. Pure rules over seats.

`access/tasks.py` reads the seats from the database and turns this into querysets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nhipcau.network.taskstates import Move, Side

# who directs, by the kind of office that the seat is at
DIRECTING = {"hub": frozenset({"leader", "analyst"}), "area": frozenset({"leader", "analyst", "officer"})}
WORKING = frozenset({"leader", "analyst", "officer"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A role at an office that is held now, by oneself or as a deputy."""

    office_id: int
    office_kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do with directives at this moment."""

    seats: tuple[Seat, ...]
    below: frozenset[int]  # offices under the person's offices, without these themselves

    @property
    def sees_all(self) -> bool:
        """The hub sees everything, and so does an auditor anywhere."""
        return any(seat.office_kind == "hub" or seat.role == "auditor" for seat in self.seats)

    @property
    def own(self) -> frozenset[int]:
        """The offices where the person has a seat."""
        return frozenset(seat.office_id for seat in self.seats)

    @property
    def visible(self) -> frozenset[int]:
        """The offices whose directives the person sees, when not all."""
        return self.own | self.below

    @property
    def works_at(self) -> frozenset[int]:
        """The offices for which the person acknowledges, accepts and hands in."""
        return frozenset(seat.office_id for seat in self.seats if seat.role in WORKING)

    @property
    def directs_at(self) -> tuple[int, ...]:
        """The offices in whose name the person may send directives, the hub first."""
        ordered = sorted(self.seats, key=lambda seat: (seat.office_kind != "hub", seat.office_id))
        return tuple(dict.fromkeys(seat.office_id for seat in ordered if _directs(seat)))

    @property
    def directs_all(self) -> bool:
        """Whether a directing seat is at the hub."""
        return any(seat.office_kind == "hub" and _directs(seat) for seat in self.seats)

    def oversees(self, office_id: int) -> bool:
        """Whether an office lies under one where the person directs."""
        if self.directs_all:
            return all(seat.office_id != office_id for seat in self.seats if seat.office_kind == "hub")
        return bool(self.directs_at) and office_id in self.below

    def may(self, move: Move, *, office_id: int, issuing_office_id: int) -> bool:
        """Whether the person's side makes this move for a unit."""
        if move.side == Side.UNIT:
            return office_id in self.works_at
        if move.side == Side.OVERSEER:
            return self.oversees(office_id)
        if move.side == Side.ISSUER:
            return self.directs_all or issuing_office_id in self.directs_at
        return False


def standing_from(seats: Iterable[Seat], *, below: Iterable[int]) -> Standing:
    """A standing; an office where one has a seat oneself is not below."""
    held = tuple(seats)
    return Standing(held, frozenset(below) - {seat.office_id for seat in held})


def _directs(seat: Seat) -> bool:
    return seat.role in DIRECTING.get(seat.office_kind, frozenset())
