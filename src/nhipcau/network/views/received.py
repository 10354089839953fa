"""A unit's own pages: what it received, one directive with its buttons, and the moves that the buttons make.

The page of one directive at one unit also serves those above it: each sees the buttons that are theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from nhipcau.network.access.tasks import recipient_for, standing_of
from nhipcau.network.actions.mail import may_send_again
from nhipcau.network.actions.tasks import moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_for, acknowledge_task
from nhipcau.network.actions.tasks.clocks import pause_clocks, resume_clocks
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.actions.tasks.issuing import send_task_again
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import TaskRecipient
from nhipcau.network.queries.tasks import attachments_of, earlier_versions, is_outdated, recipient_page
from nhipcau.network.queries.tasks import received as received_lists
from nhipcau.network.taskstates import MOVES, SETTLED, UNACKNOWLEDGED
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

Given = dict[str, str]
_MOVES: dict[str, Callable[[Person, TaskRecipient, Given], Any]] = {
    "acknowledge": lambda by, one, given: acknowledge_task(by=by, recipient=one, version=_number(given["version"])),
    "accept": lambda by, one, given: moves.accept_task(by=by, recipient=one),
    "return": lambda by, one, given: moves.return_task(by=by, recipient=one, reason=given["reason"]),
    "start": lambda by, one, given: moves.start_task(by=by, recipient=one),
    "verify": lambda by, one, given: moves.verify_evidence(by=by, recipient=one),
    "send_back": lambda by, one, given: moves.send_evidence_back(by=by, recipient=one, reason=given["reason"]),
    "close": lambda by, one, given: moves.close_task(by=by, recipient=one),
    "withdraw": lambda by, one, given: moves.withdraw_from(by=by, recipient=one, reason=given["reason"]),
    "send_again": lambda by, one, given: send_task_again(
        by=by, recipient=one, reason=given["reason"], due_at=_moment(given["due_at"])
    ),
    "acknowledge_for": lambda by, one, given: acknowledge_for(
        by=by, recipient=one, name=given["name"], note=given["note"]
    ),
    "pause": lambda by, one, given: pause_clocks(by=by, recipient=one, reason=given["reason"]),
    "resume": lambda by, one, given: resume_clocks(by=by, recipient=one),
}


@require_GET
def received_list(request: HttpRequest) -> HttpResponse:
    """What is new and what is due at the person's units."""
    lists = received_lists(standing_of(person_of(request)).works_at, now=timezone.now())
    return render(request, "network/tasks/received_list.html", {"lists": lists})


@require_GET
def received(request: HttpRequest, recipient_id: int) -> HttpResponse:
    """One directive at one unit."""
    person = person_of(request)
    recipient = _recipient(person, recipient_id)
    moves.open_task(by=person, recipient=recipient)
    return render(request, "network/tasks/received.html", _page(person, recipient))


@require_POST
def received_move(request: HttpRequest, recipient_id: int, move: str) -> HttpResponse:
    """One move by a button."""
    person = person_of(request)
    recipient = _recipient(person, recipient_id)
    if move not in _MOVES:
        raise Http404
    given = {name: request.POST.get(name, "") for name in ("reason", "name", "note", "due_at", "version")}
    try:
        _MOVES[move](person, recipient, given)
    except DomainError as error:
        return _refused(request, person, recipient, error)
    return _back(request, recipient)


@require_POST
def received_evidence(request: HttpRequest, recipient_id: int) -> HttpResponse:
    """Hand in evidence: photos, documents, a link, a count, a word on it."""
    person = person_of(request)
    recipient = _recipient(person, recipient_id)
    given = request.POST
    items = [
        Item(kind, name=file.name or "", stream=cast(BinaryIO, file))
        for kind in ("photo", "document")
        for file in request.FILES.getlist(kind)
    ]
    if given.get("url", "").strip():
        items.append(Item("link", url=given["url"]))
    if given.get("count", "").strip():
        count = given["count"].strip()
        items.append(
            Item(
                "count",
                count=int(count) if count.isdecimal() and len(count) < 12 else None,
                note=given.get("count_of", ""),
            )
        )
    try:
        submit_evidence(by=person, recipient=recipient, items=items, note=given.get("note", ""))
    except DomainError as error:
        return _refused(request, person, recipient, error)
    return _back(request, recipient)


def _recipient(person: Person, recipient_id: int) -> TaskRecipient:
    found = recipient_for(person, recipient_id)
    if found is None:
        raise Http404
    return found


def _page(person: Person, recipient: TaskRecipient) -> dict[str, Any]:
    standing, task = standing_of(person), recipient.task
    may = [
        move.name
        for move in MOVES.values()
        if recipient.state in move.sources
        and standing.may(move, office_id=recipient.office_id, issuing_office_id=task.issuing_office_id)
        and not (move.not_by_submitter and recipient.submitted_by_id == person.pk)
    ]
    has_board = standing.sees_all or standing.oversees(recipient.office_id)
    page = recipient_page(recipient, now=timezone.now(), with_mails=has_board)
    outdated = page.acknowledgement is not None and is_outdated(page.acknowledgement, recipient)
    may += ["acknowledge"] if outdated and recipient.office_id in standing.works_at else []
    if standing.oversees(recipient.office_id) and recipient.state not in SETTLED:
        may += ["resume"] if recipient.paused_at else ["pause"]
        may += ["acknowledge_for"] if recipient.state in UNACKNOWLEDGED or outdated else []
    return {
        "page": page,
        "outdated": outdated,
        "earlier": earlier_versions(task),
        "may_send_again": bool(page.mails) and may_send_again(person, recipient),
        "recipient": recipient,
        "task": task,
        "may": may,
        "attachments": attachments_of(task),
        "has_board": has_board,
        "error": "",
    }


def _refused(request: HttpRequest, person: Person, recipient: TaskRecipient, error: DomainError) -> HttpResponse:
    if error.status == 403:
        raise error
    recipient.refresh_from_db()
    return render(
        request,
        "network/tasks/received.html",
        _page(person, recipient) | {"error": words_of(error)},
        status=error.status,
    )


def _back(request: HttpRequest, recipient: TaskRecipient) -> HttpResponse:
    if request.POST.get("next") == "list":
        messages.success(request, recipient.task.title)
        return redirect("received_list")
    return redirect("received", recipient.pk)


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 6 else None


def _moment(given: str) -> Any:
    moment = parse_datetime(given) if given else None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
