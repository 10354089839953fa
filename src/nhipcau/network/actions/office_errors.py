"""What can go wrong with offices, each with a code and values; the words are in `forms/office_words.py`."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class NotOfficeKeeper(DomainError):
    """The person may look at offices but not change this. Values: office (a code, or nothing for all)."""

    code = "office-not-keeper"
    status = 403


class OfficeInvalid(DomainError):
    """A field does not hold. Values: field, problem, value."""

    code = "office-invalid"


class OfficeChanged(DomainError):
    """Somebody else has changed the office since the form was opened. Values: office."""

    code = "office-changed"
    status = 409


class OfficeClosed(DomainError):
    """The office is not there any more on that day. Values: office, on."""

    code = "office-closed"


class LinkRefused(DomainError):
    """An office cannot answer to that one, or be coordinated by it. Values: office, parent, problem."""

    code = "office-link-refused"


class DayRefused(DomainError):
    """The day of a change does not fit what is already known. Values: office, on, since."""

    code = "office-day-refused"


class OfficesBelow(DomainError):
    """Offices stand below one that would be closed without a successor. Values: office, count."""

    code = "office-has-offices-below"


class SuccessorRefused(DomainError):
    """That office cannot succeed. Values: office, successor, problem."""

    code = "office-successor-refused"


class GroupInvalid(DomainError):
    """A saved group does not hold. Values: problem."""

    code = "office-group-invalid"


class DayInvalid(DomainError):
    """A special day does not hold. Values: problem."""

    code = "office-special-day-invalid"


class ImportRefused(DomainError):
    """The file cannot be brought in. Values: problem and what it needs."""

    code = "office-import-refused"


class CentreExists(DomainError):
    """There is a centre already."""

    code = "office-centre-exists"
    status = 409
