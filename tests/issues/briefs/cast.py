"""Issues as the listener would have left them, and briefs in each state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from nhipcau.issues.actions.briefs.drafting import draft_on_demand
from nhipcau.issues.actions.briefs.editing import edit_brief
from nhipcau.issues.actions.briefs.readers import add_reader
from nhipcau.issues.actions.briefs.sending import send_brief
from nhipcau.issues.actions.briefs.signing import sign_brief
from nhipcau.issues.briefing.document import Edits, digest_of, edits_of
from nhipcau.issues.models import Brief, BriefReader, Issue, IssueHour, IssueMoment, Picture
from nhipcau.issues.queries.briefs import document_of
from nhipcau.network.models.people import Person

QUOTE = "Nước ngập tới nửa bánh xe, bao giờ thông cống?"
QUESTION = "Bao giờ thông cống?"
PARTS = {"volume": 20.0, "growth": 20.0, "breadth": 15.0, "sources": 5.0, "open_questions": 2.5}
BACKTEST = {
    "of": "median",
    "mase": 0.81,
    "coverage": 0.85,
    "calibration": 0.8,
    "windows": 12,
    "hours": 864,
    "mase_24": 0.7,
    "coverage_24": 0.83,
    "windows_24": 12,
}


def make_issue(now: datetime, label: str = "ngập đường Lê Lợi", **values: Any) -> Issue:
    """One issue that forty people speak of, with quotes, questions, a forecast and its hours."""
    first = now - timedelta(days=2)
    said: dict[str, Any] = {
        "label": label,
        "keywords": ["ngập", "cống"],
        "status": "growing",
        "level": 2,
        "heat": 62.5,
        "heat_parts": PARTS,
        "voices": 48,
        "voices_total": 60,
        "press": 0,
        "copies": 4,
        "distinct_authors": 40,
        "distinct_sources": 3,
        "first_seen_at": first,
        "last_seen_at": now - timedelta(minutes=3),
        "kinds": {"question": 9, "request": 5, "concern": 20, "report": 12, "thanks": 0, "other": 2},
        "places": [{"code": "P1", "name": "Phường Phú Lợi", "voices": 21, "ambiguous": []}],
        "questions": [{"text": QUESTION, "voices": 9}],
        "open_questions": 1,
        "excerpts": [
            {
                "text": QUOTE,
                "time": now.isoformat(),
                "source": "Trang phường",
                "kind": "post",
                "voices": 3,
                "link": None,
            }
        ],
        "evidence": ["1", "2"],
        "changed_at": now,
    }
    issue = Issue.objects.create(**(said | values))
    hour = now.replace(minute=0, second=0, microsecond=0)
    IssueHour.objects.bulk_create(
        IssueHour(issue=issue, hour=hour - timedelta(hours=back), voices=2, copies=back % 2) for back in range(40)
    )
    IssueMoment.objects.bulk_create(
        IssueMoment(
            issue=issue,
            at=hour - timedelta(hours=back),
            heat=max(issue.heat - back, 0),
            heat_parts=PARTS,
            level=1,
            status="new",
            voices=20,
            distinct_authors=issue.distinct_authors,
        )
        for back in range(0, 40, 4)
    )
    return issue


def make_picture(now: datetime, **facts: Any) -> Picture:
    """The picture of this moment: the day before brought 300 posts from two sources, one of them silent."""
    source = {"last_seen": now.isoformat(), "silent_since": None, "expected": None, "enough_history": True}
    said: dict[str, Any] = {
        "posts": 300,
        "press": 0,
        "folded": 12,
        "rejected": 0,
        "issues_total": 2,
        "alarms": {"watch_per_week": 1.2, "alert_per_week": 0.2, "urgent_per_week": 0.05},
        "places": [{"code": "P1", "name": "Phường Phú Lợi", "voices": 21, "level": "watch"}],
        "sources": [
            {"name": "Trang phường", "voices": 280, "silent": False, **source},
            {
                "name": "Tổng đài",
                "voices": 20,
                **source,
                "silent": True,
                "silent_since": now.isoformat(),
                "expected": 9.0,
            },
        ],
        "unknowns": [{"code": "places-missing", "values": {"share": 0.4}, "text": "40 % không nêu địa bàn."}],
    }
    picture, _made = Picture.objects.update_or_create(
        pk=1, defaults={"as_of": now, "facts": said | facts, "version": 1}
    )
    return picture


def edits(brief: Brief, **values: Any) -> Edits:
    """The changes of a brief with some of them put otherwise."""
    changed: dict[str, Any] = {**edits_of(brief.edits), **values}
    return changed  # type: ignore[return-value]


def drafted(by: Person, **values: Any) -> Brief:
    """A draft of now."""
    return Brief.objects.get(pk=draft_on_demand(by=by, **values).pk)


def edited(by: Person, brief: Brief, **values: Any) -> Brief:
    """A draft with a lead and whatever else is asked."""
    said = {"lead": "Ngập sau mưa lớn là việc nóng nhất.", **values}
    edit_brief(by=by, brief=brief, version=brief.version, edits=edits(brief, **said))
    return Brief.objects.get(pk=brief.pk)


def signed(by: Person, brief: Brief | None = None) -> Brief:
    """A brief signed by who looked at it."""
    brief = brief or drafted(by)
    sign_brief(by=by, brief=brief, fingerprint=digest_of(document_of(brief)))
    return Brief.objects.get(pk=brief.pk)


def sent(by: Person, brief: Brief | None = None) -> Brief:
    """A brief that went out."""
    brief = brief or signed(by)
    send_brief(by=by, brief=brief)
    return Brief.objects.get(pk=brief.pk)


def reader(by: Person, email: str = "doc@example.vn", **values: Any) -> BriefReader:
    """Somebody outside who gets the briefs."""
    said = {"person": None, "email": email, "name": "Văn phòng", "language": "vi", "wants_pdf": True}
    return add_reader(by=by, **(said | values))
