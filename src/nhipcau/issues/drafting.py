"""A brief drafted from what the listener keeps: the numbers are those of the pages, in the shape of the engine's brief.

Needs no state of the engine. What people make of it is in `briefing`, when it is drafted in `jobs/briefs.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from nhipcau.engine.brief import model
from nhipcau.engine.brief.words import unknown_text
from nhipcau.issues.draftingpast import PastIssue, counted_over, issues_at
from nhipcau.issues.floor import reaches_floor
from nhipcau.issues.models import Issue, IssueEvent, IssueHour, NotAnIssue, Picture
from nhipcau.issues.queries.shown import standing_issues

SERIES_DAYS: Final = 14
LATE: Final = timedelta(minutes=10)
"""A picture that is older than this when a brief is drafted is told as something not known."""
USUAL: Final = timedelta(days=1)
"""The period that heat, levels and distinct people are about; of a longer one only voices are counted."""
MOST_HISTORY: Final = 8
HOUR: Final = timedelta(hours=1)
_EVENTS: Final = {"merged": "merged", "absorbed": "merged", "split": "split"}


def draft_brief(*, since: datetime, as_of: datetime, top: int = 10) -> model.Brief:
    """Draft the brief of a period from the rows of issues and hours; a past moment from what was noted then.

    Six queries, whatever the number of issues.
    """
    picture = Picture.objects.filter(pk=1).first()
    known_at = picture.as_of if picture else None
    is_past = known_at is not None and as_of < known_at - LATE
    brief = model.empty_brief()
    brief.update(as_of=_iso(as_of), since=_iso(since), zone=settings.TIME_ZONE)  # type: ignore[call-arg]
    chosen, total = _chosen(since=since, as_of=as_of, top=top, is_past=is_past)
    series = _series([one.row.pk for one in chosen], as_of=as_of)
    history = _history([one.row.pk for one in chosen], as_of=as_of)
    brief["issues"] = [_issue(one, series[one.row.pk], history[one.row.pk]) for one in chosen]
    brief["issues_total"] = total
    _add_facts(brief, picture, since=since, as_of=as_of, is_past=is_past)
    for name in brief["kinds"]:
        if not brief["kinds"][name]:  # type: ignore[literal-required] # the six kinds by name
            brief["kinds"][name] = sum(issue["kinds"][name] for issue in brief["issues"])  # type: ignore[literal-required]
    brief["unknowns"] = _unknowns(brief, picture, since=since, as_of=as_of, is_past=is_past)
    return brief


def _chosen(*, since: datetime, as_of: datetime, top: int, is_past: bool) -> tuple[list[PastIssue], int]:
    """Give the hottest issues of the period and how many there are; what people said is no issue is left out."""
    if is_past:
        denied = NotAnIssue.objects.filter(taken_back_at=None).values("issue")
        found = issues_at(as_of, since=since, leaving_out=denied)
        return found[:top], len(found)
    rows = standing_issues().filter(last_seen_at__gt=since)
    is_long = as_of - since > USUAL
    if not is_long:
        rows = rows.filter(voices__gt=0)
    hottest = [PastIssue.of(row) for row in rows.order_by("-heat", "pk")[:top]]
    return (counted_over(hottest, since=since, as_of=as_of) if is_long else hottest), rows.count()


def _issue(one: PastIssue, series: list[tuple[str, int]], history: list[model.IssueEvent]) -> model.Issue:
    row = one.row
    is_wide = reaches_floor(one.distinct_authors)
    questions = row.questions if is_wide and one.is_present else []
    excerpts = row.excerpts if one.is_present else []
    shown = [each for each in excerpts if is_wide or each.get("kind") == "press"]
    forecast = _forecast(row) if one.is_present else {"forecast_reason": "past"}
    return cast(
        "model.Issue",
        {
            "id": row.pk,
            "label": row.own_label or row.label or f"#{row.pk}",
            "in_title_lang": None,
            "keywords": list(row.keywords),
            "status": one.status,
            "level": model.LEVELS[one.level],
            "heat": round(one.heat, 1),
            "heat_parts": _heat_parts(one.heat_parts),
            "voices": one.voices,
            "press": min(one.press, one.voices),
            "copies": one.copies,
            "voices_total": max(one.voices_total, one.voices),
            "distinct_authors": one.distinct_authors,
            "distinct_sources": one.distinct_sources,
            "first_seen": _iso(row.first_seen_at),
            "last_seen": _iso(one.last_seen_at),
            "series": series,
            "places": [_place(each) for each in row.places],
            "forecast": [],
            "forecast_totals": {},
            "backtest": None,
            **forecast,
            "kinds": _kinds(row.kinds if one.is_present else {}),
            "questions": [{"text": each["text"], "voices": int(each["voices"])} for each in questions],
            "excerpts": [_excerpt(each) for each in shown],
            "excerpts_withheld": _withheld(one, is_wide=is_wide),
            "evidence": [str(each) for each in row.evidence],
            "history": history,
            "related": [],
        },
    )


def _withheld(one: PastIssue, *, is_wide: bool) -> str | None:
    if one.press and one.press >= one.voices:
        return None
    if not is_wide:
        return "unknown-authors" if one.distinct_authors is None else "few-authors"
    return one.row.excerpts_withheld or None if one.is_present else "past"


def _heat_parts(stored: Mapping[str, Any]) -> model.HeatParts:
    names = ("volume", "growth", "breadth", "sources", "open_questions")
    return cast("model.HeatParts", {name: float(stored.get(name, 0.0)) for name in names})


def _kinds(stored: Mapping[str, Any]) -> model.KindCounts:
    return cast("model.KindCounts", {name: int(stored.get(name, 0)) for name in model.empty_kinds()})


def _place(stored: Mapping[str, Any]) -> model.IssuePlace:
    return {
        "code": str(stored.get("code", "")),
        "name": str(stored.get("name", "")),
        "voices": int(stored.get("voices", 0)),
        "ambiguous": [str(each) for each in stored.get("ambiguous", [])],
    }


def _excerpt(stored: Mapping[str, Any]) -> model.Excerpt:
    return {
        "text": str(stored["text"]),
        "time": stored.get("time"),
        "source": stored.get("source"),
        "kind": "press" if stored.get("kind") == "press" else "post",
        "voices": max(int(stored.get("voices", 1)), 1),
        "link": stored.get("link"),
    }


def _forecast(row: Issue) -> dict[str, Any]:
    """Give what is kept of the forecast: its hours, its totals and its back-test."""
    backtest = dict(row.backtest)
    totals, reason = backtest.pop("totals", None), backtest.pop("reason", None)
    names = ("of", "mase", "coverage", "calibration", "windows", "hours", "mase_24", "coverage_24", "windows_24")
    return {
        "forecast": list(row.forecast),
        "forecast_totals": dict(totals or getattr(row, "forecast_totals", None) or {}),
        "forecast_reason": reason or getattr(row, "forecast_reason", None) or None,
        "backtest": {name: backtest[name] for name in names} if set(names) <= backtest.keys() else None,
    }


def _series(issue_ids: Sequence[int], *, as_of: datetime) -> dict[int, list[tuple[str, int]]]:
    """Count voices of each issue by the hour, up to two weeks back; hours without one are zero."""
    last = as_of.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    begin = last - timedelta(days=SERIES_DAYS) + HOUR
    counted: dict[int, dict[datetime, int]] = defaultdict(dict)
    rows = IssueHour.objects.filter(issue__in=issue_ids, hour__gte=begin, hour__lte=last)
    for issue_id, hour, voices in rows.values_list("issue", "hour", "voices").order_by():
        counted[issue_id][hour] = voices
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for issue_id, hours in counted.items():
        first = min(hours)
        span = int((last - first) / HOUR) + 1
        moments = [first + number * HOUR for number in range(span)]
        found[issue_id] = [(_iso(moment), hours.get(moment, 0)) for moment in moments]
    return found


def _history(issue_ids: Sequence[int], *, as_of: datetime) -> dict[int, list[model.IssueEvent]]:
    events = IssueEvent.objects.filter(issue__in=issue_ids, code__in=_EVENTS, other__isnull=False, at__lte=as_of)
    found: dict[int, list[model.IssueEvent]] = defaultdict(list)
    for issue_id, at, code, other in events.order_by("at", "pk").values_list("issue", "at", "code", "other"):
        event = cast("model.IssueEvent", {"time": _iso(at), "event": _EVENTS[code], "other": other})
        found[issue_id] = [*found[issue_id], event][-MOST_HISTORY:]
    return found


def _add_facts(brief: model.Brief, picture: Picture | None, *, since: datetime, as_of: datetime, is_past: bool) -> None:
    """Add what is known of the whole: what the picture says, or the sums over all issues for a past moment."""
    facts: dict[str, Any] = picture.facts if picture and not is_past else {}
    brief["sample"] = bool(picture and picture.facts.get("sample")) or any(
        Issue.objects.filter(pk__in=[issue["id"] for issue in brief["issues"]]).values_list("is_sample", flat=True)
    )
    if "posts" in facts and as_of - since <= USUAL:
        for name in ("posts", "press", "folded", "rejected", "later"):
            brief[name] = int(facts.get(name, 0))
    else:
        hours = IssueHour.objects.filter(hour__gt=since - HOUR, hour__lte=as_of)
        for voices, copies, press in hours.values_list("voices", "copies", "press").order_by():
            brief["posts"] += voices + copies
            brief["press"] += press
            brief["folded"] += copies
        facts = {name: value for name, value in facts.items() if name != "kinds"}
    brief["kinds"] = _kinds(facts.get("kinds", {}))
    rates = facts.get("alarms", {})
    brief["alarms"] = cast("model.Alarms", {name: rates.get(name) for name in brief["alarms"]})
    brief["places"] = list(facts.get("places", []))
    brief["sources"] = list(facts.get("sources", []))


def _unknowns(
    brief: model.Brief, picture: Picture | None, *, since: datetime, as_of: datetime, is_past: bool
) -> list[model.Unknown]:
    found: list[model.Unknown] = []

    def say(code: str, **values: object) -> None:
        text = unknown_text(code, values, lang="vi", zone=brief["zone"])
        found.append({"code": code, "values": values, "text": text})

    known_at = picture.as_of if picture else None
    if known_at is None:
        say("no-picture")
    elif is_past:
        say("past-moment")
    elif as_of - known_at > LATE:
        say("picture-late", last=_iso(known_at), minutes=int((as_of - known_at) / timedelta(minutes=1)))
    if as_of - since > USUAL and not is_past:
        say("period-long")
    stored = picture.facts.get("unknowns", []) if picture and not is_past else []
    known = {each["code"] for each in found}
    found += [cast("model.Unknown", dict(each)) for each in stored if each.get("code") not in {*known, "issues-cut"}]
    cut = brief["issues_total"] - len(brief["issues"])
    if cut > 0:
        say("issues-cut", count=cut)
    if "not-representative" not in {each["code"] for each in found}:
        say("not-representative")
    return found


def _iso(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="seconds")


def day_before(as_of: datetime | None = None) -> datetime:
    """Give where the usual period begins: 24 hours before its end."""
    return (as_of or timezone.now()) - timedelta(days=1)
