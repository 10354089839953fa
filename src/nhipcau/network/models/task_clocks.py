"""Clocks of recipients, pauses, and what rang: rows only. `actions/tasks/clocks.py` winds them, `jobs` rings them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def clock_kind_choices() -> list[tuple[str, str]]:
    """What a clock waits for."""
    return [
        (kind, kind) for kind in ("acknowledge_reminder", "acknowledge_escalation", "due_reminder", "due_escalation")
    ]


def clock_state_choices() -> list[tuple[str, str]]:
    """Where a clock stands."""
    return [(state, state) for state in ("waiting", "paused", "rung", "stopped")]


class TaskClock(models.Model):
    """One alarm of a recipient, at a working hour that was reckoned when it was wound."""

    recipient = models.ForeignKey("network.TaskRecipient", on_delete=models.PROTECT, related_name="clocks")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, choices=clock_kind_choices)
    rings_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=clock_state_choices, default="waiting")
    left = models.DurationField(null=True, blank=True)  # the working time that is left while it is paused

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(fields=["recipient", "round", "kind"], name="clock_once_per_kind"),
            models.CheckConstraint(
                condition=Q(state="paused", left__isnull=False) | (~Q(state="paused") & Q(left__isnull=True)),
                name="clock_paused_knows_what_is_left",
            ),
        )
        indexes = (models.Index(fields=["rings_at"], condition=Q(state="waiting"), name="clock_waiting"),)

    def __str__(self) -> str:
        """Kind and hour."""
        return f"{self.kind} {self.rings_at:%Y-%m-%d %H:%M}"


class ClockPause(models.Model):
    """That a recipient's clocks stood still, since when, why, and on whose word."""

    recipient = models.ForeignKey("network.TaskRecipient", on_delete=models.PROTECT, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(
                fields=["recipient"], condition=Q(until_at__isnull=True), name="one_pause_at_a_time"
            ),
        )

    def __str__(self) -> str:
        """Why."""
        return self.reason


class Reminder(models.Model):
    """That a clock rang: one row, and never a second for the same clock."""

    recipient = models.ForeignKey("network.TaskRecipient", on_delete=models.PROTECT, related_name="reminders")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, choices=clock_kind_choices)
    was_due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        # a correction may put a clock off that has rung: then it rings again, at another hour
        constraints = (
            models.UniqueConstraint(fields=["recipient", "round", "kind", "was_due_at"], name="reminded_once_per_hour"),
        )

    def __str__(self) -> str:
        """Kind and hour."""
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
