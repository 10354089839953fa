"""Offices: the list of a day, and one."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from nhipcau.api import cursors
from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.offices import OfficeOut, OfficePage, offices_out
from nhipcau.api.shapes.text import Code, Day, Word
from nhipcau.network.access.offices import visible_offices
from nhipcau.network.queries.offices import search

router = Router(tags=["offices"])
LIST = "offices"


@router.get("/offices", response=OfficePage, url_name="offices", operation_id="offices", summary="Offices of a day")
def offices(
    request: HttpRequest,
    on: Day | None = None,
    kind: Literal["", "hub", "area", "department", "point"] = "",
    area: Word = "",
    words: Word = "",
    limit: cursors.Limit = 100,
    cursor: cursors.Cursor = "",
) -> OfficePage:
    """The offices that one may see and that are there on a day (today where none is given), by code.

    `area` is the code of an area; `words` are looked for in codes and names, signs and capitals do not matter.
    """
    day = on or timezone.localdate()
    found = search(visible_offices(person_of(request)), on=day, words=words, kind=kind, area=area)
    after = cursors.read(cursor, of=LIST)
    if after is not None:
        found = found.filter(code__gt=after)
    rows = list(found.order_by("code").prefetch_related("routes")[: limit + 1])
    page, has_more = cursors.cut(rows, limit=limit)
    following = cursors.written(page[-1].code, of=LIST) if has_more else None
    return OfficePage(items=offices_out(page, on=day), next=following)


@router.get("/offices/{code}", response=OfficeOut, url_name="office", operation_id="office", summary="One office")
def office(request: HttpRequest, code: Code, on: Day | None = None) -> OfficeOut:
    """An office by its code, as of a day; those that are closed then are found too."""
    found = list(visible_offices(person_of(request)).filter(code=code).prefetch_related("routes"))
    if not found:
        raise Http404
    return offices_out(found, on=on or timezone.localdate())[0]
