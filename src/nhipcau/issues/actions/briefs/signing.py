"""Signing: who signs has looked at exactly what goes out; from then on it never changes, and it has its number."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from nhipcau.issues.access.briefs import lacks_second_factor, may_sign_briefs
from nhipcau.issues.actions.briefs.errors import (
    BriefAltered,
    BriefHasChanged,
    BriefHasMoved,
    BriefNotYours,
    SecondFactorMissing,
)
from nhipcau.issues.briefing.document import digest_of
from nhipcau.issues.models import Brief, BriefState
from nhipcau.issues.models.briefs import OPEN
from nhipcau.issues.queries.briefs import document_of, is_made_intact, number_for, search_text_of
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.site.errors import DomainError


def sign_brief(*, by: Person, brief: Brief, fingerprint: str, at: datetime | None = None) -> Brief:
    """A leader or an analyst of the hub signs what they looked at (`fingerprint`); nothing leaves by that."""
    if not may_sign_briefs(by):
        raise BriefNotYours
    if lacks_second_factor(by):
        raise SecondFactorMissing
    if not brief.is_open:
        raise BriefHasMoved(state=brief.state)
    if not is_made_intact(brief):
        raise BriefAltered
    try:
        with transaction.atomic():
            _sign(brief, by=by, fingerprint=fingerprint, at=at or timezone.now())
    except IntegrityError as error:  # another brief took the number meanwhile
        raise _what_happened(brief) from error
    return brief


def _what_happened(brief: Brief) -> DomainError:
    """Say why what was looked at cannot be signed: it was signed or discarded, or changed."""
    found = Brief.objects.only("state").get(pk=brief.pk)
    return BriefHasChanged() if found.is_open else BriefHasMoved(state=found.state)


def _sign(brief: Brief, *, by: Person, fingerprint: str, at: datetime) -> None:
    document = document_of(brief)
    if digest_of(document) != fingerprint:
        raise _what_happened(brief)
    year, sequence, revision = number_for(brief)
    fields = {
        "state": BriefState.SIGNED,
        "document": document,
        "fingerprint": fingerprint,
        "year": year,
        "sequence": sequence,
        "revision": revision,
        "signed_by": by,
        "signed_at": at,
        "search_text": search_text_of(document),
    }
    looked_at = Brief.objects.filter(pk=brief.pk, state__in=OPEN, version=brief.version)
    if looked_at.update(**fields) != 1:
        raise _what_happened(brief)
    for name, value in fields.items():
        setattr(brief, name, value)
    values = {"number": brief.number, "revision": revision, "fingerprint": fingerprint}
    record(by=by, action="brief.signed", of=brief, values=values)
