"""Acknowledging alerts: somebody of the hub says that they have seen them, so that nobody else is woken."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from nhipcau.issues.access.alerts import acknowledges
from nhipcau.issues.models.alerts import Alert
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.site.errors import NotAllowed


def acknowledge_alerts(*, by: Person, alerts: Collection[int]) -> int:
    """Whoever works at the hub acknowledges alerts; those that somebody was faster with stay as they are.

    Gives how many were acknowledged by this; they no longer escalate.
    """
    if not acknowledges(by):
        raise NotAllowed
    now = timezone.now()
    with transaction.atomic():
        taken = [
            pk
            for pk in sorted(set(alerts))
            if Alert.objects.filter(pk=pk, acknowledged_at__isnull=True).update(acknowledged_at=now, acknowledged_by=by)
        ]
        if taken:
            of = Alert.objects.get(pk=taken[0]) if len(taken) == 1 else None
            record(by=by, action="alert.acknowledged", of=of, values={"alerts": taken})
    return len(taken)
