"""The register of sources: where voices come from, on what terms, and how each is doing.

How voices are taken in is in `actions`; reading a feed itself in `nhipcau.feeds`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """By which way a source gives its voices."""

    FEED = "feed", _("Press feed")
    PAGE = "page", _("Own page")
    HOTLINE = "hotline", _("Hotline")
    SURVEY = "survey", _("Survey")
    FIELD = "field", _("Field reports")
    FILE = "file", _("Files")
    API = "api", _("Programs")


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of sources, for forms."""
    return [(str(value), str(label)) for value, label in SourceKind.choices]


def matter_choices() -> list[tuple[str, str]]:
    """What a source gives: words of people, or publications."""
    return [("post", str(_("What people say"))), ("press", str(_("Publications")))]


class Source(models.Model):
    """A public or volunteered source of voices."""

    code = models.SlugField(max_length=60, unique=True)  # what the log calls it; never changed
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=kind_choices)
    matter = models.CharField(max_length=10, choices=matter_choices, default="post")
    owner = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="sources")
    area = models.ForeignKey("network.Office", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, default="vi")
    terms = models.TextField(blank=True)  # on what basis its voices may be used
    purpose = models.CharField(max_length=200, blank=True)
    retention_days = models.PositiveIntegerField(default=1095)
    rhythm_minutes = models.PositiveIntegerField(null=True, blank=True)  # something comes at least so often; null: any
    address = models.URLField(max_length=1000, blank=True)  # of a feed
    mapping = models.JSONField(default=dict, blank=True)  # of the columns of its files
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)  # or started again; silence is counted from here
    stopped_at = models.DateTimeField(null=True, blank=True)
    # how it is doing
    asked_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)  # when its last voice was taken in
    silent_since = models.DateTimeField(null=True, blank=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_values = models.JSONField(default=dict, blank=True)
    ask_next_at = models.DateTimeField(null=True, blank=True)
    feed_state = models.JSONField(default=dict, blank=True)  # validators and what was seen, for the next asking

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.CheckConstraint(condition=~Q(kind="feed") | ~Q(address=""), name="feed_has_an_address"),
            models.CheckConstraint(condition=Q(retention_days__gte=1), name="source_kept_at_least_a_day"),
        )
        indexes = (models.Index(fields=["kind", "ask_next_at"], name="source_to_be_asked"),)

    def __str__(self) -> str:
        """Its name."""
        return self.name
