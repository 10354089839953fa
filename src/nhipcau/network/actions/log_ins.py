"""What happens at the log-in goes into the audit log: allauth and axes tell of it, and here it is recorded.

These are the only signals that the house listens to: both libraries offer nothing else.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction

from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person


def listen() -> None:
    """Begin to record."""
    user_logged_in.connect(_logged_in, dispatch_uid="audit.log-in")
    user_logged_out.connect(_logged_out, dispatch_uid="audit.log-out")
    user_locked_out.connect(_locked_out, dispatch_uid="audit.locked-out")
    for signal in (password_changed, password_set, password_reset):
        signal.connect(_password_changed, dispatch_uid="audit.password")
    authenticator_added.connect(_factor_added, dispatch_uid="audit.factor-added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="audit.factor-removed")


def _note(person: Any, action: str, **values: Any) -> None:
    if isinstance(person, Person):
        with transaction.atomic():
            record(by=person, action=action, of=person, values=values)


def _logged_in(user: Any, request: Any, **_: Any) -> None:
    _note(user, "session.log-in", address=request.META.get("REMOTE_ADDR", "") if request else "")


def _logged_out(user: Any, **_: Any) -> None:
    _note(user, "session.log-out")


def _password_changed(user: Any, **_: Any) -> None:
    _note(user, "session.password-changed")


def _factor_added(user: Any, authenticator: Any, **_: Any) -> None:
    _note(user, "session.second-factor-added", kind=authenticator.type)


def _factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    _note(user, "session.second-factor-removed", kind=authenticator.type)


def _locked_out(username: str, ip_address: str, request: Any, **_: Any) -> None:
    """Nobody is logged in here: the address that was tried is kept with where it was tried from, once a lock-out."""
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    with transaction.atomic():
        record(by=None, action="session.locked-out", of=None, values={"email": username, "address": ip_address})
