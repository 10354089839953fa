"""What the processes leave behind: beats of workers, the last run of each job, mail on its way out.

Who writes them: `worker`, `mail`. Who reads them: `health`, `checks`.
"""

from __future__ import annotations

from django.db import models


def mail_states() -> list[tuple[str, str]]:
    """Give the ways of a mail; a function, so that a new one makes no migration."""
    return [(state.value, state.label) for state in MailState]


class MailState(models.TextChoices):
    """Where a mail stands; what was cut off while it was handed over is uncertain, and never goes again by itself."""

    QUEUED = "queued"
    TAKEN = "taken"
    HANDING_OVER = "handing-over"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class WorkerBeat(models.Model):
    """One worker process and when it was last alive."""

    name = models.CharField(max_length=200, primary_key=True)
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """The last run of a job, over all workers."""

    job = models.CharField(max_length=100, primary_key=True)
    every_seconds = models.FloatField()
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    error = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return self.job


class OutgoingMail(models.Model):
    """A mail, written in the transaction that wants it; the key says which intent it serves, once."""

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(default="", blank=True)
    attachments = models.JSONField(default=list, blank=True)  # name, type, file below the data folder, SHA-256
    state = models.CharField(max_length=20, choices=mail_states, default=MailState.QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        """The queue is read by state and time."""

        indexes = (models.Index(fields=["state", "due_at"], name="running_mail_queue"),)

    def __str__(self) -> str:
        return self.key
