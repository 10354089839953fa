"""How the listener is doing, as it says itself; one row."""

from __future__ import annotations

from django.db import models


def doing_choices() -> list[tuple[str, str]]:
    """What a listener may be at."""
    return [(name, name) for name in ("starting", "compiling", "catching-up", "listening", "stopped")]


class ListenerBeat(models.Model):
    """When the listener was last alive, and how far behind it was."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beat_at = models.DateTimeField()
    started_at = models.DateTimeField()
    doing = models.CharField(max_length=15, choices=doing_choices, default="starting")
    seq = models.BigIntegerField(default=0)  # voices that are grouped
    waiting = models.BigIntegerField(default=0)  # voices that are accepted and not yet shown
    waiting_since = models.DateTimeField(null=True, blank=True)  # when the first of them was accepted
    round_seconds = models.FloatField(default=0)  # the longest round since the beat before
    kept = models.BigIntegerField(default=0)  # voices in memory
    threads = models.BigIntegerField(default=0)  # in memory, likewise
    issues = models.BigIntegerField(default=0)
    to_describe = models.PositiveIntegerField(default=0)  # issues whose words are not read again yet
    failed_at = models.DateTimeField(null=True, blank=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)  # rounds that failed since one was whole
    error = models.CharField(max_length=300, blank=True)  # what failed and where; never what a voice said

    def __str__(self) -> str:
        """What it is at."""
        return self.doing
