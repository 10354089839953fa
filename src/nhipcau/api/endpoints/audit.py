"""The audit log, for those who may read it."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from nhipcau.api import cursors
from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.audit import RecordsPage, record_out
from nhipcau.api.shapes.text import Day, Word
from nhipcau.network.access.offices import visible_offices
from nhipcau.network.queries.audit import Asked, audit_page

router = Router(tags=["audit log"])
LIST = "audit-records"


@router.get(
    "/audit-records",
    response=RecordsPage,
    url_name="audit-records",
    operation_id="audit-records",
    summary="Records of the audit log",
)
def audit_records(
    request: HttpRequest,
    office: Word = "",
    action: Word = "",
    kind: Word = "",
    number: Word = "",
    from_on: Day | None = None,
    until_on: Day | None = None,
    cursor: cursors.Cursor = "",
) -> RecordsPage:
    """Fifty records a page, the newest first; `kind` and `number` name an object, `until_on` is included."""
    # who may read the log reads all of it
    office_id = get_object_or_404(visible_offices(person_of(request)), code=office).pk if office else None
    asked = Asked(
        office_id=office_id,
        action=action,
        kind=kind,
        number=number,
        from_on=from_on,
        until_on=until_on,
        before=cursors.read(cursor, of=LIST),
    )
    page = audit_page(asked)
    following = cursors.written(page.older_than, of=LIST) if page.older_than is not None else None
    return RecordsPage(items=[record_out(record) for record in page.records], next=following)
