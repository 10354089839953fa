"""What the worker does for intake: file accepted voices by number, forget old ones, destroy a past author key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db import transaction

from nhipcau.authorkeys import HOUSE_ZONE, forget_past_key
from nhipcau.running.jobs import job
from nhipcau.voices.models.intake import IntakeReceipt
from nhipcau.voices.models.known import KnownVoice, RecentVoices
from nhipcau.voices.queries.known import file_voices

REMEMBERED: Final = timedelta(days=30)
"""How long a voice, and the key of a request, are known again."""
FILED_AT_ONCE: Final = 20_000
SWEPT_AT_ONCE: Final = 10_000


@job("voices.known", every_seconds=5)
def file_known_voices(now: datetime) -> int:
    """Move the numbers of accepted voices into the table where they are looked up; in order, which spares its pages."""
    del now
    with transaction.atomic():
        taken, pairs = [], 0
        for row in RecentVoices.objects.select_for_update(skip_locked=True).order_by("pk").iterator(chunk_size=200):
            taken.append(row)
            pairs += len(row.digests) // 8
            if pairs >= FILED_AT_ONCE:
                break
        numbers = {number: row.accepted_on for row in taken for number in np.frombuffer(row.digests, np.int64).tolist()}
        if numbers:
            file_voices(numbers)
        RecentVoices.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return pairs if pairs >= FILED_AT_ONCE else 0


@job("voices.forgetting", every_seconds=600)
def forget_old_voices(now: datetime) -> int:
    """Forget what was accepted more than a month ago, some at a time."""
    last_day = (now - REMEMBERED).astimezone(HOUSE_ZONE).date()
    old = KnownVoice.objects.filter(accepted_on__lt=last_day).order_by("accepted_on").values("pk")[:SWEPT_AT_ONCE]
    receipts = IntakeReceipt.objects.filter(at__lt=now - REMEMBERED).order_by("at").values("pk")[:SWEPT_AT_ONCE]
    done = KnownVoice.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
    return done + IntakeReceipt.objects.filter(pk__in=list(receipts.values_list("pk", flat=True))).delete()[0]


@job("voices.author-key", every_seconds=60)
def destroy_past_author_key(now: datetime) -> int:
    """Destroy the author key of a day that is over, though nothing has come in since midnight."""
    return int(forget_past_key(settings.DATA_FOLDER, now=now))
