"""What a token of the API looks like, and what it may be for: pure, no database.

A token is `nhipcau_<number>_<secret>`: the beginning lets programs that look for leaked secrets find it.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

SCOPES: Final[dict[str, Any]] = {
    "offices:read": _("Read offices"),
    "tasks:read": _("Read directives and how they stand"),
    "tasks:issue": _("Send and withdraw directives"),
    "tasks:move": _("Acknowledge, take on, hand in, verify and close"),
    "sources:read": _("Read sources and how they are doing"),
    "voices:write": _("Send voices into sources"),
    "issues:read": _("Read issues and the picture"),
    "issues:write": _("Work on issues: state, owner, name, notes"),
    "alerts:read": _("Read alerts and alert rules"),
    "alerts:acknowledge": _("Acknowledge alerts"),
    "alert-rules:write": _("Make, change and switch alert rules"),
    "briefs:read": _("Read signed briefs"),
    "audit:read": _("Read the audit log"),
}
LONGEST_DAYS: Final = 366
_SHAPE: Final = re.compile(r"nhipcau_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class TokenText(NamedTuple):
    """The two parts of a token."""

    number: str
    secret: str

    def __str__(self) -> str:
        return f"nhipcau_{self.number}_{self.secret}"

    @property
    def digest(self) -> str:
        """What is kept of the secret."""
        return sha256(self.secret.encode()).hexdigest()


def new_token() -> TokenText:
    """Make a token that nobody can guess."""
    return TokenText(secrets.token_hex(6), secrets.token_urlsafe(32))


def token_in(text: str) -> TokenText | None:
    """Read a token; None where it is none."""
    found = _SHAPE.fullmatch(text)
    return TokenText(*found.groups()) if found else None
