"""What the worker does for briefs: draft at the set hours, and note what became of deliveries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from nhipcau.issues.actions.briefs.drafting import draft_on_schedule
from nhipcau.issues.models import BriefDelivery, BriefSchedule
from nhipcau.running.jobs import job
from nhipcau.running.models import MailState, OutgoingMail

MADE_UP_FOR: Final = timedelta(hours=24)
"""An hour that passed while no worker ran is made up for this long; of several, only the latest."""
AT_ONCE: Final = 200
_OUTCOMES: Final = {MailState.SENT: "sent", MailState.REFUSED: "refused", MailState.UNCERTAIN: "uncertain"}


@job("briefs.drafting", every_seconds=15)
def draft_due_briefs(now: datetime) -> int:
    """Draft what is due; each hour of each day once, however many workers there are."""
    done = 0
    for schedule in BriefSchedule.objects.filter(is_enabled=True).order_by("at"):
        slot = last_slot(schedule, now=now)
        if slot is not None and slot > max(schedule.enabled_at, now - MADE_UP_FOR):
            done += draft_on_schedule(schedule=schedule, slot=slot, now=now) is not None
    return done


def last_slot(schedule: BriefSchedule, *, now: datetime) -> datetime | None:
    """Give when a schedule last came due, in the clock of the house; None where it has no days."""
    today = timezone.localdate(now)
    for back in range(8):
        day = today - timedelta(days=back)
        slot = timezone.make_aware(datetime.combine(day, schedule.at))
        if day.weekday() in schedule.days and slot <= now:
            return slot
    return None


@job("briefs.deliveries", every_seconds=5)
def note_brief_deliveries(now: datetime) -> int:
    """Carry what became of mails from the outbox to the deliveries."""
    on_way = BriefDelivery.objects.filter(outcome="").values("key")
    finished = OutgoingMail.objects.filter(state__in=list(_OUTCOMES), key__in=on_way).order_by("pk")[:AT_ONCE]
    done = 0
    for mail in finished:
        # a mail that somebody sends again at this moment is no longer what was read above
        still = OutgoingMail.objects.filter(key=mail.key, state=mail.state).values("key")
        waiting = BriefDelivery.objects.filter(key__in=still, outcome="")
        done += waiting.update(outcome=_OUTCOMES[MailState(mail.state)], outcome_at=now)
    return done
