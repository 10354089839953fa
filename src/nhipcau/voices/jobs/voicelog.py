"""What the worker does for the voice log: put files together, delete what is past its term, sweep."""

from __future__ import annotations

from datetime import datetime

from nhipcau.running.jobs import job
from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.forgetting import delete_past_term
from nhipcau.voices.actions.sweeping import remove_leaving_files, sweep_left_files


@job("voices.log-files", every_seconds=60)
def put_files_together(now: datetime) -> int:
    """Put small files together."""
    return put_together(now=now)


@job("voices.log-term", every_seconds=300)
def delete_old_voices(now: datetime) -> int:
    """Delete what is past its term, and what must be forgotten."""
    return delete_past_term(now=now)


@job("voices.log-leaving", every_seconds=60)
def remove_replaced_files(now: datetime) -> int:
    """Take replaced files off the disk."""
    return remove_leaving_files(now=now)


@job("voices.log-sweep", every_seconds=3600)
def sweep_unknown_files(now: datetime) -> int:
    """Take off the disk what a kill has left."""
    sweep_left_files(now=now)
    return 0
