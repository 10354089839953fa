"""Briefs as they are shown and signed: the archive, the brief before, the document of one. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from nhipcau.engine.brief.model import Brief as Made
from nhipcau.issues.briefing.document import (
    Correction,
    Document,
    Previous,
    compose,
    digest_of,
    edits_of,
)
from nhipcau.issues.briefing.view import Signature
from nhipcau.issues.models import Brief
from nhipcau.issues.models.briefs import FROZEN, OPEN
from nhipcau.network.queries.command import hub_alone
from nhipcau.network.spelling import folded

A_PAGE = 30
SHOWN = ("all", "waiting", "signed", "discarded")


@dataclass(frozen=True, slots=True)
class BriefPage:
    """One page of the archive."""

    rows: Sequence[Brief]
    number: int
    has_older: bool
    waiting: int


def brief_page(briefs: QuerySet[Brief], *, show: str, words: str, number: int) -> BriefPage:
    """Give a page of the archive, the newest first; two queries. Words find *ngập* by *ngap*, and numbers."""
    waiting = briefs.filter(state__in=OPEN).count()
    chosen = {
        "waiting": briefs.filter(state__in=OPEN),
        "signed": briefs.filter(state__in=FROZEN),
        "discarded": briefs.filter(state="discarded"),
    }.get(show, briefs.exclude(state="discarded"))
    for word in folded(words).split():
        chosen = chosen.filter(search_text__contains=word)
    chosen = chosen.defer("made", "document", "follow_up", "edits")
    start = (number - 1) * A_PAGE
    chosen = chosen.select_related("signed_by", "edited_by").annotate(
        is_replaced=Exists(Brief.objects.filter(corrects=OuterRef("pk"), state__in=FROZEN))
    )
    found = list(chosen.order_by("-as_of", "-revision", "-id")[start : start + A_PAGE + 1])
    return BriefPage(found[:A_PAGE], number, len(found) > A_PAGE, waiting)


def newest_correction(brief: Brief) -> Brief | None:
    """Give the correction of a brief, signed or not; a discarded one does not count."""
    return brief.corrections.exclude(state="discarded").defer("made", "document").first()


def brief_before(brief: Brief) -> Brief | None:
    """Give the last signed brief of an earlier time, in its newest revision."""
    replaced = Brief.objects.filter(corrects=OuterRef("pk"), state__in=FROZEN)
    earlier = Brief.objects.filter(as_of__lt=brief.as_of, state__in=FROZEN, is_sample=brief.is_sample)
    return earlier.exclude(Exists(replaced)).order_by("-as_of", "-revision", "-id").first()


def is_made_intact(brief: Brief) -> bool:
    """Whether the draft is what the software made."""
    return digest_of(brief.made) == brief.made_digest


def is_intact(brief: Brief) -> bool:
    """Whether a signed brief is what was signed."""
    return brief.document is not None and digest_of(brief.document) == brief.fingerprint


def document_of(brief: Brief) -> Document:
    """Give what was signed; before that, what would be if it were signed now, with the number that it would get."""
    if brief.document is not None:
        return cast("Document", brief.document)
    year, sequence, revision = number_for(brief)
    before = brief_before(brief)
    hub = hub_alone().hub
    return compose(
        made=cast("Made", brief.made),
        edits=edits_of(brief.edits),
        office=hub.name if hub else "",
        office_en=hub.name_en if hub else "",
        number=f"{sequence}/{year}",
        revision=revision,
        corrects=_correction(brief),
        drafted_at=_iso(brief.drafted_at),
        drafted_by=brief.drafted_by.name if brief.drafted_by else "",
        edited_by=brief.edited_by.name if brief.edited_by else "",
        previous=_previous(before),
        follow_up=brief.follow_up,
        is_sample=brief.is_sample,
    )


def number_for(brief: Brief) -> tuple[int, int, int]:
    """Give the year, the number and the revision that a brief has, or would get now."""
    if brief.year and brief.sequence:
        return brief.year, brief.sequence, brief.revision
    if brief.corrects and brief.corrects.year and brief.corrects.sequence:
        return brief.corrects.year, brief.corrects.sequence, brief.corrects.revision + 1
    year = timezone.localtime(brief.as_of).year
    last = Brief.objects.filter(year=year).aggregate(last=Max("sequence"))["last"] or 0
    return year, last + 1, 0


def _correction(brief: Brief) -> Correction | None:
    if brief.corrects is None:
        return None
    corrected = brief.corrects
    return {"fingerprint": corrected.fingerprint, "revision": corrected.revision, "reason": brief.reason}


def _previous(before: Brief | None) -> Previous | None:
    if before is None or before.document is None:
        return None
    names = ("id", "label", "heat", "voices", "level")
    issues = [{name: issue[name] for name in names} for issue in before.document["brief"]["issues"]]
    return {"number": before.number, "revision": before.revision, "as_of": _iso(before.as_of), "issues": issues}


def signature_of(brief: Brief) -> Signature | None:
    """Give who signed it and when."""
    if brief.signed_by is None or brief.signed_at is None:
        return None
    return Signature(brief.signed_by.name, brief.signed_at, brief.fingerprint)


def search_text_of(document: Document) -> str:
    """Give what a brief is found by."""
    labels = [issue["label"] for issue in document["brief"]["issues"]]
    day = (document["brief"]["as_of"] or "")[:10]
    dates = [day, "/".join(reversed(day.split("-")))]
    return folded(document["number"], *dates, document["lead"], *document["remarks"].values(), *labels)


def _iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
