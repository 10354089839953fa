"""People, their seats at offices, deputies, and the duty roster: rows and the rules that one row can keep.

Which seats count now is in `queries/seats.py`, who may do what in `access/rights.py`, changes in `actions/people`.
Spans of days hold from `from_on` and end before `until_on`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from nhipcau.running.prepared import Prepared, blank


class Role(models.TextChoices):
    """What a person is at an office."""

    ADMINISTRATOR = "administrator", _("administrator")
    ANALYST = "analyst", _("analyst")
    LEADER = "leader", _("leader")
    OFFICER = "officer", _("officer")
    AUDITOR = "auditor", _("auditor")


class Theme(models.TextChoices):
    """How pages look to a person."""

    SYSTEM = "system", _("as the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


def roles() -> list[tuple[str, Any]]:
    """Roles; a callable, so that a new one makes no migration."""
    return Role.choices


def themes() -> list[tuple[str, Any]]:
    """Themes of pages."""
    return Theme.choices


def languages() -> list[tuple[str, str]]:
    """Languages of pages, each by its own name."""
    return [("vi", "Tiếng Việt"), ("en", "English")]


class People(BaseUserManager["Person"]):
    """Reads and makes people; their address is kept in small letters."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make a person; without a password they cannot log in by one."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get(self, *conditions: Any, **values: Any) -> Person:
        """Find a person; by their key, as each request does, with a query that is compiled once."""
        if conditions or values.keys() != {"pk"}:
            return super().get(*conditions, **values)
        found = _BY_KEY.first(pk=int(values["pk"]))
        if found is None:
            raise Person.DoesNotExist
        return found

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find a person by their address, whatever the case."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who logs in."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150)
    phone = models.CharField(max_length=30, blank=True, default="")
    language = models.CharField(max_length=5, choices=languages, default="vi")
    theme = models.CharField(max_length=10, choices=themes, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    """Counts changes, so that two people who edit at once cannot overwrite one another unseen."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = People()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="person_has_name"),
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
        )
        indexes = (models.Index(fields=["name", "id"], name="person_by_name"),)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, as Django asks for it."""
        return self.name

    def get_short_name(self) -> str:
        """The name, as Django asks for it."""
        return self.name


_BY_KEY = Prepared(lambda: Person.objects.filter(pk=blank("pk")))


class Membership(models.Model):
    """A seat: a role that a person has at an office from one day to another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    office = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=roles)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="seat_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "office", "role"], condition=Q(until_on__isnull=True), name="seat_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.office_id}"


class Deputy(models.Model):
    """From one day to another, a person's seats are also held by somebody else."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in_for")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="deputy_is_another"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="deputy_ends_after_start"),
        )
        indexes = (models.Index(fields=["deputy", "until_on"], name="deputy_of_whom"),)

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.person_id}"


class DutyShift(models.Model):
    """Somebody is on duty at an office for some hours."""

    office = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
            models.UniqueConstraint(fields=["office", "starts_at"], name="shift_once_at_an_hour"),
        )
        indexes = (models.Index(fields=["office", "ends_at"], name="shift_of_office"),)

    def __str__(self) -> str:
        return f"{self.office_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def has_note(self) -> bool:
        """Whether it was handed over; free where `hand_over` was selected with it."""
        return hasattr(self, "hand_over")


class HandOver(models.Model):
    """What whoever goes off duty leaves to whoever comes on: a note, and when it was taken over."""

    shift = models.OneToOneField(DutyShift, on_delete=models.PROTECT, related_name="hand_over")
    note = models.TextField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(note=""), name="hand_over_has_note"),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="hand_over_taken_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.note[:60]
