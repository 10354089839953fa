"""Founding a centre from the five answers of the first page: once, while there is no office.

Which page may ask, and the key that it needs, is in `access/founding.py`.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.network.actions import office_rows as rows
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.office_errors import CentreExists, OfficeInvalid
from nhipcau.network.actions.offices import check_fields
from nhipcau.network.models.offices import LinkKind, Office, OfficeLink
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.officefields import OfficeFields
from nhipcau.network.places import Place, communes_of, province
from nhipcau.network.regions import by_names, regions
from nhipcau.network.worktime import Week

BATCH = 200
MOST_AREAS = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """Which province; the centre's name; who administers; the areas, by name; when the centre works."""

    province_code: str
    name: str
    name_en: str
    administrator_name: str
    administrator_email: str
    administrator_password: str
    areas: tuple[str, ...]
    working_hours: Week


def found_centre(*, answers: Answers) -> Office:
    """Make the hub, its areas and a point for every commune of the province, and the first administrator.

    Points go to the areas by nearness, about as many to each; this is a start and is changed like any other.
    """
    place = _check(answers)
    communes = communes_of(place.code)
    numbers = _areas_of(communes, answers.areas)
    today = timezone.localdate()
    try:
        with transaction.atomic():
            if Office.objects.exists():
                raise CentreExists
            hub = Office.objects.create(**rows.columns_of(_hub(answers, place)))
            areas = _bulk(_areas(answers, communes, numbers))
            points = _bulk(_point(commune) for commune in communes)
            above = [(office, hub, LinkKind.PARENT) for office in (*areas, *points)]
            if areas:
                coordinated = zip(points, numbers, strict=True)
                above += [(point, areas[number], LinkKind.AREA) for point, number in coordinated]
            OfficeLink.objects.bulk_create(
                (OfficeLink(office=one, parent=parent, kind=kind, from_on=today) for one, parent, kind in above),
                batch_size=BATCH,
            )
            administrator = Person.objects.create_user(
                email=answers.administrator_email,
                password=answers.administrator_password,
                name=answers.administrator_name,
            )
            Membership.objects.create(person=administrator, office=hub, role="administrator", from_on=today)
            values = {"province": place.code, "name": hub.name, "areas": len(areas), "points": len(points)}
            record(by=administrator, action="centre.founded", of=hub, values=values)
    except IntegrityError:
        raise CentreExists from None
    return hub


def _areas_of(communes: Sequence[Place], names: Sequence[str]) -> list[int]:
    """Number of the area of each commune, by nearness, and by what the names of the areas say of north and south."""
    places = [(one.latitude, one.longitude) for one in communes]
    numbers = regions(places, max(1, len(names)))
    members = [[place for place, number in zip(places, numbers, strict=True) if number == one] for one in set(numbers)]
    centres = [(fmean(latitude for latitude, _ in some), fmean(longitude for _, longitude in some)) for some in members]
    if len(centres) != len(names):  # no areas, or more of them than communes
        return numbers
    name_of = {centre: name for name, centre in enumerate(by_names(centres, names))}
    return [name_of[number] for number in numbers]


def _check(answers: Answers) -> Place:
    place = province(answers.province_code)
    if place is None:
        raise OfficeInvalid(field="province", problem="office-unknown", value=answers.province_code)
    check_fields(_hub(answers, place))
    if not answers.administrator_name.strip():
        raise OfficeInvalid(field="administrator_name", problem="missing", value="")
    if len(answers.areas) > MOST_AREAS:
        raise OfficeInvalid(field="areas", problem="too-many", value=str(MOST_AREAS))
    twice = [name for name, count in Counter(answers.areas).items() if count > 1]
    if twice:
        raise OfficeInvalid(field="areas", problem="twice", value=twice[0])
    for number, name in enumerate(answers.areas):
        check_fields(OfficeFields(_area_code(number), name, "area"))
    try:
        validate_email(answers.administrator_email)
    except ValidationError:
        email = answers.administrator_email
        raise OfficeInvalid(field="administrator_email", problem="email-signs", value=email) from None
    try:
        validate_password(
            answers.administrator_password,
            Person(email=answers.administrator_email, name=answers.administrator_name),
        )
    except ValidationError as error:
        problem = f"{error.error_list[0].code}".replace("_", "-")
        raise OfficeInvalid(field="administrator_password", problem=problem, value="") from None
    return place


def _hub(answers: Answers, place: Place) -> OfficeFields:
    return OfficeFields(
        code=f"T{place.code}",
        name=answers.name,
        name_en=answers.name_en,
        kind="hub",
        place_code=place.code,
        latitude=place.latitude,
        longitude=place.longitude,
        languages=("vi",),
        working_hours=answers.working_hours,
    )


def _areas(answers: Answers, communes: Sequence[Place], numbers: Sequence[int]) -> list[OfficeFields]:
    """Areas stand in the middle of their communes."""
    fields = []
    for number, name in enumerate(answers.areas):
        own = [place for place, region in zip(communes, numbers, strict=True) if region == number]
        latitude = round(sum(place.latitude for place in own) / len(own), 3) if own else None
        longitude = round(sum(place.longitude for place in own) / len(own), 3) if own else None
        fields.append(OfficeFields(_area_code(number), name, "area", latitude=latitude, longitude=longitude))
    return fields


def _area_code(number: int) -> str:
    return f"KV{number + 1}"


def _point(commune: Place) -> OfficeFields:
    return OfficeFields(
        code=commune.code,
        name=commune.full_name,
        name_en=commune.name_en,
        kind="point",
        place_code=commune.code,
        latitude=commune.latitude,
        longitude=commune.longitude,
        languages=("vi",),
        opened_on=datetime.date(2025, 7, 1),
    )


def _bulk(fields: Iterable[OfficeFields]) -> list[Office]:
    return Office.objects.bulk_create((Office(**rows.columns_of(one)) for one in fields), batch_size=BATCH)
