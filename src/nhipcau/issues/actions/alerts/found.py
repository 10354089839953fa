"""What an alert says of what was found: numbers and names as they stood then. No words of people are ever in it."""

from __future__ import annotations

from typing import Any

from nhipcau.issues.alertrules import Firing
from nhipcau.issues.models.alerts import AlertRule
from nhipcau.issues.models.issues import Issue
from nhipcau.network.models.offices import Office
from nhipcau.voices.models.sources import Source

MOST_PLACES = 5


def alert_of(rule: AlertRule, firing: Firing) -> dict[str, Any]:
    """The fields of an alert."""
    kind, _dash, what = firing.subject.partition("-")
    said = {"issue": _of_issue, "place": _of_place, "source": _of_source}[kind](what)
    common = {"rule": rule, "at": firing.at, "subject": firing.subject, "level": firing.level}
    return {**common, "asks_acknowledgement": rule.asks_acknowledgement, **said}


def _of_issue(number: str) -> dict[str, Any]:
    issue = Issue.objects.get(pk=int(number))
    return {"issue": issue, "values": _said_of(issue)}


def _said_of(issue: Issue) -> dict[str, Any]:
    return {
        "label": str(issue),
        "places": [str(place.get("name", place.get("code", ""))) for place in issue.places[:MOST_PLACES]],
        "people": issue.distinct_authors,
        "voices": issue.voices,
        "questions": issue.open_questions,
        "since": (issue.level_since or issue.first_seen_at).isoformat(),
    }


def _of_place(code: str) -> dict[str, Any]:
    """A place, with the issue that weighs most there."""
    there = Issue.objects.filter(gone_at__isnull=True, place_codes__contains=f"|{code}|")
    issue = there.order_by("-level", "-heat", "pk").first()
    named = [place["name"] for place in (issue.places if issue else []) if place.get("code") == code]
    office = None if named else Office.objects.filter(place_code=code).order_by("pk").first()
    said = _said_of(issue) if issue else {}
    place = named[0] if named else str(office) if office else code
    return {"issue": issue, "place_code": code, "values": said | {"place": place}}


def _of_source(code: str) -> dict[str, Any]:
    source = Source.objects.get(code=code)
    since = source.silent_since.isoformat() if source.silent_since else None
    return {"source": source, "values": {"source": source.name, "since": since}}
