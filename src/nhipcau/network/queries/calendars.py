"""The working calendars of offices: own hours, else those of the office above, and the days that are stated here.

How clocks count is `worktime.py`; how hours are written is `week.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import holidays
from django.utils import timezone
from django.utils.translation import get_language

from nhipcau.network.models.offices import DayKind, LinkKind, Office, OfficeKind, OfficeLink, SpecialDay
from nhipcau.network.queries.office_tree import holding
from nhipcau.network.week import week_of
from nhipcau.network.worktime import OFFICE_HOURS, Week, WorkingCalendar


def calendar_of(office: Office, *, on: datetime.date | None = None) -> WorkingCalendar:
    """Give the working calendar of one office."""
    return calendars_of([office.pk], on=on)[office.pk]


def calendars_of(office_ids: Iterable[int], *, on: datetime.date | None = None) -> dict[int, WorkingCalendar]:
    """Give the working calendars of offices by their id; the number of queries does not grow with theirs."""
    day = on or timezone.localdate()
    wanted = set(office_ids)
    days_off, days_worked = special_days()
    hours = hours_of(wanted, on=day)
    calendars: dict[Week, WorkingCalendar] = {}
    return {
        number: calendars.setdefault(
            hours[number], WorkingCalendar(week=hours[number], days_off=days_off, days_worked=days_worked)
        )
        for number in wanted
    }


def special_days() -> tuple[frozenset[datetime.date], frozenset[datetime.date]]:
    """Days off and days worked that an administrator has stated."""
    stated = SpecialDay.objects.values_list("on_date", "kind")
    off: set[datetime.date] = set()
    worked: set[datetime.date] = set()
    for day, kind in stated:
        (off if kind == DayKind.OFF else worked).add(day)
    return frozenset(off), frozenset(worked)


def public_days_of(year: int) -> list[tuple[datetime.date, str]]:
    """The public holidays of a year with their names, in the language of the reader."""
    language = "en_US" if get_language() == "en" else "vi"
    return sorted(holidays.country_holidays("VN", years=year, language=language).items())


def hours_of_hub() -> object:
    """What the hub states of its hours, if it does; one query."""
    hub = Office.objects.filter(kind=OfficeKind.HUB, closed_on__isnull=True)
    return hub.values_list("working_hours", flat=True).first()


def hours_of(office_ids: set[int], *, on: datetime.date) -> dict[int, Week]:
    """Give the hours of the week of offices: their own, else the parent's, else the hub's, else `OFFICE_HOURS`."""
    own = dict(Office.objects.filter(pk__in=office_ids).values_list("pk", "working_hours"))
    without = [number for number, stored in own.items() if stored is None]
    parents: dict[int, object] = {}
    hub_hours: object = None
    if without:
        links = holding(OfficeLink.objects.filter(office__in=without, kind=LinkKind.PARENT), on=on)
        parents = dict(links.values_list("office_id", "parent__working_hours"))
        hub_hours = hours_of_hub()
    return {
        number: week_of(stated) if stated is not None else OFFICE_HOURS
        for number in office_ids
        for stated in [next((hours for hours in (own.get(number), parents.get(number), hub_hours) if hours), None)]
    }
