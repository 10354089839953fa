"""A directive at one unit: reading it, moving it, handing in evidence. What those above it do: `overseeing.py`."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Annotated, Any, Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router, UploadedFile

from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.recipients import EvidenceIn, LinkIn, MoveIn, RecipientDetail, detail_out
from nhipcau.api.shapes.text import Reason
from nhipcau.network.access.tasks import visible_recipients
from nhipcau.network.actions.tasks import moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.network.queries.board import tiles_of
from nhipcau.network.queries.tasks import recipient_page
from nhipcau.network.taskstates import Route

router = Router(tags=["recipients"])
MOVES: Final[dict[str, Callable[[Person, TaskRecipient, MoveIn], Any]]] = {
    "acknowledge": lambda by, one, asked: acknowledge_task(
        by=by, recipient=one, version=asked.version, route=Route.API
    ),
    "accept": lambda by, one, _asked: moves.accept_task(by=by, recipient=one, route=Route.API),
    "return": lambda by, one, asked: moves.return_task(by=by, recipient=one, reason=asked.reason, route=Route.API),
    "start": lambda by, one, _asked: moves.start_task(by=by, recipient=one, route=Route.API),
    "verify": lambda by, one, _asked: moves.verify_evidence(by=by, recipient=one, route=Route.API),
    "send_back": lambda by, one, asked: moves.send_evidence_back(
        by=by, recipient=one, reason=asked.reason, route=Route.API
    ),
    "close": lambda by, one, _asked: moves.close_task(by=by, recipient=one, route=Route.API),
    "withdraw": lambda by, one, asked: moves.withdraw_from(by=by, recipient=one, reason=asked.reason, route=Route.API),
}


@router.get(
    "/recipients/{int:recipient_id}",
    response=RecipientDetail,
    url_name="recipient",
    operation_id="recipient",
    summary="A directive at one unit",
)
def recipient(request: HttpRequest, recipient_id: int) -> RecipientDetail:
    """Where it stands, and the evidence. Reading it here does not mark it as opened."""
    return detail(person_of(request), recipient_id)


@router.post(
    "/recipients/{int:recipient_id}/moves",
    response=RecipientDetail,
    url_name="recipient-moves",
    operation_id="move-recipient",
    summary="Move a directive at one unit",
)
def move(request: HttpRequest, recipient_id: int, body: MoveIn) -> RecipientDetail:
    """Make one move; each belongs to the unit, to an office above it, or to the issuer, as on the pages.

    409 says that it is in another state by now. Acknowledging twice is one acknowledgement and no error.
    """
    person = person_of(request)
    MOVES[body.move](person, visible(person, recipient_id), body)
    return detail(person, recipient_id)


@router.post(
    "/recipients/{int:recipient_id}/evidence",
    response=RecipientDetail,
    url_name="recipient-evidence",
    operation_id="submit-evidence",
    summary="Hand in links and numbers",
)
def evidence(request: HttpRequest, recipient_id: int, body: EvidenceIn) -> RecipientDetail:
    """Show what was done, by links and numbers; somebody else verifies it."""
    person = person_of(request)
    items = [
        Item("link", url=one.url, note=one.note)
        if isinstance(one, LinkIn)
        else Item("count", count=one.count, note=one.note)
        for one in body.items
    ]
    submit_evidence(by=person, recipient=visible(person, recipient_id), items=items, note=body.note, route=Route.API)
    return detail(person, recipient_id)


@router.post(
    "/recipients/{int:recipient_id}/files",
    response=RecipientDetail,
    url_name="recipient-files",
    operation_id="submit-files",
    summary="Hand in photos and documents",
)
def files(
    request: HttpRequest,
    recipient_id: int,
    files: Annotated[list[UploadedFile], File(description="Photos (JPEG, PNG, WebP) and documents")],
    note: Annotated[Reason, Form("")] = "",
) -> RecipientDetail:
    """Show what was done, by photos and documents; photos are written anew without where and when they were taken."""
    person = person_of(request)
    items = [
        Item(
            "photo" if (file.content_type or "").startswith("image/") else "document",
            name=file.name or "",
            stream=BytesIO(file.read()),
        )
        for file in files
    ]
    submit_evidence(by=person, recipient=visible(person, recipient_id), items=items, note=note, route=Route.API)
    return detail(person, recipient_id)


def visible(person: Person, recipient_id: int) -> TaskRecipient:
    """One recipient that the person may see."""
    return get_object_or_404(visible_recipients(person).select_related("task", "office"), pk=recipient_id)


def detail(person: Person, recipient_id: int) -> RecipientDetail:
    """How a directive stands at one unit now."""
    recipients = visible_recipients(person).select_related("submitted_by", "verified_by")
    found, now = get_object_or_404(recipients, pk=recipient_id), timezone.now()
    tile = tiles_of(visible_recipients(person).filter(pk=found.pk), now=now)[0]
    return detail_out(tile, recipient_page(found, now=now))
