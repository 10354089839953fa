"""One-time links: what stands in the e-mail is a random number and our signature over it and its purpose.

The database keeps the number only, so a copy of the database opens nothing. Whether a link is late or used is a
matter of its row (`models/outbox.py`), not of the signature.
"""

from __future__ import annotations

import secrets

from django.core import signing

_SALT = "nhipcau.network.acknowledge"


def new_number() -> str:
    """A number that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


def token_for(number: str) -> str:
    """What stands in the address of the link."""
    return signing.Signer(salt=_SALT, sep=".").sign(number)


def number_in(token: str) -> str | None:
    """The number in a token that we signed for this purpose; nothing for one that was altered or guessed."""
    try:
        return signing.Signer(salt=_SALT, sep=".").unsign(token)
    except signing.BadSignature:
        return None
