"""The page of an issue: its curve with what happened on it, its story, and when it could have been known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.safestring import SafeString

from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.issues.models.alerts import Alert
from nhipcau.issues.models.issues import Issue, IssueMoment, Level
from nhipcau.issues.models.triage import IssueEvent, IssueNote, NotAnIssue
from nhipcau.issues.queries.curve import Curve, curve_of, day_rows, drawn
from nhipcau.issues.queries.shown import Shown
from nhipcau.network.queries.origins import DirectiveFrom

SPANS: Final = {"3": 3, "7": 7, "30": 30}
USUAL_SPAN: Final = "7"
KNOWN: Final = {
    "tenth_person": Q(distinct_authors__gte=DEFAULT_FLOOR),
    **{f"level_{level}": Q(level__gte=level) for level in Level.values if level},
}
"""What could be known of an issue, and at which of its moments."""
MOST_HAPPENED: Final = 200
"""Of all that happened, so much of the latest is told."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened to the issue or was done about it; `number` is that of its mark, 0 where it has none."""

    at: datetime
    kind: str  # event, note, task, alert
    event: IssueEvent | None = None
    note: IssueNote | None = None
    task: DirectiveFrom | None = None
    number: int = 0


@dataclass(frozen=True)
class Milestone:
    """A step from the first voice to what was done, and how long after the first voice it was."""

    code: str
    at: datetime | None
    after: timedelta | None = None


@dataclass(frozen=True)
class IssuePage:
    """All of it."""

    shown: Shown
    heat_chart: SafeString
    voices_chart: SafeString
    curve: Curve
    days: list[dict[str, Any]]
    happened: list[Happening]
    milestones: list[Milestone]


def with_others(issues: QuerySet[Issue]) -> Any:
    """Say of each what most need no query of their own for: what was merged into it, when it was first how far."""
    moments = IssueMoment.objects.filter(issue=OuterRef("pk")).order_by("at").values("at")
    looks = IssueEvent.objects.filter(issue=OuterRef("pk"), by__isnull=False).order_by("at").values("at")
    alerts = Alert.objects.filter(issue=OuterRef("pk"))
    return issues.annotate(
        alerted_at=Subquery(alerts.order_by("at").values("at")[:1]),
        alert_taken_at=Subquery(
            alerts.filter(acknowledged_at__isnull=False).order_by("acknowledged_at").values("acknowledged_at")[:1]
        ),
        has_merged=Exists(Issue.objects.filter(merged_into=OuterRef("pk"))),
        is_denied=Exists(NotAnIssue.objects.filter(issue=OuterRef("pk"), taken_back_at=None)),
        first_look=Subquery(looks[:1]),
        **{name: Subquery(moments.filter(condition)[:1]) for name, condition in KNOWN.items()},
    )


def denial_of(issue: Issue) -> NotAnIssue | None:
    """Give the word that it is no issue, where it is in force."""
    return NotAnIssue.objects.filter(issue=issue, taken_back_at=None).select_related("by").first()


def issue_page(issue: Any, *, tasks: list[DirectiveFrom], now: datetime, days: int) -> IssuePage:
    """Give the page of an issue. Five queries."""
    curve = curve_of(issue, until=max(issue.last_seen_at, min(issue.changed_at, now)), days=days)
    happened = _happened(issue, _events_of(issue), _notes_of(issue), tasks, since=curve.begin)
    shown = Shown(issue)
    heat_chart, voices_chart = drawn(issue, curve, [(one.at, one.number) for one in happened if one.number])
    return IssuePage(
        shown=shown,
        heat_chart=heat_chart,
        voices_chart=voices_chart,
        curve=curve,
        days=day_rows(curve),
        happened=happened,
        milestones=_milestones(issue, tasks),
    )


def _events_of(issue: Issue) -> list[IssueEvent]:
    told = IssueEvent.objects.filter(issue=issue).select_related("by", "other")
    read = told.only("at", "code", "values", "by__name", "other__label", "other__own_label")
    return list(read.order_by("-at", "-pk")[:MOST_HAPPENED])


def _notes_of(issue: Issue) -> list[IssueNote]:
    notes = IssueNote.objects.filter(issue=issue).select_related("by").only("at", "text", "by__name")
    return list(notes.order_by("-at", "-pk")[:MOST_HAPPENED])


def _happened(
    issue: Any, events: list[IssueEvent], notes: list[IssueNote], tasks: list[DirectiveFrom], *, since: datetime
) -> list[Happening]:
    """The latest of the story, the latest first; what people did or were told of within the curve is numbered."""
    found = [
        *(
            Happening(at, kind)
            for kind, at in (("alert", issue.alerted_at), ("alert-taken", issue.alert_taken_at))
            if at
        ),
        *(Happening(event.at, "event", event=event) for event in events),
        *(Happening(note.at, "note", note=note) for note in notes),
        *(Happening(task.sent_at, "task", task=task) for task in tasks),
    ]
    found.sort(key=lambda one: one.at)
    number, numbered = 0, []
    for one in found[-MOST_HAPPENED:]:
        is_marked = one.at >= since and not (one.event and one.event.by_id is None)
        number += int(is_marked)
        numbered.append(Happening(one.at, one.kind, one.event, one.note, one.task, number if is_marked else 0))
    return numbered[::-1]


def _milestones(issue: Any, tasks: list[DirectiveFrom]) -> list[Milestone]:
    """From the first voice on: when was it known, when was something done."""
    found = [
        ("first-voice", issue.first_seen_at),
        *((name.replace("_", "-"), getattr(issue, name)) for name in KNOWN),
        ("alert", issue.alerted_at),
        ("alert-taken", issue.alert_taken_at),
        ("first-look", issue.first_look),
        ("directive", min((task.sent_at for task in tasks), default=None)),
        ("acknowledged", min((task.acknowledged_at for task in tasks if task.acknowledged_at), default=None)),
        ("done", min((task.done_at for task in tasks if task.done_at), default=None)),
    ]
    return [Milestone(code, at, max(at - issue.first_seen_at, timedelta(0)) if at else None) for code, at in found]
