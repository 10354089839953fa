"""What the worker does for alerts: let the rules look, write to notifiers, note what became of e-mails."""

from __future__ import annotations

from datetime import datetime

from nhipcau.issues.actions.alerts.sending import note_mails, send_due
from nhipcau.issues.actions.alerts.watching import forget_old, watch
from nhipcau.running.jobs import job


@job("alerts.watching", every_seconds=5)
def watch_issues(now: datetime) -> int:
    """Let the rules look at what has changed."""
    return watch(now)


@job("alerts.notifiers", every_seconds=3)
def write_to_notifiers(now: datetime) -> int:
    """Write by notifiers what is due."""
    return send_due(now)


@job("alerts.deliveries", every_seconds=5)
def note_deliveries(now: datetime) -> int:
    """Note what became of e-mails."""
    return note_mails(now)


@job("alerts.cleaning", every_seconds=3600)
def forget_sightings(now: datetime) -> int:
    """Forget how things stood long ago."""
    return forget_old(now)
