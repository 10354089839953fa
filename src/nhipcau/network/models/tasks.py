"""Directives, their recipients, and what happened at each: rows and the rules that one row can keep.

Files are in `task_files.py`, clocks in `task_clocks.py`, e-mail and links in `task_mail.py`; moves in `actions/tasks`.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from nhipcau.network.taskstates import Route, State


def state_choices() -> list[tuple[str, str]]:
    """The states of a recipient, for forms."""
    return [(str(value), str(label)) for value, label in State.choices]


def route_choices() -> list[tuple[str, str]]:
    """The routes of a move, for forms."""
    return [(str(value), str(label)) for value, label in Route.choices]


def origin_choices() -> list[tuple[str, str]]:
    """What a directive can come from."""
    return [("free", "free"), ("issue", "issue"), ("brief", "brief")]


class Task(models.Model):
    """A directive: what is asked, why, and by when."""

    title = models.CharField(max_length=200)
    text = models.TextField()
    why = models.TextField(blank=True)
    due_at = models.DateTimeField()
    is_urgent = models.BooleanField(default=False)  # its clocks run through nights and days off
    acknowledge_minutes = models.PositiveIntegerField()  # working minutes that a unit has to acknowledge
    origin_kind = models.CharField(max_length=20, choices=origin_choices, default="free")
    origin_ref = models.CharField(max_length=200, blank=True)
    issued_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="issued_tasks")
    issuing_office = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="issued_tasks")
    sent_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of what was asked under the key
    is_sample = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField(default=1)  # grows with each correction
    corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(fields=["issued_by", "idempotency_key"], name="task_once_per_key"),
            models.CheckConstraint(condition=Q(due_at__gt=F("sent_at")), name="task_due_after_sending"),
        )
        indexes = (
            models.Index(fields=["-sent_at", "-id"], name="task_newest"),
            models.Index(fields=["issuing_office", "-sent_at"], name="task_by_office"),
        )

    def __str__(self) -> str:
        """The title."""
        return self.title


class TaskVersion(models.Model):
    """What a directive said before it was corrected: never changed, never deleted."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    why = models.TextField(blank=True)
    due_at = models.DateTimeField()
    corrected_at = models.DateTimeField()  # until then it held
    corrected_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    what_changed = models.CharField(max_length=1_000)

    class Meta:
        """Rules that a row must keep."""

        constraints = (models.UniqueConstraint(fields=["task", "number"], name="task_version_once"),)

    def __str__(self) -> str:
        """Which one of which directive."""
        return f"{self.task_id}.{self.number}"


class TaskRecipient(models.Model):
    """A directive at one unit, with the state it has there."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="recipients")
    office = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="received_tasks")
    # the coordination area at the time of sending: stays when offices merge later
    area = models.ForeignKey("network.Office", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    addressed_role = models.CharField(max_length=20, blank=True)  # only people in this role were written to
    state = models.CharField(max_length=20, choices=state_choices, default=State.SENT)
    state_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)  # grows when a returned directive is sent again
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        "network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paused_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(fields=["task", "office"], name="recipient_once_per_task"),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("submitted_by")),
                name="recipient_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False, state__in=["closed", "withdrawn"])
                | (Q(settled_at__isnull=True) & ~Q(state__in=["closed", "withdrawn"])),
                name="recipient_settled_with_its_state",
            ),
        )
        indexes = (
            models.Index(fields=["task", "state"], name="recipient_by_state"),
            models.Index(fields=["office", "-id"], name="recipient_of_office"),
            models.Index(fields=["office", "due_at"], condition=Q(settled_at=None), name="recipient_open_of_office"),
            models.Index(fields=["area", "due_at"], condition=Q(settled_at=None), name="recipient_open_of_area"),
            models.Index(fields=["state", "due_at"], condition=Q(settled_at=None), name="recipient_open_by_state"),
        )

    def __str__(self) -> str:
        """Which directive at which unit."""
        return f"{self.task_id} → {self.office_id}"


class RecipientEvent(models.Model):
    """One move of a recipient, or a correction that left it where it stood: never changed, never deleted."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    recipient = models.ForeignKey(TaskRecipient, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=20, choices=state_choices, blank=True)
    to_state = models.CharField(max_length=20, choices=state_choices)
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=150, blank=True)  # who acted when it was no log-in
    route = models.CharField(max_length=10, choices=route_choices)
    reason = models.TextField(blank=True)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        indexes = (models.Index(fields=["task", "id"], name="event_of_task"),)

    @property
    def is_correction(self) -> bool:
        """Whether the directive was corrected: it says what changed, and nobody corrects by proxy."""
        return self.from_state == self.to_state and bool(self.reason) and self.route != Route.PROXY

    @property
    def is_acknowledged_anew(self) -> bool:
        """Whether the unit took note of a correction, which left it where it stood."""
        return self.from_state == self.to_state and not self.is_correction

    def __str__(self) -> str:
        """From where to where."""
        return f"{self.from_state or '-'} → {self.to_state}"


CORRECTIONS: Final = Q(from_state=F("to_state")) & ~Q(reason="") & ~Q(route=Route.PROXY)
"""Events that are `is_correction`."""


class Acknowledgement(models.Model):
    """That a unit took note of a version: which person, for which unit, when, by which route."""

    recipient = models.ForeignKey(TaskRecipient, on_delete=models.PROTECT, related_name="acknowledgements")
    round = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)  # of the directive
    office = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    route = models.CharField(max_length=10, choices=route_choices)
    name = models.CharField(max_length=150)  # the person who took note
    person = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # with the proxy's route: who recorded it on the word of the person named
    recorded_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(fields=["recipient", "round", "version"], name="acknowledged_once_per_version"),
            models.CheckConstraint(
                condition=~Q(route="proxy") | Q(recorded_by__isnull=False), name="proxy_acknowledgement_names_proxy"
            ),
        )

    def __str__(self) -> str:
        """Who took note."""
        return self.name
