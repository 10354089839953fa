"""Whether there is room for more voices: the queue, and the disk. Whoever takes voices in asks before it does."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum

from nhipcau.running.folder import LEAST_FREE_BYTES
from nhipcau.site.errors import DomainError
from nhipcau.voices.models.intake import IntakeBatch

LOOK_AGAIN_SECONDS = 1


class QueueFull(DomainError):
    """The listener is behind; what waits is kept, more is not taken. Values: waiting, seconds."""

    code = "intake-queue-full"
    status = 429


class DiskFull(DomainError):
    """There is next to no room on the disk. Values: seconds."""

    code = "intake-disk-full"
    status = 503


def voices_waiting() -> int:
    """How many voices are accepted and not yet in the log."""
    return IntakeBatch.objects.aggregate(waiting=Sum("voices"))["waiting"] or 0


def require_room() -> None:
    """Refuse where the queue is as long as it may be, or the disk nearly full; looked at once a second."""
    waiting = cache.get_or_set("intake-waiting", voices_waiting, LOOK_AGAIN_SECONDS)
    if waiting is not None and waiting >= settings.INTAKE_QUEUE_VOICES:
        raise QueueFull(waiting=waiting, seconds=10)
    if shutil.disk_usage(settings.DATA_FOLDER).free < LEAST_FREE_BYTES:
        raise DiskFull(seconds=60)
