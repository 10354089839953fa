"""What `nhipcau check` says of the listener: whether it lives, keeps up, and what failed. Words: `findings.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from nhipcau.issues.health import state_of_listener
from nhipcau.running.checks import Finding, check, problem, warning, well
from nhipcau.voices.models.intake import IntakeBatch

OLD_QUEUE: Final = timedelta(minutes=5)


@check
def listener() -> Iterator[Finding]:
    """It gives beats, its rounds run through, and what is accepted is soon shown."""
    now = timezone.now()
    state = state_of_listener(now)
    beat = state.beat
    if beat is None:
        yield problem("listener.never")
    elif state.wrong == "failing":
        yield problem("listener.fails", count=beat.failures_in_a_row, error=beat.error, since=_at(beat.failed_at))
    elif state.wrong == "silent":
        yield problem("listener.silent", since=_at(beat.beat_at), waiting=beat.waiting)
    elif state.wrong == "late":
        yield warning("listener.late", waiting=beat.waiting, since=_at(beat.waiting_since))
    elif beat.doing == "catching-up":
        yield well("listener.catching-up", waiting=beat.waiting)
    else:
        yield well("listener.alive", voices=beat.seq, since=_at(beat.beat_at))
    if beat is not None and state.wrong != "failing" and beat.failures_in_a_row:
        yield warning("listener.failed", error=beat.error, since=_at(beat.failed_at))


@check
def intake_queue() -> Iterator[Finding]:
    """Accepted voices go into the log soon; those that catch up are not blamed for it."""
    now = timezone.now()
    oldest = IntakeBatch.objects.order_by("received_at").values_list("received_at", flat=True).first()
    beat = state_of_listener(now).beat
    is_catching_up = beat is not None and beat.doing == "catching-up"
    if oldest is not None and oldest < now - OLD_QUEUE and not is_catching_up:
        yield problem("intake.old", since=_at(oldest), batches=IntakeBatch.objects.count())


def _at(moment: datetime | None) -> str:
    return "-" if moment is None else timezone.localtime(moment).strftime("%d/%m/%Y %H:%M:%S")
