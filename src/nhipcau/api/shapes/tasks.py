"""Directives: what is asked, how the recipients stand, and how one is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from nhipcau.api.shapes.files import FileOut, file_out
from nhipcau.api.shapes.me import PersonShort
from nhipcau.api.shapes.text import Code, Moment, Reason, Sent, Text, Word
from nhipcau.network.models.task_files import TaskAttachment
from nhipcau.network.models.tasks import Task, TaskVersion
from nhipcau.network.queries.board import Tally

EXAMPLE: Final[dict[str, Any]] = {
    "id": 12,
    "title": "Kiểm tra nguồn nước",
    "text": "Kiểm tra các giếng công cộng và báo số giếng không dùng được.",
    "why": "Nhiều người hỏi về nước đục sau lũ.",
    "due_at": "2026-07-03T10:00:00Z",
    "is_urgent": False,
    "acknowledge_minutes": 240,
    "origin_kind": "free",
    "origin_ref": "",
    "issued_by": {"id": 3, "name": "Trần Văn Mẫu"},
    "issuing_office": "S",
    "sent_at": "2026-07-01T01:30:00Z",
    "is_sample": True,
    "version": 1,
    "corrected_at": None,
    "tally": {
        "total": 40,
        "unread": 5,
        "unacknowledged": 9,
        "at_work": 20,
        "returned": 1,
        "submitted": 4,
        "done": 6,
        "withdrawn": 0,
        "late": 2,
    },
}


FILE: Final[dict[str, Any]] = {
    "name": "mau-bao-cao.pdf",
    "address": f"/api/v1/files/{'0' * 48}.pdf",
    "content_type": "application/pdf",
    "size_bytes": 48_211,
    "sha256": "f" * 64,
}


EARLIER: Final[dict[str, Any]] = {
    "number": 1,
    "title": "Kiểm tra nguồn nước",
    "text": "Kiểm tra các giếng.",
    "why": "",
    "due_at": "2026-07-02T10:00:00Z",
    "corrected_at": "2026-07-01T03:00:00Z",
    "corrected_by": {"id": 3, "name": "Trần Văn Mẫu"},
    "what_changed": "Thêm một ngày; chỉ giếng công cộng.",
}


class TallyOut(Schema):
    """How many of the recipients that one may see stand where."""

    total: int
    unread: int
    unacknowledged: int
    at_work: int
    returned: int
    submitted: int
    done: int
    withdrawn: int
    late: int


class TaskOut(Schema):
    """A directive."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int
    title: str
    text: str
    why: str
    due_at: AwareDatetime
    is_urgent: bool = Field(description="Its clocks run through nights and days off")
    acknowledge_minutes: int = Field(description="Working minutes that a unit has to acknowledge")
    origin_kind: str
    origin_ref: str
    issued_by: PersonShort
    issuing_office: str
    sent_at: AwareDatetime
    is_sample: bool
    version: int = Field(description="Grows with each correction")
    corrected_at: AwareDatetime | None
    tally: TallyOut


class VersionOut(Schema):
    """What a directive said before it was corrected."""

    number: int
    title: str
    text: str
    why: str
    due_at: AwareDatetime
    corrected_at: AwareDatetime = Field(description="Until then it held")
    corrected_by: PersonShort
    what_changed: str


class TaskDetail(TaskOut):
    """A directive with its files and what it said before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                EXAMPLE
                | {"version": 2, "corrected_at": EARLIER["corrected_at"], "attachments": [FILE], "earlier": [EARLIER]}
            ]
        }
    )

    attachments: list[FileOut]
    earlier: list[VersionOut] = Field(description="Before corrections, the latest first")


class TaskPage(Schema):
    """Directives, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[TaskOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class Addressed(Sent):
    """Who gets it; the four kinds of choice are joined, and each office gets it once."""

    offices: list[Code] = Field(default=[], max_length=5_000, description="Codes of offices and points")
    areas: list[Code] = Field(default=[], max_length=100, description="All points of these areas, by code")
    roles: list[Literal["leader", "analyst", "officer"]] = Field(
        default=[], max_length=3, description="People in these roles, everywhere one directs"
    )
    groups: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(
        default=[], max_length=100, description="Saved groups of the sending office"
    )


class TaskIn(Sent):
    """A directive to send."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Kiểm tra nguồn nước",
                    "text": "Kiểm tra các giếng công cộng và báo số giếng không dùng được.",
                    "why": "Nhiều người hỏi về nước đục sau lũ.",
                    "due_at": "2026-07-03T17:00:00+07:00",
                    "to": {"areas": ["A01"], "offices": ["P020"]},
                }
            ]
        },
    )

    title: Annotated[Word, Field(min_length=1)]
    text: Annotated[Text, Field(min_length=1)]
    why: Reason = ""
    due_at: AwareDatetime
    is_urgent: bool = False
    acknowledge_minutes: int = Field(default=240, ge=1, le=4_800)
    origin_kind: Literal["free", "issue", "brief"] = "free"
    origin_ref: Word = ""
    to: Addressed


class CorrectionIn(Sent):
    """What a directive shall say from now on, all of it, and the version that was looked at."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "version": 1,
                    "what_changed": "Thêm một ngày; chỉ giếng công cộng.",
                    "title": "Kiểm tra nguồn nước",
                    "text": "Kiểm tra các giếng công cộng.",
                    "why": "",
                    "due_at": "2026-07-03T17:00:00+07:00",
                }
            ]
        },
    )

    version: Annotated[int, Field(strict=True, ge=1, le=32_000)]
    what_changed: Annotated[Reason, Field(min_length=1, max_length=1_000)]
    title: Annotated[Word, Field(min_length=1)]
    text: Annotated[Text, Field(min_length=1)]
    why: Reason = ""
    due_at: Moment


class WithReason(Sent):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Gửi nhầm đơn vị."}]})

    reason: Annotated[Reason, Field(min_length=1)]


def task_out(task: Task, tally: Tally) -> TaskOut:
    """A directive whose issuer and office are selected with it."""
    return TaskOut(**_fields(task, tally))


def task_detail(
    task: Task, tally: Tally, *, attachments: Iterable[TaskAttachment], earlier: Iterable[TaskVersion]
) -> TaskDetail:
    """The same with its files, and what it said before."""
    return TaskDetail(
        **_fields(task, tally),
        attachments=[file_out(one.file) for one in attachments],
        earlier=[_version_out(one) for one in earlier],
    )


def _version_out(one: TaskVersion) -> VersionOut:
    same = ("number", "title", "text", "why", "due_at", "corrected_at", "what_changed")
    by = PersonShort(id=one.corrected_by.pk, name=one.corrected_by.name)
    return VersionOut(corrected_by=by, **{name: getattr(one, name) for name in same})


def _fields(task: Task, tally: Tally) -> dict[str, Any]:
    return {
        "id": task.pk,
        "title": task.title,
        "text": task.text,
        "why": task.why,
        "due_at": task.due_at,
        "is_urgent": task.is_urgent,
        "acknowledge_minutes": task.acknowledge_minutes,
        "origin_kind": task.origin_kind,
        "origin_ref": task.origin_ref,
        "issued_by": PersonShort(id=task.issued_by.pk, name=task.issued_by.name),
        "issuing_office": task.issuing_office.code,
        "sent_at": task.sent_at,
        "is_sample": task.is_sample,
        "version": task.version,
        "corrected_at": task.corrected_at,
        "tally": TallyOut(**{name: getattr(tally, name) for name in TallyOut.model_fields}),
    }
