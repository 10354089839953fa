"""Sending what is queued: the worker's job; never twice for one key.

A mail that was cut off before it was handed to the mail server is sent later; one that was cut off while it was handed
over is uncertain: it is shown as such, and only a person sends it again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from nhipcau.running.jobs import job
from nhipcau.running.models import MailState, OutgoingMail

BATCH: Final = 50
LEASE_SECONDS: Final = 300
"""So long a worker may be busy with one mail; then it is taken to be gone. `MAIL_LEASE_SECONDS` in the settings."""
RETRY_MINUTES: Final = (1, 2, 5, 15, 30, 60)
GIVEN_UP_AFTER: Final = timedelta(days=7)
WITHOUT_WORDS: Final = {"text": "", "html": ""}
"""What is sent is not kept: its words may hold a link that acts for somebody."""
NOWHERE: Final = frozenset(f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy"))
"""What only looks like sending: a printed mail reached nobody, and its link would stand in a log."""
CUT_OFF: Final = "cut off while it was handed over"

log = logging.getLogger(__name__)


@job("mail.send", every_seconds=2)
def send_due(now: datetime) -> int:
    """Send what is due, over one connection; where no connection opens, or no server is named, it waits."""
    if settings.EMAIL_BACKEND in NOWHERE:
        return 0
    _settle_cut_off(now)
    mails = _take(now)
    if not mails:
        return 0
    connection: Any = get_connection(fail_silently=False)
    sent: list[int] = []
    try:
        for mail in mails:
            try:
                connection.open()
            except (SMTPException, OSError) as error:
                _give_back(mail, MailState.TAKEN, error)
                break
            if _begin(mail, after=sent[-1] if sent else None) and _hand_over(mail, connection):
                sent.append(mail.pk)
    finally:
        _note_sent(sent[-1] if sent else None)
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails], state=MailState.TAKEN).update(
            state=MailState.QUEUED
        )
        connection.close()
    return len(sent)


def _settle_cut_off(now: datetime) -> None:
    """Give back what a dead worker had taken; what it was just handing over is uncertain."""
    lease = timedelta(seconds=getattr(settings, "MAIL_LEASE_SECONDS", LEASE_SECONDS))
    old = OutgoingMail.objects.filter(taken_at__lt=now - lease)
    old.filter(state=MailState.TAKEN).update(state=MailState.QUEUED)
    old.filter(state=MailState.HANDING_OVER).update(state=MailState.UNCERTAIN, error=CUT_OFF)


def _take(now: datetime) -> list[OutgoingMail]:
    """Take some of what is due, so that another worker takes other mails."""
    due = OutgoingMail.objects.filter(state=MailState.QUEUED, due_at__lte=now).order_by("due_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    if not keys:
        return []
    taken_at = timezone.now()
    OutgoingMail.objects.filter(pk__in=keys, state=MailState.QUEUED).update(state=MailState.TAKEN, taken_at=taken_at)
    mine = OutgoingMail.objects.filter(pk__in=keys, state=MailState.TAKEN, taken_at=taken_at)
    return list(mine.order_by("due_at", "pk"))


def _begin(mail: OutgoingMail, *, after: int | None) -> bool:
    """Write that a mail is being handed over, together with the success of the one before it."""
    with transaction.atomic():
        _note_sent(after)
        return _move(mail.pk, MailState.TAKEN, MailState.HANDING_OVER)


def _note_sent(pk: int | None) -> None:
    if pk is not None:
        _move(pk, MailState.HANDING_OVER, MailState.SENT, sent_at=timezone.now(), error="", **WITHOUT_WORDS)


def _hand_over(mail: OutgoingMail, connection: Any) -> bool:
    """Hand a mail to the server; where that fails, say what becomes of it."""
    try:
        connection.send_messages([_message(mail, connection)])
    except (SMTPException, OSError, ValueError) as error:
        _give_back(mail, MailState.HANDING_OVER, error)
        connection.close()
        return False
    return True


def _give_back(mail: OutgoingMail, reached: MailState, error: Exception) -> None:
    """Say what becomes of a mail that did not leave, or of which that is not known."""
    now = timezone.now()
    attempts = mail.attempts + 1
    if reached == MailState.HANDING_OVER and not _was_answered(error):
        after = MailState.UNCERTAIN
    elif _is_lasting(error) or now - mail.created_at > GIVEN_UP_AFTER:
        after = MailState.REFUSED
    else:
        after = MailState.QUEUED
    wait = timedelta(minutes=RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1])
    words = f"{type(error).__name__}: {error}"[:1000]
    _move(mail.pk, reached, after, attempts=attempts, due_at=now + wait, error=words)
    log.warning("mail %s is %s: %s", mail.key, after.value, type(error).__name__)


def _was_answered(error: Exception) -> bool:
    """Whether the mail certainly did not leave: the server said no, or the message could not be built."""
    return isinstance(error, SMTPRecipientsRefused | SMTPResponseException | ValueError)


def _is_lasting(error: Exception) -> bool:
    """Whether trying again is in vain. A wrong log-in or sender is the installation's fault: it is mended some time."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, SMTPSenderRefused | SMTPAuthenticationError):
        return False
    if isinstance(error, SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def _move(pk: int, before: MailState, after: MailState, **values: object) -> bool:
    return OutgoingMail.objects.filter(pk=pk, state=before).update(state=after, **values) == 1


def _message(mail: OutgoingMail, connection: Any) -> EmailMultiAlternatives:
    """Build the message; its identity comes from the key, so that a copy is known as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        connection=connection,
        headers={
            "Message-ID": f"<{sha256(mail.key.encode()).hexdigest()[:32]}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for one in mail.attachments:
        message.attach(one["name"], _content(one["file"], digest=one["sha256"]), one["content_type"])
    return message


def _content(name: str, *, digest: str) -> bytes:
    """Read what goes along. Without it, or with other bytes than were meant, the mail does not leave."""
    folder = Path(settings.DATA_FOLDER).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise ValueError(f"the attachment {name} does not lie in the data folder")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"the attachment {name} cannot be read") from error
    if sha256(content).hexdigest() != digest:
        raise ValueError(f"the attachment {name} is not the file that was to be sent")
    return content
