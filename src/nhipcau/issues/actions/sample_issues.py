"""Work on the issues of the sample: every state of triage, a directive, rules and what they found, a signed brief.

Made by the same actions as real work, after the listener has made its first picture; asked again, nothing changes.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.utils import translation

from nhipcau.engine.sample.province import gazetteer_path
from nhipcau.engine.tables import TableFiles
from nhipcau.issues.actions import triage
from nhipcau.issues.actions.alerts.sample import make_sample_alerts
from nhipcau.issues.actions.briefs.readers import add_reader
from nhipcau.issues.actions.briefs.sample import make_sample_brief
from nhipcau.issues.listener import FOLDER, Listener
from nhipcau.issues.listenermemory import begin, save
from nhipcau.issues.models.issues import Issue, TriageState
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.queries.audience import Audience

NOTED: Final = timedelta(days=3)
NOTE: Final = "Đã gọi điểm cầu: đang kiểm tra tại chỗ, báo lại trước 10 giờ."
STATES: Final = (
    TriageState.NEW,
    TriageState.ACTING,
    TriageState.ASSESSING,
    TriageState.WATCHING,
    TriageState.NEW,
    TriageState.CLOSED,
)
"""Of the hottest issues, in their order."""


def listen_to_sample(*, folder: Path, now: datetime) -> None:
    """Let the listener take all that waits, with the places of the made-up province, and make the picture.

    How issues stood is noted for the hours of the last days alone: of all thirty days it would take minutes.
    """
    kept = folder / FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    if TableFiles.kept(kept).gazetteer is None:
        TableFiles(gazetteer=gazetteer_path()).keep(kept)
    listening = begin(kept)
    if listening.next_hour is None:
        listening.next_hour = now.replace(minute=0, second=0, microsecond=0) - NOTED
    listener = Listener(threading.Event(), folder=kept)
    while listener.turn(listening):
        pass
    save(listening, kept)


def work_on_sample(*, leader: Person, analyst: Person, now: datetime) -> None:
    """Do what a centre does in a day."""
    if IssueEvent.objects.filter(code="triaged").exists():
        return
    hottest = list(Issue.objects.filter(gone_at=None).order_by("-heat", "pk")[: len(STATES)])
    for issue, state in zip(hottest, STATES, strict=False):
        if state != TriageState.NEW:
            triage.move_issue(by=analyst, issue=issue, to=state, was=TriageState.NEW)
    if len(hottest) > 1:
        _act_on(hottest[1], leader=leader, analyst=analyst, now=now)
    with translation.override("vi"):
        make_sample_alerts(by=analyst, now=now)
        add_reader(by=analyst, person=leader, email="", name="", language="vi", wants_pdf=True)
        make_sample_brief(now=now)


def _act_on(issue: Issue, *, leader: Person, analyst: Person, now: datetime) -> None:
    """Somebody takes it, notes what was heard, and a directive goes out from it."""
    triage.own_issue(by=analyst, issue=issue, owner=analyst, was=None)
    triage.note_issue(by=analyst, issue=issue, text=NOTE)
    points = Office.objects.filter(kind=OfficeKind.POINT, code__in=[place["code"] for place in issue.places])
    chosen = list(points[:5]) or list(Office.objects.filter(kind=OfficeKind.POINT).order_by("code")[:3])
    issue_directive(
        by=leader,
        directive=Directive(
            title=f"Kiểm tra và báo cáo: {issue.label}"[:200],
            text="Kiểm tra tình hình tại địa bàn, trả lời người dân trên trang chính thức và báo cáo kết quả.",
            due_at=now + timedelta(days=1),
            why="Nhiều người dân phản ánh trong 24 giờ qua.",
            origin_kind="issue",
            origin_ref=str(issue.pk),
        ),
        audience=Audience(offices=frozenset(office.pk for office in chosen)),
        key=f"sample-issue-{issue.pk}",
        is_sample=True,
    )
