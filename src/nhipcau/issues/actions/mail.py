"""E-mails of alerts and briefs that somebody sends again: what became of them is open again."""

from __future__ import annotations

from nhipcau.issues.models.alerts import AlertNotice, NoticeState
from nhipcau.issues.models.briefs import BriefDelivery


def forget_outcome(key: str) -> None:
    """Wait once more for what becomes of an e-mail."""
    stuck = [NoticeState.UNCERTAIN, NoticeState.REFUSED]
    AlertNotice.objects.filter(key=key, state__in=stuck, person__isnull=False).update(
        state=NoticeState.QUEUED, error=""
    )
    BriefDelivery.objects.filter(key=key).exclude(outcome="sent").update(outcome="", outcome_at=None)
