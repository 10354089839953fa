"""The listener says how it is doing; no audit record, it is a machine's. Who reads it: `health.py`, `checks.py`."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db.models import F, Min, Sum

from nhipcau.issues.listening import Listening
from nhipcau.issues.models.issues import Issue, Picture
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.voicelog import VoiceLog

SOURCES: Final = Path(__file__).parents[2]


def beat(
    *,
    doing: str,
    seq: int | None,
    started_at: datetime,
    now: datetime,
    listening: Listening | None = None,
    round_seconds: float = 0.0,
    is_whole: bool = False,
) -> None:
    """Note that the listener is alive, how many voices are not shown yet, and that a round was whole."""
    queued = IntakeBatch.objects.aggregate(voices=Sum("voices"), since=Min("received_at"))
    shown = Picture.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    waiting = (queued["voices"] or 0) + max(0, VoiceLog().next_seq - shown)
    before = ListenerBeat.objects.filter(pk=1).first()
    since = None
    if waiting:
        since = (before.waiting_since if before and before.waiting else None) or queued["since"] or now
    values = {
        "beat_at": now,
        "started_at": started_at,
        "doing": doing,
        "waiting": waiting,
        "waiting_since": since,
        "round_seconds": round_seconds,
    }
    if seq is not None:
        values["seq"] = seq
    if listening is not None:
        live = listening.engine.state.live
        values |= {
            "kept": listening.log.rows,
            "to_describe": _to_describe(listening),
            "threads": int((live.threads["number"] >= 0).sum()),
            "issues": int((live.issues["number"] >= 0).sum()),
        }
    if is_whole:
        values |= {"failures_in_a_row": 0, "error": ""}
    ListenerBeat.objects.update_or_create(pk=1, defaults=values)


def _to_describe(listening: Listening) -> int:
    """How many issues' words are not read again yet: after a start all of them, before the first picture says which."""
    if listening.is_fresh:
        return Issue.objects.filter(gone_at=None, voices__gt=0).count()
    return len(listening.to_describe)


def note_failed_round(error: Exception, *, started_at: datetime, now: datetime) -> None:
    """Note that a round failed: which error and where. Its own words may quote a voice, so they go to the log alone."""
    ours = [one for one in traceback.extract_tb(error.__traceback__) if Path(one.filename).is_relative_to(SOURCES)]
    where = f" ({Path(ours[-1].filename).relative_to(SOURCES)}:{ours[-1].lineno})" if ours else ""
    code = f" {error.code}" if isinstance(getattr(error, "code", None), str) else ""  # type: ignore[attr-defined]
    values = {"failed_at": now, "error": f"{type(error).__name__}{code}{where}"[:300]}
    ListenerBeat.objects.get_or_create(pk=1, defaults={"beat_at": now, "started_at": started_at})
    ListenerBeat.objects.filter(pk=1).update(failures_in_a_row=F("failures_in_a_row") + 1, **values)
