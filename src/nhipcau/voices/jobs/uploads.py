"""What the worker does for files that were handed in: takes them in, and removes what is done with."""

from __future__ import annotations

from datetime import datetime

from nhipcau.running.jobs import job
from nhipcau.voices.actions.taking_uploads import sweep, take
from nhipcau.voices.models.uploads import Upload


@job("voices.uploads", every_seconds=2)
def take_uploads(now: datetime) -> int:
    """Take in the files that wait."""
    del now
    waiting = Upload.objects.filter(state__in=("waiting", "running")).order_by("at", "pk")
    return sum(take(upload_id) for upload_id in list(waiting.values_list("pk", flat=True)))


@job("voices.upload-cleaning", every_seconds=600)
def remove_files(now: datetime) -> int:
    """Remove files that nobody needs any more."""
    sweep(now=now)
    return 0
