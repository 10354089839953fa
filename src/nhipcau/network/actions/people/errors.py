"""What can go wrong with people, each with a code and values; the words are in `forms/people_words.py`."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class NotAdministrator(DomainError):
    """The person may look at people but not change this one, or not at that office."""

    code = "people-not-administrator"
    status = 403


class PersonExists(DomainError):
    """Somebody has this address already. Values: email."""

    code = "people-exists"


class PersonInvalid(DomainError):
    """A field does not hold. Values: field, problem."""

    code = "people-invalid"


class PersonChanged(DomainError):
    """Somebody else has changed the person since the form was opened."""

    code = "people-changed"
    status = 409


class LastAdministrator(DomainError):
    """Nobody would administer the hub any more."""

    code = "people-last-administrator"


class SeatTaken(DomainError):
    """The person has this role there already."""

    code = "people-seat-taken"


class SeatEnded(DomainError):
    """The role has ended already."""

    code = "people-seat-ended"
    status = 409


class DeputyRefused(DomainError):
    """That person cannot stand in. Values: problem (self, inactive, span)."""

    code = "people-deputy-refused"


class ShiftRefused(DomainError):
    """The shift does not fit. Values: problem (overlap, order, long, not-there, past)."""

    code = "people-shift-refused"


class HandOverRefused(DomainError):
    """There is nothing to hand over or to take. Values: problem (not-yours, taken, no-note)."""

    code = "people-hand-over-refused"


class InvitationRefused(DomainError):
    """The address of an invitation does not open. Values: problem (late, unknown)."""

    code = "people-invitation-refused"
    status = 410
