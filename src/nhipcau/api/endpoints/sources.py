"""The register of sources, for those who see what people say; sending voices is in `voices.py`."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from nhipcau.api import cursors
from nhipcau.api.shapes.sources import SourceOut, SourcesPage, source_out
from nhipcau.api.shapes.text import SourceCode
from nhipcau.voices.models.sources import Source

router = Router(tags=["voices"])
LIST = "sources"


@router.get("/sources", response=SourcesPage, url_name="sources", operation_id="sources", summary="Sources")
def sources(request: HttpRequest, limit: cursors.Limit = 200, cursor: cursors.Cursor = "") -> SourcesPage:
    """Where voices come from, by code, and how each is doing; to poll it, send its ETag as If-None-Match."""
    del request
    found = Source.objects.select_related("owner").order_by("code")
    after = cursors.read(cursor, of=LIST)
    if after is not None:
        found = found.filter(code__gt=after)
    page, has_more = cursors.cut(list(found[: limit + 1]), limit=limit)
    following = cursors.written(page[-1].code, of=LIST) if has_more else None
    return SourcesPage(items=[source_out(one) for one in page], next=following)


@router.get("/sources/{code}", response=SourceOut, url_name="source", operation_id="source", summary="One source")
def source(request: HttpRequest, code: SourceCode) -> SourceOut:
    """A source and how it is doing."""
    del request
    return source_out(get_object_or_404(Source.objects.select_related("owner"), code=code))
