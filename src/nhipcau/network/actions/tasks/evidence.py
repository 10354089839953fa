"""Handing in evidence: photos, documents, links and counts, checked before anything is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from nhipcau.network.actions.audit import record
from nhipcau.network.actions.tasks import clocks, files, letters
from nhipcau.network.actions.tasks.errors import EvidenceMissing, EvidenceRefused
from nhipcau.network.actions.tasks.moves import Actor, demand, step
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_files import Evidence
from nhipcau.network.models.tasks import RecipientEvent, TaskRecipient
from nhipcau.network.taskfiles import CheckedFile, FileRefused, check_document, check_photo
from nhipcau.network.taskstates import MOVES, Route

MOST_ITEMS = 12
LARGEST_COUNT = 100_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One piece as it was handed in: a stream with its name for photo and document, else a value."""

    kind: str
    name: str = ""
    stream: BinaryIO | None = None
    url: str = ""
    count: int | None = None
    note: str = ""


def submit_evidence(
    *,
    by: Person,
    recipient: TaskRecipient,
    items: Sequence[Item],
    note: str = "",
    at: datetime | None = None,
    route: Route = Route.LOG_IN,
) -> RecipientEvent:
    """A person of the unit shows what was done; those above it are told. Somebody else verifies it."""
    move = MOVES["submit"]
    demand(by, recipient, move)
    if not items:
        raise EvidenceMissing
    if len(items) > MOST_ITEMS:
        raise EvidenceRefused(item=MOST_ITEMS + 1, problem="too_many", limit=MOST_ITEMS)
    checked = [_check(item, number=number) for number, item in enumerate(items, start=1)]
    now = at or timezone.now()
    with files.kept([(item.name, file) for item, file in zip(items, checked, strict=True) if file]) as kept:
        left = iter(kept)
        with transaction.atomic():
            event = step(
                recipient,
                move,
                actor=Actor(by, route),
                at=now,
                reason=note.strip(),
                submitted_by=by,
                verified_by=None,
            )
            for item, file in zip(items, checked, strict=True):
                Evidence.objects.create(
                    recipient=recipient,
                    kind=item.kind,
                    file=files.row_for(next(left), by=by, at=now) if file else None,
                    url=item.url.strip(),
                    count=item.count,
                    note=item.note.strip()[:500],
                    at=now,
                    by=by,
                )
            clocks.follow(recipient, at=now)
            letters.tell_of_move(event, recipient=recipient)
            values = {
                "task": recipient.task_id,
                "office": recipient.office.code,
                "from": event.from_state,
                "evidence": [item.kind for item in items],
                "sha256": [file.sha256 for file in checked if file],
            }
            record(by=by, action="task.submit", of=recipient, values=values)
    return event


def _check(item: Item, *, number: int) -> CheckedFile | None:
    if item.kind in ("photo", "document"):
        if item.stream is None:
            raise EvidenceRefused(item=number, problem="empty")
        try:
            return check_photo(item.stream) if item.kind == "photo" else check_document(item.stream)
        except FileRefused as refusal:
            raise EvidenceRefused(item=number, problem=refusal.code, name=item.name, **refusal.values) from refusal
    if item.kind == "link":
        try:
            parts = urlsplit(item.url.strip())
        except ValueError as error:
            raise EvidenceRefused(item=number, problem="bad_link") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or len(item.url) > 500:
            raise EvidenceRefused(item=number, problem="bad_link")
        return None
    if item.kind == "count":
        if item.count is None or not 0 <= item.count <= LARGEST_COUNT:
            raise EvidenceRefused(item=number, problem="bad_count", limit=LARGEST_COUNT)
        return None
    raise EvidenceRefused(item=number, problem="unknown_evidence")
