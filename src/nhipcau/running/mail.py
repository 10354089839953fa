"""Outgoing mail: queued in the transaction that wants it, sent by the worker, never twice for one key.

A mail that was cut off before it was handed to the mail server is sent later; one that was cut off while it was handed
over is uncertain: it is shown as such, and only a person sends it again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
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
from django.db.models import Q, QuerySet
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


@dataclass(frozen=True, kw_only=True)
class NewMail:
    """A mail to be; `key` names the intent that it serves, and one key has one mail for ever."""

    to: str
    subject: str
    text: str
    key: str
    html: str = ""
    not_before: datetime | None = None


def queue_mails(mails: Sequence[NewMail]) -> None:
    """Queue mails in the transaction that wants them; those whose key has its mail already are passed over."""
    now = timezone.now()
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=mail.key,
                to=mail.to,
                subject=" ".join(mail.subject.split())[:300],
                text=mail.text,
                html=mail.html,
                created_at=now,
                due_at=max(now, mail.not_before) if mail.not_before else now,
            )
            for mail in mails
        ],
        ignore_conflicts=True,
    )


def queue_mail(
    *, to: str, subject: str, text: str, key: str, html: str | None = None, not_before: datetime | None = None
) -> None:
    """Queue one mail, as `queue_mails` does."""
    queue_mails([NewMail(to=to, subject=subject, text=text, key=key, html=html or "", not_before=not_before)])


def send_again(*, key: str) -> bool:
    """Queue an uncertain or refused mail once more; the caller has checked the right and writes the audit."""
    stuck = OutgoingMail.objects.filter(key=key, state__in=[MailState.UNCERTAIN, MailState.REFUSED])
    return stuck.update(state=MailState.QUEUED, attempts=0, due_at=timezone.now(), error="") == 1


@job("mail.send", every_seconds=2)
def send_due(now: datetime) -> int:
    """Send what is due, over one connection; where no connection opens, or no server is named, it waits."""
    if settings.EMAIL_BACKEND in NOWHERE:
        return 0
    _settle_cut_off(now)
    due = OutgoingMail.objects.filter(state=MailState.QUEUED, due_at__lte=now).order_by("due_at")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    connection: Any = get_connection(fail_silently=False)
    sent = 0
    try:
        for key in keys:
            outcome = _send_one(connection, key)
            sent += outcome == MailState.SENT
            if outcome == MailState.TAKEN:
                break
    finally:
        connection.close()
    return sent


def unsent() -> QuerySet[OutgoingMail]:
    """Give the mails that need a look: refused, uncertain, or an hour overdue."""
    late = timezone.now() - timedelta(hours=1)
    return OutgoingMail.objects.filter(
        Q(state__in=[MailState.REFUSED, MailState.UNCERTAIN]) | Q(state=MailState.QUEUED, created_at__lt=late)
    )


def _settle_cut_off(now: datetime) -> None:
    """Give back what a dead worker had taken; what it was just handing over is uncertain."""
    lease = timedelta(seconds=getattr(settings, "MAIL_LEASE_SECONDS", LEASE_SECONDS))
    old = OutgoingMail.objects.filter(taken_at__lt=now - lease)
    old.filter(state=MailState.TAKEN).update(state=MailState.QUEUED)
    old.filter(state=MailState.HANDING_OVER).update(state=MailState.UNCERTAIN, error=CUT_OFF)


def _send_one(connection: Any, pk: int) -> MailState | None:
    """Take a mail, open the connection, hand it over; say how far it came (None: another worker has it)."""
    taken_at = timezone.now()
    if not _move(pk, MailState.QUEUED, MailState.TAKEN, taken_at=taken_at):
        return None
    mail = OutgoingMail.objects.get(pk=pk)
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        _give_back(mail, MailState.TAKEN, error)
        return MailState.TAKEN
    if not _move(pk, MailState.TAKEN, MailState.HANDING_OVER):
        return None
    try:
        connection.send_messages([_message(mail, connection)])
    except (SMTPException, OSError, ValueError) as error:
        _give_back(mail, MailState.HANDING_OVER, error)
        connection.close()
        return MailState.HANDING_OVER
    _move(pk, MailState.HANDING_OVER, MailState.SENT, sent_at=timezone.now(), error="", **WITHOUT_WORDS)
    return MailState.SENT


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
    return message
