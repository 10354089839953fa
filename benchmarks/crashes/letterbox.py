"""A mail server in the shape of a folder: each mail that it takes is one file, whole or not there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


def letters_of(data: Path) -> Path:
    """Where the mails of a data folder are: beside it, for they have left."""
    return data.parent / f"{data.name}-letters"


class Letterbox(BaseEmailBackend):
    """Takes mails; two of the same identity are two files."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take them."""
        folder = letters_of(settings.DATA_FOLDER)
        folder.mkdir(exist_ok=True)
        for message in email_messages:
            name = f"{message.extra_headers['Message-ID'].strip('<>').partition('@')[0]}.{secrets.token_hex(4)}"
            part = folder / f".{name}"
            part.write_bytes(message.message().as_bytes())
            part.rename(folder / f"{name}.eml")
        return len(email_messages)
