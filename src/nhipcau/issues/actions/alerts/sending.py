"""Writing to notifiers, at most once for each letter; and what became of the letters that went by e-mail.

What was cut off while it was handed over is uncertain and shown as such; only what surely did not leave goes again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F

from nhipcau.issues.actions.alerts.letters import worded
from nhipcau.issues.models.alerts import AlertNotice, NoticeState
from nhipcau.issues.notifying import Handed, hand_over
from nhipcau.issues.sealing import CannotBeOpened, opened
from nhipcau.running.models import MailState, OutgoingMail

AT_ONCE: Final = 20
LEASE: Final = timedelta(minutes=2)
"""Longer than a process of a notifier lives."""
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
OUTCOMES: Final = {
    MailState.SENT: NoticeState.SENT,
    MailState.REFUSED: NoticeState.REFUSED,
    MailState.UNCERTAIN: NoticeState.UNCERTAIN,
}


def send_due(now: datetime) -> int:
    """Write what is due by notifiers, the oldest first."""
    if not settings.NOTIFIERS_ARE_USED:
        return 0
    by_notifier = AlertNotice.objects.filter(notifier__isnull=False)
    cut_off = by_notifier.filter(state=NoticeState.HANDING_OVER, taken_at__lt=now - LEASE)
    cut_off.update(state=NoticeState.UNCERTAIN, error="cut-off")
    due = by_notifier.filter(state=NoticeState.QUEUED, due_at__lte=now).order_by("due_at", "pk")
    return sum(send(notice, now=now) for notice in list(due.select_related("rule", "notifier")[:AT_ONCE]))


def send(notice: AlertNotice, *, now: datetime) -> bool:
    """Write one, unless another worker has it. That it is being handed over is written before anything leaves."""
    mine = AlertNotice.objects.filter(pk=notice.pk, state=NoticeState.QUEUED, tries=notice.tries)
    if mine.update(state=NoticeState.HANDING_OVER, taken_at=now, tries=F("tries") + 1) != 1:
        return False
    state, values = _after(notice, _hand_over(notice), now=now)
    AlertNotice.objects.filter(pk=notice.pk, state=NoticeState.HANDING_OVER).update(state=state, **values)
    return True


def _hand_over(notice: AlertNotice) -> Handed:
    notifier = notice.notifier
    if notifier is None or notifier.stopped_at:
        return Handed("dropped", "stopped")
    try:
        address = opened(notifier.sealed_address)
    except CannotBeOpened:
        return Handed("refused", "cannot-be-opened")
    title, text = worded(notice, language=notifier.language)
    return hand_over(address, title=title, text=text)


def _after(notice: AlertNotice, handed: Handed, *, now: datetime) -> tuple[NoticeState, dict[str, object]]:
    """What becomes of a letter."""
    if handed.outcome == "sent":
        return NoticeState.SENT, {"sent_at": now, "error": ""}
    if handed.outcome == "later" and notice.tries < len(WAITS):
        return NoticeState.QUEUED, {"due_at": now + WAITS[notice.tries], "error": handed.answer[:200]}
    state = {"uncertain": NoticeState.UNCERTAIN, "dropped": NoticeState.DROPPED}.get(
        handed.outcome, NoticeState.REFUSED
    )
    return state, {"error": handed.answer[:200]}


def note_mails(now: datetime) -> int:
    """Carry over what became of letters that went into the outbox."""
    under_way = AlertNotice.objects.filter(state=NoticeState.QUEUED, person__isnull=False)
    finished = OutgoingMail.objects.filter(key__in=under_way.values("key"), state__in=list(OUTCOMES)).order_by("pk")
    done = 0
    for mail in list(finished[:200]):
        values = {"sent_at": mail.sent_at, "error": mail.error[:200], "tries": mail.attempts + 1}
        mine = AlertNotice.objects.filter(key=mail.key, state=NoticeState.QUEUED)
        done += mine.update(state=OUTCOMES[MailState(mail.state)], **values)
    return done
