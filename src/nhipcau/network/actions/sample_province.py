"""The sample province in the database: offices and people, made once; asked again, it changes nothing.

What it is made of stands in `samplenetwork.py`; directives of the sample are made where directives are.
"""

from __future__ import annotations

import datetime
import itertools

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from nhipcau.network.actions import office_rows as rows
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import CentreExists
from nhipcau.network.models.offices import ContactRoute, Office, OfficeLink
from nhipcau.network.models.people import Deputy, DutyShift, Membership, Person, Role
from nhipcau.network.samplenetwork import HUB_CODE, SINCE, SampleOffice, sample_offices, sample_people

BATCH = 200
DAYS_OF_ROSTER = 15
LOG_INS = {
    "administrator": "quantri.s@hoaigiang.example",
    "leader": "lanhdao.s@hoaigiang.example",
    "analyst": "phantich.s@hoaigiang.example",
    "area officer": "canbo.kv1@hoaigiang.example",
    "officer": "canbo.s0101@hoaigiang.example",
    "auditor": "giamsat.s@hoaigiang.example",
}
"""One log-in for each part that a newcomer may want to play."""


def make_sample_province(*, password: str, now: datetime.datetime | None = None) -> Office:
    """Make the offices, people and roster of the sample; all have the same password. Refused beside a real centre.

    All of it is made in one transaction, so that a sample is whole or not there; a sample that is there is left alone.
    """
    with transaction.atomic():
        hub = Office.objects.filter(code=HUB_CODE, is_sample=True).first()
        if hub is not None:
            return hub
        if Office.objects.exists() or Person.objects.exists():
            raise CentreExists
        wanted = sample_offices()
        Office.objects.bulk_create(
            (Office(**rows.columns_of(one.fields), is_sample=True) for one in wanted), batch_size=BATCH
        )
        offices = Office.objects.in_bulk(field_name="code")
        OfficeLink.objects.bulk_create(_links(wanted, offices), batch_size=BATCH)
        ContactRoute.objects.bulk_create(
            (
                ContactRoute(office=offices[one.fields.code], kind=route.kind, value=route.value, order=order)
                for one in wanted
                for order, route in enumerate(one.fields.routes)
            ),
            batch_size=BATCH,
        )
        count = _people(offices, password=password)
        hub = offices[HUB_CODE]
        _roster(hub, offices["KV2"], now=now or timezone.now())
        record(by=None, action="sample.made", of=hub, values={"offices": len(wanted), "people": count})
    return hub


def _links(wanted: list[SampleOffice], offices: dict[str, Office]) -> list[OfficeLink]:
    links: list[OfficeLink] = []
    for one in wanted:
        parent = offices[one.parent] if one.parent else None
        areas = [offices[area] for area in one.areas]
        links += rows.first_links(offices[one.fields.code], parent=parent, areas=areas, from_on=SINCE)
    return links


def _people(offices: dict[str, Office], *, password: str) -> int:
    """One hash for all: they share the password anyway, and 250 hashes would take a minute."""
    hashed = make_password(password)
    wanted = sample_people()
    people = Person.objects.bulk_create(
        (Person(email=one.email, name=one.name, phone=one.phone, password=hashed) for one in wanted), batch_size=BATCH
    )
    Membership.objects.bulk_create(
        (
            Membership(person=person, office=offices[one.office], role=one.role, from_on=SINCE)
            for person, one in zip(people, wanted, strict=True)
        ),
        batch_size=BATCH,
    )
    return len(people)


def _roster(hub: Office, area: Office, *, now: datetime.datetime) -> None:
    """Analysts of the hub take turns of twelve hours for two weeks; the leader of an area is away for one."""
    analysts = Person.objects.filter(memberships__office=hub, memberships__role=Role.ANALYST).order_by("pk")
    on_duty = itertools.cycle(analysts)
    morning = timezone.localtime(now).replace(hour=7, minute=0, second=0, microsecond=0) - datetime.timedelta(days=1)
    turn = datetime.timedelta(hours=12)
    DutyShift.objects.bulk_create(
        DutyShift(
            office=hub, person=next(on_duty), starts_at=morning + number * turn, ends_at=morning + (number + 1) * turn
        )
        for number in range(DAYS_OF_ROSTER * 2)
    )
    leader = Person.objects.get(memberships__office=area, memberships__role=Role.LEADER)
    officer = Person.objects.get(memberships__office=area, memberships__role=Role.OFFICER)
    today = timezone.localdate(now)
    Deputy.objects.create(person=leader, deputy=officer, from_on=today, until_on=today + datetime.timedelta(days=7))
