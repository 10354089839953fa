"""Signed briefs, for those who see what people say; drafts are the house's own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from nhipcau.api import cursors
from nhipcau.api.shapes.briefs import BriefOut, BriefsPage, brief_out, brief_short
from nhipcau.issues.models.briefs import FROZEN, Brief

router = Router(tags=["briefs"])
LIST = "briefs"


def _signed() -> QuerySet[Brief]:
    return Brief.objects.filter(state__in=FROZEN).select_related("signed_by")


@router.get("/briefs", response=BriefsPage, url_name="briefs", operation_id="briefs", summary="Briefs")
def briefs(request: HttpRequest, limit: cursors.Limit = 50, cursor: cursors.Cursor = "") -> BriefsPage:
    """Signed briefs, the newest first; a correction stands beside what it corrects."""
    del request
    found = _signed()
    before = cursors.read(cursor, of=LIST)
    if before is not None:
        found = found.filter(pk__lt=before)
    page, has_more = cursors.cut(list(found.order_by("-pk")[: limit + 1]), limit=limit)
    following = cursors.written(page[-1].pk, of=LIST) if has_more else None
    return BriefsPage(items=[brief_short(one) for one in page], next=following)


@router.get("/briefs/{int:brief_id}", response=BriefOut, url_name="brief", operation_id="brief", summary="One brief")
def brief(request: HttpRequest, brief_id: int) -> BriefOut:
    """A signed brief with exactly what was signed; its fingerprint is that of the document."""
    del request
    return brief_out(get_object_or_404(_signed(), pk=brief_id))
