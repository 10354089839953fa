"""E-mails about briefs: that a draft waits for a signature, and the signed brief to its readers.

Always called inside the transaction of what they tell of. The words are in `templates/issues/briefs/mail/`.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from nhipcau.issues.briefing.view import DocumentView
from nhipcau.issues.models import Brief
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import DutyShift, Person
from nhipcau.network.queries.seats import seats_held
from nhipcau.running.mail import NewMail, queue_mails


def tell_of_draft(brief: Brief, *, hub: Office | None, now: datetime) -> int:
    """Tell whoever is on duty at the hub, else its analysts, else its leaders; a sample tells nobody."""
    if brief.is_sample or hub is None:
        return 0
    people = _waited_for(hub, now=now)
    queue_mails([_waits(brief, person) for person in people])
    return len(people)


def _waited_for(hub: Office, *, now: datetime) -> list[Person]:
    shifts = DutyShift.objects.filter(office=hub, starts_at__lte=now, ends_at__gt=now, person__is_active=True)
    on_duty = {shift.person_id: shift.person for shift in shifts.select_related("person").order_by("starts_at")}
    if on_duty:
        return list(on_duty.values())
    seats = seats_held(on=timezone.localdate(now)).filter(office=hub, person__is_active=True).select_related("person")
    for role in ("analyst", "leader"):
        held = {seat.person_id: seat.person for seat in seats.filter(role=role).order_by("pk")}
        if held:
            return list(held.values())
    return []


def _waits(brief: Brief, person: Person) -> NewMail:
    page = settings.PUBLIC_URL + reverse("brief", args=[brief.pk])
    with translation.override(person.language):
        text = render_to_string("issues/briefs/mail/waits.txt", {"brief": brief, "page": page})
    subject, _, body = text.partition("\n")
    return NewMail(
        to=person.email,
        subject=subject.strip(),
        text=body.strip() + "\n",
        key=key_of("brief-waits", brief, person.email),
    )


def key_of(kind: str, brief: Brief, address: str) -> str:
    """Name the intent to tell one address of one brief."""
    return f"{kind}-{brief.pk}-{sha256(address.casefold().encode()).hexdigest()[:16]}"


def words_of_mail(view: DocumentView, *, page: str) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a signed brief, in the language of the view."""
    with translation.override(view.lang):
        text = render_to_string("issues/briefs/mail/brief.txt", {"it": view, "page": page})
        html = html_of(view, page=page)
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n", html


def html_of(view: DocumentView, *, page: str = "") -> str:
    """The brief as one HTML file that needs nothing from outside; what goes out by mail and what is downloaded."""
    with translation.override(view.lang):
        return render_to_string("issues/briefs/mail/brief.html", {"it": view, "page": page})
