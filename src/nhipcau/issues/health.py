"""How the listener is doing, for machines: what `/readyz` names as lacking, and figures for Prometheus.

What a person is told of it is in `checks.py`; both ask `state_of_listener`. Who writes the beat: `actions/beats.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Sum

from nhipcau.issues.models.issues import Picture
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.running.health import Figure, figures_of_room, lacks_of_room
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.voicelog import VoiceLog

SILENT: Final = timedelta(minutes=2)
"""A listener that was silent for longer is taken to be gone."""
SILENT_WHILE_COMPILING: Final = timedelta(minutes=10)
"""Compiling its kernels for the first time takes a slow machine some minutes, in which it says nothing."""
LATE: Final = timedelta(minutes=5)
"""Voices that wait for longer, while none are being caught up with, are late."""
FAILS: Final = 3
"""Rounds that failed one after the other; a single one is taken again."""


@dataclass(frozen=True)
class ListenerState:
    """What is wrong with the listener: `never`, `silent`, `failing`, `late` or nothing."""

    beat: ListenerBeat | None
    wrong: str = ""


def state_of_listener(now: datetime) -> ListenerState:
    """Judge by its last beat."""
    beat = ListenerBeat.objects.filter(pk=1).first()
    if beat is None:
        return ListenerState(None, "never")
    patience = SILENT_WHILE_COMPILING if beat.doing == "compiling" else SILENT
    if beat.failures_in_a_row >= FAILS:
        return ListenerState(beat, "failing")
    if beat.doing == "stopped" or beat.beat_at < now - patience:
        return ListenerState(beat, "silent")
    if beat.waiting_since is not None and beat.waiting_since < now - LATE and beat.doing != "catching-up":
        return ListenerState(beat, "late")
    return ListenerState(beat)


@lacks_of_room
def listener_is_lacking(now: datetime) -> list[str]:
    """The listener, where it is not heard of, fails or falls behind."""
    return ["listener"] if state_of_listener(now).wrong else []


@figures_of_room
def figures_of_listener(now: datetime) -> Iterator[Figure]:
    """The queue before it, what it has in memory, how fast and how late it is."""
    queue = IntakeBatch.objects.aggregate(batches=Count("pk"), voices=Sum("voices"), since=Min("received_at"))
    oldest = (now - queue["since"]).total_seconds() if queue["since"] else 0.0
    yield "nhipcau_intake_queue_batches", "Batches of voices that wait for the log", {}, float(queue["batches"])
    yield "nhipcau_intake_queue_voices", "Voices in them", {}, float(queue["voices"] or 0)
    yield "nhipcau_intake_queue_oldest_seconds", "How long the oldest batch has waited", {}, max(oldest, 0.0)
    logged = VoiceLog().next_seq
    shown = Picture.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    yield "nhipcau_voices_logged", "Voices that were ever taken into the log", {}, float(logged)
    yield "nhipcau_voices_shown", "Voices of the log that the picture shows", {}, float(shown)
    beat = ListenerBeat.objects.filter(pk=1).first()
    if beat is None:
        return
    late = (now - beat.waiting_since).total_seconds() if beat.waiting_since else 0.0
    yield "nhipcau_listener_beat_age_seconds", "Age of its last beat", {}, (now - beat.beat_at).total_seconds()
    yield "nhipcau_listener_doing", "What it is at", {"doing": beat.doing}, 1.0
    yield "nhipcau_listener_late_seconds", "Since when not all that was accepted is shown", {}, max(late, 0.0)
    yield "nhipcau_listener_voices_grouped", "Voices that it has grouped", {}, float(beat.seq)
    yield "nhipcau_listener_round_seconds", "Its longest round between two beats", {}, beat.round_seconds
    yield "nhipcau_listener_failures_in_a_row", "Rounds that failed since one was whole", {}, beat.failures_in_a_row
    yield "nhipcau_listener_kept_voices", "Voices whose columns it has in memory", {}, float(beat.kept)
    yield "nhipcau_listener_threads", "Threads it has in memory", {}, float(beat.threads)
    yield "nhipcau_listener_to_describe", "Issues whose words are not read again yet", {}, float(beat.to_describe)
    yield "nhipcau_listener_issues", "Issues it has in memory", {}, float(beat.issues)
