"""The listener says how it is doing; no audit record, it is a machine's."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, Sum

from nhipcau.issues.models.issues import Picture
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.voicelog import VoiceLog


def beat(*, doing: str, seq: int | None, started_at: datetime, now: datetime) -> None:
    """Note that the listener is alive, and how many voices are not shown yet."""
    queued = IntakeBatch.objects.aggregate(voices=Sum("voices"), since=Min("received_at"))
    shown = Picture.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    waiting = (queued["voices"] or 0) + max(0, VoiceLog().next_seq - shown)
    before = ListenerBeat.objects.filter(pk=1).first()
    since = None
    if waiting:
        since = (before.waiting_since if before and before.waiting else None) or queued["since"] or now
    values = {"beat_at": now, "started_at": started_at, "doing": doing, "waiting": waiting, "waiting_since": since}
    if seq is not None:
        values["seq"] = seq
    ListenerBeat.objects.update_or_create(pk=1, defaults=values)
