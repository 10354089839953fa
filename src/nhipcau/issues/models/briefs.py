"""Briefs: what the engine drafted, what people changed, what was signed, who it went to, and when drafts are made.

What may happen to a brief is in `actions/briefs`; what its readers see is made of `document` in `briefing`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BriefState(models.TextChoices):
    """Where a brief stands. Nothing leaves the house before it is signed; what is signed never changes."""

    DRAFT = "draft", pgettext_lazy("brief", "Draft")
    EDITING = "editing", pgettext_lazy("brief", "Being edited")
    SIGNED = "signed", pgettext_lazy("brief", "Signed")
    SENT = "sent", pgettext_lazy("brief", "Sent")
    DISCARDED = "discarded", pgettext_lazy("brief", "Discarded")


OPEN = (BriefState.DRAFT, BriefState.EDITING)
FROZEN = (BriefState.SIGNED, BriefState.SENT)


def brief_state_choices() -> list[tuple[str, str]]:
    """The states of a brief, for forms."""
    return [(str(value), str(label)) for value, label in BriefState.choices]


def outcome_choices() -> list[tuple[str, str]]:
    """What became of a delivery; empty while it is on its way."""
    return [("sent", str(_("sent"))), ("refused", str(_("refused"))), ("uncertain", str(_("uncertain")))]


def brief_languages() -> list[tuple[str, str]]:
    """Languages of briefs, each by its own name."""
    return [("vi", "Tiếng Việt"), ("en", "English")]


class Brief(models.Model):
    """One brief. It has a number from its signature on; a correction has that of what it corrects, and a revision."""

    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveSmallIntegerField(default=0)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.TextField(blank=True)  # what a correction corrects, or why a draft was discarded

    state = models.CharField(max_length=10, choices=brief_state_choices, default=BriefState.DRAFT)
    as_of = models.DateTimeField()
    since = models.DateTimeField()
    drafting_key = models.CharField(max_length=80, null=True, blank=True, unique=True)  # one draft a schedule and day
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made = models.JSONField()  # as the engine's brief has it; never changed
    made_digest = models.CharField(max_length=64)
    follow_up = models.JSONField(default=list)  # what was done about the issues of the brief before

    edits = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)  # counts changes, so that nobody overwrites another unseen
    edited_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)

    document = models.JSONField(null=True, blank=True)  # exactly what was signed
    fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of `document`
    signed_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True)  # number, labels and the lead without diacritics
    is_sample = models.BooleanField(default=False)

    class Meta:
        """Rules that a row must keep, and what is looked up often."""

        constraints = (
            models.UniqueConstraint(fields=["year", "sequence", "revision"], name="brief_number_once"),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False) & ~Q(state="discarded"),
                name="brief_corrected_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "editing", "discarded"], signed_at=None, document__isnull=True, year=None
                )
                | (
                    Q(state__in=["signed", "sent"], signed_at__isnull=False, signed_by__isnull=False)
                    & Q(document__isnull=False, year__isnull=False, sequence__isnull=False)
                    & ~Q(fingerprint="")
                ),
                name="brief_frozen_with_its_signature",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="brief_sent_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["-as_of", "-id"], name="brief_newest"),
            models.Index(fields=["state", "-signed_at"], name="brief_by_state"),
        )

    def __str__(self) -> str:
        """Its number, or the time of the draft."""
        return self.number or f"{self.as_of:%Y-%m-%d %H:%M}"

    @property
    def number(self) -> str:
        """The number within its year, "12/2026"; empty before the signature. The revision is told beside it."""
        return f"{self.sequence}/{self.year}" if self.sequence else ""

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in OPEN

    @property
    def is_frozen(self) -> bool:
        """Whether it was signed."""
        return self.state in FROZEN


class BriefReader(models.Model):
    """Who gets the briefs: a person of the centre, or an address of somebody else."""

    person = models.ForeignKey(
        "network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="brief_readings"
    )
    email = models.EmailField(blank=True)  # of a reader who has no log-in
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, choices=brief_languages, default="vi")
    wants_pdf = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Rules that a row must keep."""

        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, email="") | (Q(person=None) & ~Q(email="")),
                name="brief_reader_is_person_or_address",
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(person__isnull=False), name="brief_reader_once"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="brief_address_once"),
        )

    def __str__(self) -> str:
        """Who it is."""
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name, or the address of somebody without one."""
        return self.person.name if self.person else self.name or self.email

    @property
    def address(self) -> str:
        """Where to write to; a person's own address, as it is now."""
        return self.person.email if self.person else self.email


class BriefDelivery(models.Model):
    """A brief on its way to one address, by its key in the outbox, and what became of it."""

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="deliveries")
    reader = models.ForeignKey(BriefReader, on_delete=models.PROTECT, related_name="deliveries")
    address = models.EmailField()
    language = models.CharField(max_length=5, choices=brief_languages)
    has_pdf = models.BooleanField()
    key = models.CharField(max_length=200, unique=True)
    queued_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=outcome_choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Each reader once a brief; what is on its way is looked through again and again."""

        constraints = (models.UniqueConstraint(fields=["brief", "address"], name="brief_once_an_address"),)
        indexes = (models.Index(fields=["id"], condition=Q(outcome=""), name="brief_on_its_way"),)

    def __str__(self) -> str:
        """Which brief to whom."""
        return f"{self.brief_id} → {self.address}"


class BriefSchedule(models.Model):
    """At which time of which days a draft is made; the clock is that of the house."""

    at = models.TimeField()
    days = models.JSONField(default=list)  # 0 is Monday
    hours = models.PositiveSmallIntegerField(default=24)  # the period that the brief is about
    is_enabled = models.BooleanField(default=True)
    enabled_at = models.DateTimeField()  # hours before this are not made up for
    made_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """One for each time of the day."""

        constraints = (models.UniqueConstraint(fields=["at"], name="brief_schedule_once_an_hour"),)

    def __str__(self) -> str:
        """Its time."""
        return f"{self.at:%H:%M}"
