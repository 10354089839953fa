"""Adding people, inviting them, and their first password."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from nhipcau.network.access.people import administered_offices, administers
from nhipcau.network.actions.audit import record
from nhipcau.network.actions.people.errors import (
    InvitationRefused,
    NotAdministrator,
    PersonExists,
    PersonInvalid,
)
from nhipcau.network.invitations import InvitationLate, InvitationUnknown, person_in, token_for
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Membership, Person, Role
from nhipcau.running.mail import queue_mail


def add_person(
    *, by: Person, email: str, name: str, office: Office, role: str, phone: str = "", language: str = "vi"
) -> Person:
    """Add somebody with a role at an office of the administrator's, and invite them by e-mail."""
    if not administered_offices(by).filter(pk=office.pk).exists():
        raise NotAdministrator
    email, name = email.strip().lower(), " ".join(name.split())
    check_person(email=email, name=name, phone=phone)
    if role not in Role.values:
        raise PersonInvalid(field="role", problem="unknown")
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email=email, name=name, phone=phone.strip(), language=language)
            Membership.objects.create(person=person, office=office, role=role, from_on=timezone.localdate())
            _queue_invitation(person, by=by)
            values = {"name": name, "office": office.code, "role": role}
            record(by=by, action="person.added", of=person, values=values)
    except IntegrityError:
        raise PersonExists(email=email) from None
    return person


def invite_again(*, by: Person, person: Person) -> None:
    """Send somebody another invitation; earlier ones still open until a password is chosen."""
    if not administers(by, person) or not person.is_active:
        raise NotAdministrator
    with transaction.atomic():
        _queue_invitation(person, by=by)
        record(by=by, action="person.invited", of=person, values={"name": person.name})


def invited(token: str) -> Person:
    """Give whom an address invites; looking changes nothing, so a scanner of mail uses nothing up."""
    try:
        return person_in(token)
    except InvitationLate:
        raise InvitationRefused(problem="late") from None
    except InvitationUnknown:
        raise InvitationRefused(problem="unknown") from None


def accept_invitation(*, token: str, password: str) -> Person:
    """Let the invited person choose their password; from then on the address is worth nothing."""
    person = invited(token)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PersonInvalid(field="password", problem="weak", said=" ".join(error.messages)) from None
    before = person.password
    person.set_password(password)
    with transaction.atomic():
        if not Person.objects.filter(pk=person.pk, password=before).update(password=person.password):
            raise InvitationRefused(problem="unknown")  # the same address was used in this very moment
        record(by=person, action="person.joined", of=person, values={"name": person.name})
    return person


def check_person(*, email: str, name: str, phone: str) -> None:
    """Refuse fields that do not hold."""
    try:
        validate_email(email)
    except ValidationError:
        raise PersonInvalid(field="email", problem="email") from None
    if not name:
        raise PersonInvalid(field="name", problem="missing")
    if len(name) > 150:
        raise PersonInvalid(field="name", problem="too-long")
    if len(phone.strip()) > 30 or not set(phone) <= set("0123456789+ .()-"):
        raise PersonInvalid(field="phone", problem="phone")


def _queue_invitation(person: Person, *, by: Person) -> None:
    address = settings.PUBLIC_URL + reverse("invitation", args=[token_for(person)])
    with translation.override(person.language):
        text = render_to_string("network/people/mail/invitation.txt", {"person": person, "by": by, "address": address})
    subject, _, body = text.strip().partition("\n")
    key = f"invitation-{person.pk}-{secrets.token_hex(6)}"
    queue_mail(to=person.email, subject=subject.strip(), text=body.strip() + "\n", key=key)
