"""Sending a signed brief to its readers: each address at most once, and once more only where a person says so."""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs import letters
from nhipcau.issues.actions.briefs.errors import BriefAltered, BriefHasMoved, BriefNotYours
from nhipcau.issues.briefing.pdf import pdf_of
from nhipcau.issues.briefing.view import view_of
from nhipcau.issues.models import Brief, BriefDelivery, BriefReader, BriefState
from nhipcau.issues.models.briefs import FROZEN
from nhipcau.issues.queries.briefs import document_of, is_intact, signature_of
from nhipcau.network.actions import webhooks
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.running import mail
from nhipcau.running.mail import Attachment, NewMail, queue_mails

FOLDER = "briefs"


def send_brief(*, by: Person, brief: Brief, at: datetime | None = None) -> Brief:
    """Somebody who works on briefs sends a signed one to its readers; a correction also to who got what it corrects.

    A sample is sent to nobody.
    """
    if not may_work_on_briefs(by):
        raise BriefNotYours
    if brief.state != BriefState.SIGNED or brief.corrections.filter(state__in=FROZEN).exists():
        raise BriefHasMoved(state=brief.state)
    if not is_intact(brief):
        raise BriefAltered
    readers = [] if brief.is_sample else readers_of(brief)
    parts = {lang: _Parts(brief, lang, has_pdf=has_pdf) for lang, has_pdf in _wanted(readers).items()}
    now = at or timezone.now()
    with transaction.atomic():
        signed = Brief.objects.filter(pk=brief.pk, state=BriefState.SIGNED, fingerprint=brief.fingerprint)
        if signed.update(state=BriefState.SENT, sent_by=by, sent_at=now) != 1:
            raise BriefHasMoved(state=Brief.objects.only("state").get(pk=brief.pk).state)
        deliveries = [
            BriefDelivery(
                brief=brief,
                reader=reader,
                address=reader.address,
                language=reader.language,
                has_pdf=reader.wants_pdf,
                key=letters.key_of("brief", brief, reader.address),
                queued_at=now,
            )
            for reader in readers
        ]
        BriefDelivery.objects.bulk_create(deliveries)
        queue_mails([parts[one.language].mail_to(one) for one in deliveries])
        values = {"number": brief.number, "revision": brief.revision, "mails": len(deliveries)}
        record(by=by, action="brief.sent", of=brief, values=values)
        if not brief.is_sample:
            said = {"brief": brief.pk, "number": brief.number, "corrects": brief.corrects_id}
            webhooks.tell_all([("brief.sent", said)], at=now)
    brief.state, brief.sent_by, brief.sent_at = BriefState.SENT, by, now
    return brief


def readers_of(brief: Brief) -> list[BriefReader]:
    """Give who gets a brief, each address once: the readers of now, and who got what it corrects."""
    readers = BriefReader.objects.filter(is_active=True)
    if brief.corrects_id:
        readers |= BriefReader.objects.filter(deliveries__brief=brief.corrects_id)
    found: dict[str, BriefReader] = {}
    for reader in readers.select_related("person").order_by("pk").distinct():
        if reader.person is None or reader.person.is_active:
            found.setdefault(reader.address.casefold(), reader)
    return list(found.values())


def send_delivery_again(*, by: Person, delivery: BriefDelivery) -> None:
    """Somebody who works on briefs sends one that was refused, or of which nobody knows, once more."""
    if not may_work_on_briefs(by):
        raise BriefNotYours
    with transaction.atomic():
        stuck = BriefDelivery.objects.filter(pk=delivery.pk, outcome__in=["refused", "uncertain"])
        if stuck.update(outcome="", outcome_at=None) != 1 or not mail.send_again(key=delivery.key):
            raise BriefHasMoved(state=delivery.brief.state)
        values = {"number": delivery.brief.number, "address": delivery.address}
        record(by=by, action="brief.sent-again", of=delivery.brief, values=values)


def _wanted(readers: list[BriefReader]) -> dict[str, bool]:
    """Give the languages that are needed, and whether somebody wants the PDF in it."""
    wanted: dict[str, bool] = {}
    for reader in readers:
        wanted[reader.language] = wanted.get(reader.language, False) or reader.wants_pdf
    return wanted


class _Parts:
    """What goes out in one language, rendered once."""

    def __init__(self, brief: Brief, lang: str, *, has_pdf: bool) -> None:
        view = view_of(document_of(brief), lang=lang, signature=signature_of(brief))
        page = settings.PUBLIC_URL + reverse("brief", args=[brief.pk])
        self.subject, self.text, self.html = letters.words_of_mail(view, page=page)
        self.attachment = _kept(brief, lang, pdf_of(view, made_at=brief.signed_at or brief.as_of)) if has_pdf else None

    def mail_to(self, delivery: BriefDelivery) -> NewMail:
        """Give the mail to one reader."""
        attachments = [self.attachment] if self.attachment and delivery.has_pdf else []
        return NewMail(
            to=delivery.address,
            subject=self.subject,
            text=self.text,
            html=self.html,
            key=delivery.key,
            attachments=attachments,
        )


def _kept(brief: Brief, lang: str, content: bytes) -> Attachment:
    """Keep a PDF in the data folder, whole or not at all; the same brief has the same file."""
    digest = sha256(content).hexdigest()
    name = f"{FOLDER}/{brief.year}/{digest[:32]}.pdf"
    path = Path(settings.DATA_FOLDER) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    return Attachment(name=file_name(brief, lang), content_type="application/pdf", file=name, sha256=digest)


def file_name(brief: Brief, lang: str, ending: str = "pdf") -> str:
    """Name a file of a brief as people would: ban-tin-du-luan-12-2026.pdf."""
    title = "brief" if lang == "en" else "ban-tin-du-luan"
    number = f"{brief.sequence}-{brief.year}" if brief.sequence else f"{brief.as_of:%Y-%m-%d}-{brief.pk}"
    revision = f"-{'revision' if lang == 'en' else 'sua-doi'}-{brief.revision}" if brief.revision else ""
    return f"{title}-{number}{revision}.{ending}"
