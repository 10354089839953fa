"""Secrets that have to be read again, such as addresses of messengers: kept in the database only encrypted.

The key is made from the installation's secret key, so a copy of the database alone tells nothing; a backup holds both.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE: Final = b"nhipcau: addresses of notifiers"


class CannotBeOpened(Exception):
    """It was sealed with another secret key than the installation has now."""


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def sealed(text: str) -> str:
    """Encrypt a text."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii")


def opened(text: str) -> str:
    """Decrypt what `sealed` gave."""
    try:
        return _box(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise CannotBeOpened from error
