"""Directives: the list, one, sending, withdrawing, and the recipients of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import File, Form, Header, Router, Status, UploadedFile
from ninja.errors import ValidationError
from pydantic import ValidationError as PydanticError

from nhipcau.api import cursors
from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.recipients import RecipientsPage, recipient_out
from nhipcau.api.shapes.tasks import (
    Addressed,
    CorrectionIn,
    TaskDetail,
    TaskIn,
    TaskPage,
    WithReason,
    task_detail,
    task_out,
)
from nhipcau.api.shapes.text import Key, Word
from nhipcau.network.access.offices import visible_offices
from nhipcau.network.access.tasks import visible_recipients, visible_tasks
from nhipcau.network.actions.tasks.correcting import Correction, correct_task
from nhipcau.network.actions.tasks.errors import OutOfReach
from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
from nhipcau.network.actions.tasks.withdrawing import withdraw_task
from nhipcau.network.forms.tasks import checked_attachments
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import Task
from nhipcau.network.queries.audience import Audience
from nhipcau.network.queries.board import tiles_of
from nhipcau.network.queries.tasks import attachments_of, earlier_versions, overdue, tallies_of, wanted_tasks
from nhipcau.network.taskfiles import CheckedFile
from nhipcau.network.taskstates import Route, State
from nhipcau.site.errors import DomainError

router = Router(tags=["directives"])
Show = Literal["all", "open", "late", "returned", "submitted"]
StateName = Literal[
    "",
    "sent",
    "delivered",
    "opened",
    "acknowledged",
    "accepted",
    "returned",
    "in_progress",
    "submitted",
    "verified",
    "closed",
    "withdrawn",
]

WITH_FILES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "encoding": {"directive": {"contentType": "application/json"}},
            }
        },
    }
}


class FilesRefused(DomainError):
    """Files that may not go out. Values: field, problem, sentences."""

    code = "api-files-refused"


@router.get("/tasks", response=TaskPage, url_name="tasks", operation_id="tasks", summary="Directives")
def tasks(
    request: HttpRequest,
    show: Show = "all",
    words: Word = "",
    limit: cursors.Limit = 50,
    cursor: cursors.Cursor = "",
) -> TaskPage:
    """The directives that one may see, the newest first, each with how its recipients stand.

    To poll the list, send the ETag of the last answer as If-None-Match: 304 says that nothing has changed.
    """
    person, now = person_of(request), timezone.now()
    recipients = visible_recipients(person)
    found = wanted_tasks(visible_tasks(person), recipients, now=now, show=show, words=words)
    before = cursors.read(cursor, of="tasks")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("issuing_office", "issued_by").order_by("-id")[: limit + 1])
    page, has_more = cursors.cut(rows, limit=limit)
    tallies = tallies_of(page, recipients, now=now)
    following = cursors.written(page[-1].pk, of="tasks") if has_more else None
    return TaskPage(items=[task_out(one, tallies[one.pk]) for one in page], next=following)


@router.post(
    "/tasks", response={201: TaskDetail}, url_name="tasks", operation_id="issue-task", summary="Send a directive"
)
def issue_task(
    request: HttpRequest,
    response: HttpResponse,
    body: TaskIn,
    key: Annotated[Key, Header(alias="Idempotency-Key", description="8 to 64 signs that name this intent, once")],
) -> Status[TaskDetail]:
    """Send a directive in the name of the office where the person directs; the units are told by e-mail.

    Sent again with the same Idempotency-Key it is the same directive and nothing is doubled; with the same key and
    other words it is refused (409).
    """
    return _issued(request, response, body, key=key, attachments=())


@router.post(
    "/tasks/with-files",
    response={201: TaskDetail},
    url_name="task-with-files",
    operation_id="issue-task-with-files",
    summary="Send a directive with files",
    openapi_extra=WITH_FILES,
)
def issue_task_with_files(
    request: HttpRequest,
    response: HttpResponse,
    directive: Annotated[str, Form(max_length=200_000, description="The directive, as JSON")],
    files: Annotated[list[UploadedFile], File(description="At most five documents and photos")],
    key: Annotated[Key, Header(alias="Idempotency-Key", description="8 to 64 signs that name this intent, once")],
) -> Status[TaskDetail]:
    """Send a directive with up to five files, in one form: PDF, Office or OpenDocument without macros, photos.

    Photos are written anew without where and when they were taken. The same key with the same words and files is the
    same directive, as without files.
    """
    try:
        body = TaskIn.model_validate_json(directive)
    except PydanticError as error:
        raise ValidationError(
            [{**one, "loc": ("body", "", "directive", *one["loc"])} for one in error.errors()]
        ) from error
    attachments, refused = checked_attachments(files)
    if refused:
        raise FilesRefused(field="files", problem="refused", sentences=refused)
    return _issued(request, response, body, key=key, attachments=attachments)


def _issued(
    request: HttpRequest,
    response: HttpResponse,
    body: TaskIn,
    *,
    key: str,
    attachments: Sequence[tuple[str, CheckedFile]],
) -> Status[TaskDetail]:
    person = person_of(request)
    asked = Directive(**body.model_dump(exclude={"to"}), attachments=attachments)
    made = issue_directive(by=person, directive=asked, audience=_audience(person, body.to), key=key, route=Route.API)
    response.headers["Location"] = reverse("api:task", args=[made.pk])
    return Status(201, _one(person, made.pk))


@router.get("/tasks/{int:task_id}", response=TaskDetail, url_name="task", operation_id="task", summary="One directive")
def task(request: HttpRequest, task_id: int) -> TaskDetail:
    """A directive, with how those of its recipients stand that one may see."""
    return _one(person_of(request), task_id)


@router.post(
    "/tasks/{int:task_id}/withdrawal",
    response=TaskDetail,
    url_name="task-withdrawal",
    operation_id="withdraw-task",
    summary="Withdraw a directive",
)
def withdrawal(request: HttpRequest, task_id: int, body: WithReason) -> TaskDetail:
    """Take a directive back from all units where it is open and not yet verified; each is told why."""
    person = person_of(request)
    withdraw_task(by=person, task=_visible(person, task_id), reason=body.reason, route=Route.API)
    return _one(person, task_id)


@router.post(
    "/tasks/{int:task_id}/corrections",
    response=TaskDetail,
    url_name="task-corrections",
    operation_id="correct-task",
    summary="Correct a directive",
)
def corrections(request: HttpRequest, task_id: int, body: CorrectionIn) -> TaskDetail:
    """Say what it shall say from now on, and what changed; units where it is not settled are told.

    What it said before is kept. What units did so far stands; whoever acknowledged an earlier version may acknowledge
    anew, by the move `acknowledge`. 409 where it is no longer the version that was looked at.
    """
    person = person_of(request)
    given = Correction(**body.model_dump(exclude={"version"}))
    task = _visible(person, task_id)
    correct_task(by=person, task=task, correction=given, version=body.version, route=Route.API)
    return _one(person, task_id)


@router.get(
    "/tasks/{int:task_id}/recipients",
    response=RecipientsPage,
    url_name="task-recipients",
    operation_id="task-recipients",
    summary="Recipients of a directive",
)
def task_recipients(
    request: HttpRequest,
    task_id: int,
    state: StateName = "",
    area: Word = "",
    late: Literal["", "yes"] = "",
    limit: cursors.Limit = 200,
    cursor: cursors.Cursor = "",
) -> RecipientsPage:
    """Where a directive stands at each unit that one may see; `area` is the code of an area.

    To poll it, send the ETag of the last answer as If-None-Match: 304 says that nothing has changed.
    """
    person, now = person_of(request), timezone.now()
    found = visible_recipients(person).filter(task=_visible(person, task_id))
    if state:
        found = found.filter(state=State(state))
    if area:
        found = found.filter(area__code=area)
    if late:
        found = found.filter(overdue(now))
    of = f"recipients-{task_id}"
    after = cursors.read(cursor, of=of)
    if after is not None:
        found = found.filter(pk__gt=after)
    ids, has_more = cursors.cut(list(found.order_by("pk").values_list("pk", flat=True)[: limit + 1]), limit=limit)
    tiles = sorted(tiles_of(visible_recipients(person).filter(pk__in=ids), now=now), key=lambda one: one.recipient.pk)
    following = cursors.written(ids[-1], of=of) if has_more else None
    return RecipientsPage(items=[recipient_out(tile) for tile in tiles], next=following)


def _visible(person: Person, task_id: int) -> Task:
    return get_object_or_404(visible_tasks(person), pk=task_id)


def _one(person: Person, task_id: int) -> TaskDetail:
    tasks = visible_tasks(person).select_related("issuing_office", "issued_by")
    found = get_object_or_404(tasks, pk=task_id)
    tally = tallies_of([found], visible_recipients(person), now=timezone.now())[found.pk]
    return task_detail(found, tally, attachments=attachments_of(found), earlier=earlier_versions(found))


def _audience(person: Person, to: Addressed) -> Audience:
    """Codes become offices among those that the person sees; whom they direct is asked by the action."""
    wanted = {*to.offices, *to.areas}
    ids = dict(visible_offices(person).filter(code__in=wanted).values_list("code", "pk"))
    if missing := sorted(wanted - ids.keys()):
        raise OutOfReach(offices=missing)
    return Audience(
        offices=frozenset(ids[code] for code in to.offices),
        areas=frozenset(ids[code] for code in to.areas),
        roles=frozenset(to.roles),
        groups=frozenset(to.groups),
    )
