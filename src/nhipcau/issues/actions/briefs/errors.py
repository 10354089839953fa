"""What can go wrong with a brief, each with a code and values; the words are in `forms/brief_words.py`."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class BriefNotYours(DomainError):
    """The person may read it but not do that with it."""

    code = "brief-not-yours"
    status = 403


class BriefHasMoved(DomainError):
    """It is no longer in a state from which this can be done. Values: state."""

    code = "brief-has-moved"
    status = 409


class BriefHasChanged(DomainError):
    """It is no longer what the person looked at."""

    code = "brief-has-changed"
    status = 409


class BriefInvalid(DomainError):
    """A field does not hold. Values: field, problem, limit."""

    code = "brief-invalid"


class BriefAltered(DomainError):
    """What is kept is not what was made or signed: somebody changed it behind the house's back."""

    code = "brief-altered"
    status = 409


class SecondFactorMissing(DomainError):
    """Who signs needs a second factor."""

    code = "brief-second-factor-missing"
    status = 403
