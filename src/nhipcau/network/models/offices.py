"""Offices and points, their dated places in the tree, how they are reached, saved groups, and days off.

Only data and what one row can hold; who may write is in `actions/offices`, trees as of a day in `queries/offices`.
A span of days holds from `from_on` and ends before `until_on`; a link without `until_on` holds until further notice.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class OfficeKind(models.TextChoices):
    """What an office is in the network; an area is a coordination group, no level of the administration."""

    HUB = "hub", _("hub")
    AREA = "area", _("area")
    DEPARTMENT = "department", _("department")
    POINT = "point", _("point")


class LinkKind(models.TextChoices):
    """Who an office answers to, and which areas coordinate it."""

    PARENT = "parent", _("answers to")
    AREA = "area", _("coordinated by")


class SuccessionKind(models.TextChoices):
    """What became of an office."""

    MERGED = "merged", _("merged into")
    SPLIT = "split", _("split into")
    RENAMED = "renamed", _("renamed")
    ABOLISHED = "abolished", _("abolished")


class RouteKind(models.TextChoices):
    """By what an office is reached."""

    PHONE = "phone", _("telephone")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    ZALO = "zalo", _("Zalo")
    RADIO = "radio", _("radio")
    ADDRESS = "address", _("address")


class DayKind(models.TextChoices):
    """How a day differs from what the week says."""

    OFF = "off", _("day off")
    WORKING = "working", _("working day")


def office_kinds() -> list[tuple[str, Any]]:
    """Kinds of offices; a callable, so that a new kind makes no migration."""
    return OfficeKind.choices


def link_kinds() -> list[tuple[str, Any]]:
    """Kinds of links between offices."""
    return LinkKind.choices


def succession_kinds() -> list[tuple[str, Any]]:
    """Kinds of successions."""
    return SuccessionKind.choices


def route_kinds() -> list[tuple[str, Any]]:
    """Kinds of contact routes."""
    return RouteKind.choices


def day_kinds() -> list[tuple[str, Any]]:
    """Kinds of special days."""
    return DayKind.choices


class Office(models.Model):
    """An office of the network: the hub, an area, a department or a point."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=16, choices=office_kinds, db_index=True)
    place_code = models.CharField(max_length=8, blank=True, default="", db_index=True)
    """The official code of the province or commune that it serves, as the engine's list of places has it."""
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True)
    """Codes of the languages that it serves people in, the first being its own."""
    working_hours = models.JSONField(null=True, blank=True)
    """Seven lists of ["07:30", "11:30"] spans, Monday first; nothing means the hours of the office above."""
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    """The first day on which it is no longer there."""
    is_sample = models.BooleanField(default=False)
    search_text = models.CharField(max_length=500, blank=True, default="", editable=False)
    """Code and names in small letters without signs, kept by the actions: what a search looks in."""
    version = models.PositiveIntegerField(default=1)
    """Counts changes, so that two people who edit at once cannot overwrite one another unseen."""

    class Meta:
        """Rules that one office must keep."""

        constraints = (
            models.CheckConstraint(condition=~Q(code=""), name="office_has_code"),
            models.CheckConstraint(condition=~Q(name=""), name="office_has_name"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="office_coordinates_in_range",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="office_closed_after_opened",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="hub", closed_on__isnull=True), name="office_one_open_hub"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """Its name in the language of the reader."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def is_open(self, on: datetime.date) -> bool:
        """Whether the office is there on that day."""
        opened = self.opened_on is None or self.opened_on <= on
        return opened and (self.closed_on is None or on < self.closed_on)


class OfficeLink(models.Model):
    """From one day to another, an office answers to a parent or is coordinated by an area."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="links_up")
    parent = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="links_down")
    kind = models.CharField(max_length=16, choices=link_kinds)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        """Rules that one link must keep."""

        constraints = (
            models.CheckConstraint(condition=~Q(office=F("parent")), name="office_link_not_to_itself"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")), name="office_link_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["office"], condition=Q(kind="parent", until_on__isnull=True), name="office_one_open_parent"
            ),
            models.UniqueConstraint(
                fields=["office", "parent"], condition=Q(kind="area", until_on__isnull=True), name="office_area_once"
            ),
            models.UniqueConstraint(fields=["office", "parent", "kind", "from_on"], name="office_link_once_a_day"),
        )
        indexes = (models.Index(fields=["parent", "kind"], name="office_link_down"),)

    def __str__(self) -> str:
        return f"{self.office_id} {self.kind} {self.parent_id}"


class OfficeSuccession(models.Model):
    """What became of an office on a day: a successor, another name, or nothing."""

    before = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="successions")
    after = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="origins", null=True, blank=True)
    kind = models.CharField(max_length=16, choices=succession_kinds)
    on_date = models.DateField()
    former_name = models.CharField(max_length=200, blank=True, default="")
    former_name_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """Rules that one succession must keep."""

        constraints = (
            models.CheckConstraint(
                condition=(Q(kind="renamed") & Q(after=F("before")) & ~Q(former_name=""))
                | (Q(kind="abolished") & Q(after__isnull=True))
                | (~Q(kind__in=["renamed", "abolished"]) & Q(after__isnull=False) & ~Q(after=F("before"))),
                name="office_succession_fits_kind",
            ),
            models.UniqueConstraint(fields=["before", "after", "kind", "on_date"], name="office_succession_once"),
        )

    def __str__(self) -> str:
        return f"{self.before_id} {self.kind} {self.on_date}"


class ContactRoute(models.Model):
    """A way to reach an office; a lower `order` is tried first."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="routes")
    kind = models.CharField(max_length=16, choices=route_kinds)
    value = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One row for each way; the order is the order of trying."""

        ordering = (
            "order",
            "id",
        )
        constraints = (
            models.CheckConstraint(condition=~Q(value=""), name="contact_route_has_value"),
            models.UniqueConstraint(fields=["office", "kind", "value"], name="contact_route_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class OfficeGroup(models.Model):
    """A saved choice of offices, kept by the office that made it."""

    name = models.CharField(max_length=120)
    owner = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="saved_groups")
    members = models.ManyToManyField(Office, related_name="in_groups", blank=True)

    class Meta:
        """A name is used once by an office."""

        ordering = (
            "name",
            "id",
        )
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="office_group_has_name"),
            models.UniqueConstraint(fields=["owner", "name"], name="office_group_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class SpecialDay(models.Model):
    """A day that an administrator adds: a day off, or a working day in exchange for one."""

    on_date = models.DateField(unique=True)
    kind = models.CharField(max_length=16, choices=day_kinds)
    name = models.CharField(max_length=120)

    class Meta:
        """In the order of the year."""

        ordering = ("on_date",)
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="special_day_has_name"),)

    def __str__(self) -> str:
        return f"{self.on_date} {self.name}"
