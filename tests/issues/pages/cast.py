"""Issues as the listener would have written them, of a storm in the sample province."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Level, Picture, Status
from nhipcau.issues.models.triage import IssueEvent

NOW = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
"""Half past eight in the morning of a Monday."""
QUOTE = "Nước vào nhà tới đầu gối, chưa thấy ai tới hỏi"


def quote(text: str, *, kind: str = "post", source: str = "trang-xa", link: str | None = None) -> dict[str, Any]:
    """An excerpt as the listener keeps it."""
    return {"text": text, "time": NOW.isoformat(), "source": source, "kind": kind, "voices": 2, "link": link}


def make_issue(number: int, label: str, *, at: datetime = NOW, authors: int = 14, **fields: Any) -> Issue:
    """An issue with a curve of two days and a moment each hour of the last day."""
    excerpts = fields.pop("excerpts", [quote(QUOTE)])
    values: dict[str, Any] = {
        "label": label,
        "keywords": label.split()[:3],
        "status": Status.GROWING,
        "level": Level.WATCH,
        "level_since": at - timedelta(hours=3),
        "heat": 40.0 + number % 7,
        "heat_parts": {"volume": 14, "growth": 10, "breadth": 8, "sources": 5, "open_questions": 3},
        "voices": 24,
        "voices_total": 60,
        "distinct_authors": authors,
        "distinct_sources": 4,
        "first_seen_at": at - timedelta(days=2),
        "last_seen_at": at - timedelta(minutes=number % 50),
        "changed_at": at,
        "kinds": {"question": 4, "report": 12},
        "places": [{"code": "S0101", "name": "Phường Thịnh Cát", "voices": 9, "ambiguous": []}],
        "place_codes": "|S0101|",
        "questions": [{"text": "Bao giờ có xuồng cứu hộ?", "voices": 4}],
        "open_questions": 4,
        "excerpts": excerpts,
        "threads": [
            {
                "thread": 10 * number + k,
                "voices": 20 - 5 * k,
                "first": (at - timedelta(days=2)).isoformat(),
                "last": at.isoformat(),
                "words": "",
            }
            for k in range(3)
        ],
        "search_text": strip_diacritics(f"{label} {QUOTE}".casefold()),
    }
    issue = Issue.objects.create(engine_id=number, **(values | fields))
    begin = (at - timedelta(hours=47)).replace(minute=0)
    IssueHour.objects.bulk_create(
        IssueHour(issue=issue, hour=begin + timedelta(hours=k), voices=k % 5) for k in range(48) if k % 5
    )
    IssueMoment.objects.bulk_create(
        IssueMoment(
            issue=issue,
            at=begin + timedelta(hours=k),
            heat=k,
            heat_parts={"volume": k / 2, "growth": k / 2},
            place_codes="|S0101|",
            level=min(k // 18, 3),
            status=Status.GROWING,
            voices=k,
            distinct_authors=k // 3,
        )
        for k in range(24, 48)
    )
    IssueEvent.objects.create(issue=issue, at=at - timedelta(days=2), code="appeared")
    return issue


def make_picture(*, at: datetime = NOW, version: int = 1) -> Picture:
    """The listener has just looked."""
    return Picture.objects.create(version=version, seq=100, as_of=at, facts={"posts": 3200})
