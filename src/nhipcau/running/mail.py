"""The queue of outgoing mail: written in the transaction that wants it, one mail for one key. `sending` sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from nhipcau.running.bulk import insert
from nhipcau.running.models import MailState, OutgoingMail

STUCK: Final = (MailState.UNCERTAIN, MailState.REFUSED)
"""Only a person sends these again."""
_OUTCOMES: Final[list[Callable[[str], object]]] = []


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes along: `file` lies below the data folder and stays there; altered or gone, nothing is sent."""

    name: str
    content_type: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class NewMail:
    """A mail to be; `key` names the intent that it serves, and one key has one mail for ever."""

    to: str
    subject: str
    text: str
    key: str
    html: str = ""
    not_before: datetime | None = None
    attachments: Sequence[Attachment] = ()


def queue_mails(mails: Sequence[NewMail]) -> None:
    """Queue mails in the transaction that wants them; those whose key has its mail already are passed over."""
    now = timezone.now()
    insert(
        OutgoingMail,
        len(mails),
        ignore_conflicts=True,
        key=[mail.key for mail in mails],
        to=[mail.to for mail in mails],
        subject=[" ".join(mail.subject.split())[:300] for mail in mails],
        text=[mail.text for mail in mails],
        html=[mail.html for mail in mails],
        attachments=[[asdict(one) for one in mail.attachments] for mail in mails],
        created_at=now,
        due_at=[max(now, mail.not_before) if mail.not_before else now for mail in mails],
    )


def queue_mail(
    *, to: str, subject: str, text: str, key: str, html: str | None = None, not_before: datetime | None = None
) -> None:
    """Queue one mail, as `queue_mails` does."""
    queue_mails([NewMail(to=to, subject=subject, text=text, key=key, html=html or "", not_before=not_before)])


def send_again(*, key: str) -> bool:
    """Queue an uncertain or refused mail once more; the caller has checked the right and writes the audit."""
    stuck = OutgoingMail.objects.filter(key=key, state__in=STUCK)
    if stuck.update(state=MailState.QUEUED, attempts=0, due_at=timezone.now(), error="") != 1:
        return False
    for forget in _OUTCOMES:
        forget(key)
    return True


def forget_outcome_by(forget: Callable[[str], object]) -> None:
    """Let a room forget what became of a mail, by its key, when that mail is sent again; said when the room starts."""
    if forget not in _OUTCOMES:
        _OUTCOMES.append(forget)


def unsent() -> QuerySet[OutgoingMail]:
    """Give the mails that need a look: refused, uncertain, or an hour overdue."""
    late = timezone.now() - timedelta(hours=1)
    return OutgoingMail.objects.filter(Q(state__in=STUCK) | Q(state=MailState.QUEUED, created_at__lt=late))
