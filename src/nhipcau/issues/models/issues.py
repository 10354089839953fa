"""Issues as the centre keeps them: what the listener last knew of each, its counts by hour, how it stood over time.

Only the listener writes these rows; what people do with an issue (`triage.py`) is in columns of its own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TriageState(models.TextChoices):
    """What the centre does about an issue."""

    NEW = "new", pgettext_lazy("triage", "New")
    ASSESSING = "assessing", _("Being assessed")
    ACTING = "acting", _("Being acted on")
    WATCHING = "watching", _("Being watched")
    CLOSED = "closed", _("Closed")


class Status(models.TextChoices):
    """Where an issue is going: the words of the engine's brief."""

    NEW = "new", pgettext_lazy("trend", "New")
    GROWING = "growing", _("Growing")
    STEADY = "steady", _("Steady")
    FADING = "fading", _("Fading")


class Level(models.IntegerChoices):
    """The early-warning levels of the engine, in their order."""

    NONE = 0, pgettext_lazy("level", "None")
    WATCH = 1, pgettext_lazy("level", "Watch")
    ALERT = 2, pgettext_lazy("level", "Alert")
    URGENT = 3, pgettext_lazy("level", "Urgent")


def triage_choices() -> list[tuple[str, str]]:
    """The states of triage, for forms."""
    return [(str(value), str(label)) for value, label in TriageState.choices]


def status_choices() -> list[tuple[str, str]]:
    """Where an issue may be going, for forms."""
    return [(str(value), str(label)) for value, label in Status.choices]


def level_choices() -> list[tuple[int, str]]:
    """The levels, for forms."""
    return [(int(value), str(label)) for value, label in Level.choices]


class Issue(models.Model):
    """A matter that people raise. Its number (`id`) is what everybody calls it by, for good."""

    # of the grouping; null for one that a person has split off, whose threads are in `ThreadPlace`
    engine_id = models.BigIntegerField(null=True, blank=True, unique=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    gone_at = models.DateTimeField(null=True, blank=True)  # when it was merged away, by the grouping or by a person

    # what the listener last knew, over the window of 24 hours unless said otherwise
    label = models.CharField(max_length=300)
    keywords = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=status_choices, default=Status.NEW)
    level = models.PositiveSmallIntegerField(choices=level_choices, default=Level.NONE)
    level_since = models.DateTimeField(null=True, blank=True)
    heat = models.FloatField(default=0)
    heat_parts = models.JSONField(default=dict)
    voices = models.PositiveIntegerField(default=0)
    voices_total = models.PositiveIntegerField(default=0)
    press = models.PositiveIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    distinct_authors = models.PositiveIntegerField(null=True, blank=True)
    distinct_sources = models.PositiveIntegerField(null=True, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    kinds = models.JSONField(default=dict)
    places = models.JSONField(default=list)  # as in the brief: code, name, voices, ambiguous
    place_codes = models.TextField(blank=True)  # "|74|74-001|": what is looked for by place
    source_codes = models.TextField(blank=True)  # "|a|b|"
    questions = models.JSONField(default=list)
    open_questions = models.PositiveIntegerField(default=0)
    forecast = models.JSONField(default=list)
    backtest = models.JSONField(default=dict)  # as in the brief, with `totals` and `reason` of the forecast
    excerpts = models.JSONField(default=list)  # only from the floor of distinct authors up, checked again when shown
    excerpts_withheld = models.CharField(max_length=20, blank=True)
    evidence = models.JSONField(default=list)  # numbers of voices in the log
    search_text = models.TextField(blank=True)  # label, keywords and shown excerpts without diacritics
    # those with most voices: thread, voices, first, last, and words from the floor of its own distinct authors up
    threads = models.JSONField(default=list)
    anchors = models.JSONField(default=list)  # latest voices of its own: where it goes on when grouping begins anew
    changed_at = models.DateTimeField()  # when the listener last found something new
    # which denial hides it: its own, or that of an issue which it is like; null where it is shown
    like_denied = models.ForeignKey(
        "issues.NotAnIssue", on_delete=models.SET_NULL, null=True, blank=True, related_name="hidden"
    )

    # what people do about it
    own_label = models.CharField(max_length=300, blank=True)
    own_name_text = models.CharField(max_length=300, blank=True)  # the same without diacritics
    triage = models.CharField(max_length=10, choices=triage_choices, default=TriageState.NEW)
    owner = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="issues")
    is_sample = models.BooleanField(default=False)

    class Meta:
        """What is looked up often."""

        constraints = (
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(gone_at__isnull=False), name="merged_issue_is_gone"
            ),
        )
        indexes = (
            models.Index(fields=["-heat", "id"], condition=Q(gone_at=None), name="issue_hottest"),
            models.Index(fields=["-last_seen_at"], condition=Q(gone_at=None), name="issue_latest"),
            models.Index(fields=["-changed_at"], name="issue_changed"),
        )

    def __str__(self) -> str:
        """What it is called."""
        return self.own_label or self.label


class IssueHour(models.Model):
    """The voices of an issue in an hour: what its curve and its forecast are made of."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    voices = models.PositiveIntegerField(default=0)  # of their own, without copies
    copies = models.PositiveIntegerField(default=0)
    press = models.PositiveIntegerField(default=0)  # articles among the voices

    class Meta:
        """One row for an hour in which something came."""

        constraints = (models.UniqueConstraint(fields=["issue", "hour"], name="issue_hour_once"),)

    def __str__(self) -> str:
        """Which hour of which issue."""
        return f"{self.issue_id} {self.hour:%Y-%m-%d %H}"


class IssueMoment(models.Model):
    """How an issue stood at the end of an hour that had changed it: heat over time, trials of rules on the past."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="moments")
    at = models.DateTimeField()
    heat = models.FloatField()
    heat_parts = models.JSONField(default=dict)
    level = models.PositiveSmallIntegerField(choices=level_choices)
    status = models.CharField(max_length=10, choices=status_choices)
    voices = models.PositiveIntegerField()
    distinct_authors = models.PositiveIntegerField(null=True, blank=True)
    open_questions = models.PositiveIntegerField(default=0)
    place_codes = models.TextField(blank=True)

    class Meta:
        """What is looked up often."""

        constraints = (models.UniqueConstraint(fields=["issue", "at"], name="issue_moment_once"),)
        indexes = (models.Index(fields=["at"], name="issue_moment_by_time"),)

    def __str__(self) -> str:
        """Which issue, when."""
        return f"{self.issue_id} {self.at:%Y-%m-%d %H:%M}"


class Picture(models.Model):
    """What the listener knows of the whole; one row. `version` grows whenever a page would look different."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)  # voices of the log that are grouped and shown
    as_of = models.DateTimeField(null=True, blank=True)
    grouping = models.CharField(
        max_length=32, blank=True
    )  # of which run of grouping the numbers of issues and threads are
    facts = models.JSONField(
        default=dict
    )  # posts, press, folded, rejected, issues_total; alarms; places; sources; unknowns

    def __str__(self) -> str:
        """Its version."""
        return str(self.version)
