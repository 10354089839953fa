"""Who gets the briefs: added, changed, stopped and let in again by whoever works on briefs."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs.errors import BriefInvalid, BriefNotYours
from nhipcau.issues.models import BriefReader
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person

MOST_READERS = 500


def add_reader(
    *, by: Person, person: Person | None, email: str, name: str, language: str, wants_pdf: bool
) -> BriefReader:
    """Somebody who works on briefs adds a reader: a person of the centre, or the address of somebody else."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    email, name = email.strip().lower(), " ".join(name.split())
    if (person is None) == (not email):
        raise BriefInvalid(field="email", problem="one_of", limit=0)
    if language not in ("vi", "en"):
        raise BriefInvalid(field="language", problem="unknown", limit=0)
    if len(name) > 150:
        raise BriefInvalid(field="name", problem="too_long", limit=150)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise BriefInvalid(field="email", problem="address", limit=0) from error
    if BriefReader.objects.filter(is_active=True).count() >= MOST_READERS:
        raise BriefInvalid(field="", problem="many_readers", limit=MOST_READERS)
    try:
        with transaction.atomic():
            reader = BriefReader.objects.create(
                person=person,
                email=email,
                name="" if person else name,
                language=language,
                wants_pdf=wants_pdf,
                added_at=timezone.now(),
                added_by=by,
            )
            values = {"reader": reader.shown_name, "address": reader.address}
            record(by=by, action="brief-reader.added", of=reader, values=values)
    except IntegrityError as error:
        raise BriefInvalid(field="email", problem="twice", limit=0) from error
    return reader


def switch_reader(*, by: Person, reader: BriefReader, is_active: bool) -> None:
    """Somebody who works on briefs stops a reader's briefs, or lets them go out again; asked again, nothing changes."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    with transaction.atomic():
        if BriefReader.objects.filter(pk=reader.pk, is_active=not is_active).update(is_active=is_active) != 1:
            return
        action = "brief-reader.resumed" if is_active else "brief-reader.stopped"
        record(by=by, action=action, of=reader, values={"reader": reader.shown_name, "address": reader.address})
    reader.is_active = is_active
