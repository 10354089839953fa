"""Alert rules, what they found, and the letters about it; how issues and sources stood when the rules looked.

When a rule fires is in `alertrules.py`, when its letters go out in `alertletters.py`; who writes: `actions/alerts/`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.issues.models.issues import Level, level_choices


class What(models.TextChoices):
    """What a rule looks for."""

    LEVEL = "level", _("An issue reaches a level")
    PLACE = "place", _("A place reaches a level")
    SOURCE = "source", _("A source falls silent")
    VOID = "void", _("Many ask and nothing is published")
    CROWD = "crowd", _("A new issue of many people")


class NoticeKind(models.TextChoices):
    """Why a letter is written."""

    LETTER = "letter", pgettext_lazy("alert", "Alert")
    ESCALATION = "escalation", _("Not acknowledged")
    TEST = "test", _("Test")


class NoticeState(models.TextChoices):
    """Where a letter stands; what was cut off while it was handed over is uncertain, and never goes again by itself."""

    WAITING = "waiting", _("waits to go out")
    QUEUED = "queued", _("on its way")
    HANDING_OVER = "handing-over", _("being handed over")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    UNCERTAIN = "uncertain", _("uncertain whether it arrived")
    DROPPED = "dropped", _("not sent: the rule or the address was switched off")
    SAMPLE = "sample", _("not sent: this is a sample")


def what_choices() -> list[tuple[str, Any]]:
    """What rules look for; a callable, so that a new one makes no migration."""
    return What.choices


def notice_kinds() -> list[tuple[str, Any]]:
    """Kinds of letters."""
    return NoticeKind.choices


def notice_states() -> list[tuple[str, Any]]:
    """States of letters."""
    return NoticeState.choices


class AlertRule(models.Model):
    """What somebody wants to be told of, how, and when not."""

    name = models.CharField(max_length=120)
    owner = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=what_choices)
    level = models.PositiveSmallIntegerField(choices=level_choices, default=Level.NONE)
    people = models.PositiveSmallIntegerField(default=0)
    questions = models.PositiveSmallIntegerField(default=0)
    places = models.JSONField(default=list, blank=True)  # codes
    sources = models.JSONField(default=list, blank=True)  # codes
    words = models.CharField(max_length=300, blank=True)  # as typed, with commas between them
    people_told = models.ManyToManyField("network.Person", blank=True, related_name="+")
    roles_told = models.JSONField(default=list, blank=True)  # at the hub
    notifiers_told = models.ManyToManyField("issues.Notifier", blank=True, related_name="+")
    tells_command = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    urgent_breaks_through = models.BooleanField(default=True)
    group_minutes = models.PositiveSmallIntegerField(default=10)
    repeat_hours = models.PositiveSmallIntegerField(default=24)
    repeats = models.BooleanField(default=False)
    asks_acknowledgement = models.BooleanField(default=True)
    escalate_minutes = models.PositiveSmallIntegerField(null=True, blank=True, default=15)
    enabled_at = models.DateTimeField(null=True, blank=True)
    memory = models.JSONField(default=dict, blank=True)  # of subjects, as `alertrules.Memory`
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tested_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    """Counts changes, so that two people who edit at once cannot overwrite one another unseen."""

    class Meta:
        """Rules that a row must keep."""

        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="alert_rule_has_name"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="alert_rule_quiet_from_and_until",
            ),
            models.CheckConstraint(condition=Q(repeat_hours__gte=1), name="alert_rule_rests_an_hour"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Alert(models.Model):
    """What a rule found, once."""

    key = models.CharField(max_length=200, unique=True)  # rule, subject and moment: it fires once
    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    at = models.DateTimeField()
    subject = models.CharField(max_length=80)  # issue-12, place-25363, source-bao
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, null=True, blank=True, related_name="alerts")
    source = models.ForeignKey("voices.Source", on_delete=models.PROTECT, null=True, blank=True, related_name="alerts")
    place_code = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(choices=level_choices, default=Level.NONE)
    values = models.JSONField(default=dict)  # how it stood then: label, places, people, voices, questions, since
    asks_acknowledgement = models.BooleanField(default=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    escalates_at = models.DateTimeField(null=True, blank=True)  # to who is in command, where nobody has acknowledged
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What is looked up often."""

        indexes = (
            models.Index(fields=["-at", "-id"], name="alert_latest"),
            models.Index(
                fields=["-at", "-id"],
                condition=Q(acknowledged_at=None, asks_acknowledgement=True),
                name="alert_unacknowledged",
            ),
            models.Index(
                fields=["escalates_at"], condition=Q(acknowledged_at=None, escalated_at=None), name="alert_to_escalate"
            ),
        )

    def __str__(self) -> str:
        """What, when."""
        return f"{self.subject} {self.at:%Y-%m-%d %H:%M}"


class AlertNotice(models.Model):
    """A letter about alerts to one person, or by one notifier."""

    key = models.CharField(max_length=200, unique=True)
    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=notice_kinds, default=NoticeKind.LETTER)
    alerts = models.ManyToManyField(Alert, related_name="notices")
    person = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notifier = models.ForeignKey("issues.Notifier", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=15, choices=notice_states, default=NoticeState.WAITING)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=True, notifier__isnull=False)
                | Q(person__isnull=False, notifier__isnull=True),
                name="notice_goes_one_way",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(state__in=["waiting", "queued", "handing-over"]), name="notice_under_way"
            ),
            models.Index(fields=["rule", "-id"], name="notice_of_rule"),
        )

    def __str__(self) -> str:
        """Its key."""
        return self.key


class AlertSighting(models.Model):
    """How an issue or a source stood from a moment on, as the rules saw it: what they are tried on."""

    at = models.DateTimeField()
    subject = models.CharField(max_length=80)
    is_last = models.BooleanField(default=True)
    is_there = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(default=0)
    is_new = models.BooleanField(default=False)
    people = models.PositiveIntegerField(default=0)  # the step below their number
    questions = models.PositiveIntegerField(default=0)  # the step below their number
    is_published = models.BooleanField(default=False)
    is_silent = models.BooleanField(default=False)
    places = models.TextField(blank=True)  # "|74|25363|"
    sources = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(fields=["subject"], condition=Q(is_last=True), name="sighting_last_once"),
        )
        indexes = (
            models.Index(fields=["at"], name="sighting_by_time"),
            models.Index(fields=["subject", "at"], name="sighting_of_subject"),
        )

    def __str__(self) -> str:
        """What, when."""
        return f"{self.subject} {self.at:%Y-%m-%d %H:%M}"


class AlertCursor(models.Model):
    """Up to when the rules have looked; one row, which only one worker moves at a time."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)
    watched_until = models.DateTimeField(null=True, blank=True)
    kept_since = models.DateTimeField(null=True, blank=True)  # from here on sightings are complete

    def __str__(self) -> str:
        """Its version."""
        return str(self.version)
