"""What can be wrong with what somebody wants of alerts; the words are in `forms/alert_words.py`."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class AlertRuleInvalid(DomainError):
    """A field does not hold. Values: field, problem."""

    code = "alert-rule-invalid"


class AlertRuleChanged(DomainError):
    """Somebody else has changed or switched it meanwhile. Values: none."""

    code = "alert-rule-changed"
    status = 409


class AlertTestTooSoon(DomainError):
    """A test was written a moment ago. Values: minutes."""

    code = "alert-test-too-soon"
    status = 409


class NotifierInvalid(DomainError):
    """A field does not hold. Values: field, problem."""

    code = "notifier-invalid"


class NotifierStopped(DomainError):
    """It was stopped already. Values: none."""

    code = "notifier-stopped"
    status = 409
