"""When grouping has to begin anew: its numbers of issues and threads mean something else from then on."""

from __future__ import annotations

from django.db import transaction

from nhipcau.issues.models.issues import Issue, Picture
from nhipcau.issues.models.triage import ThreadPlace


def forget_numbers() -> None:
    """Let rows stand as they are, without threads; what the log still holds becomes rows of its own."""
    with transaction.atomic():
        Issue.objects.filter(engine_id__isnull=False).update(engine_id=None)
        ThreadPlace.objects.all().delete()
        Picture.objects.filter(pk=1).update(seq=0)
