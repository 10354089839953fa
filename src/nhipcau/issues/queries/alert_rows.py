"""Rows of alert rules and sightings ↔ the plain values that the pure rules know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nhipcau.issues.alertletters import Manners
from nhipcau.issues.alertrules import Condition, Memory, Seen
from nhipcau.issues.models.alerts import AlertRule, AlertSighting
from nhipcau.network.spelling import folded

COMPARED = (
    "is_there",
    "level",
    "is_new",
    "people",
    "questions",
    "is_published",
    "is_silent",
    "places",
    "sources",
    "words",
)
"""What makes a sighting another one than the last."""


def condition_of(rule: AlertRule) -> Condition:
    """What a rule looks for."""
    return Condition(
        what=rule.what,
        level=rule.level,
        people=rule.people,
        questions=rule.questions,
        places=frozenset(rule.places),
        sources=frozenset(rule.sources),
        words=tuple(word for word in map(folded, rule.words.split(",")) if word),
        repeat_hours=rule.repeat_hours,
        repeats=rule.repeats,
    )


def manners_of(rule: AlertRule) -> Manners:
    """When a rule writes."""
    return Manners(
        quiet_from=rule.quiet_from,
        quiet_until=rule.quiet_until,
        urgent_breaks_through=rule.urgent_breaks_through,
        group_minutes=rule.group_minutes,
    )


def seen_of(row: AlertSighting) -> Seen:
    """A sighting as the rules see it."""
    return Seen(
        at=row.at,
        subject=row.subject,
        is_there=row.is_there,
        level=row.level,
        is_new=row.is_new,
        people=row.people,
        questions=row.questions,
        is_published=row.is_published,
        is_silent=row.is_silent,
        places=codes(row.places),
        sources=codes(row.sources),
        words=row.words,
    )


def codes(joined: str) -> frozenset[str]:
    """Read "|a|b|"."""
    return frozenset(code for code in joined.split("|") if code)


def joined(given: Iterable[str]) -> str:
    """Write "|a|b|", in order."""
    found = sorted(set(given))
    return f"|{'|'.join(found)}|" if found else ""


def memory_from(kept: Mapping[str, Any]) -> dict[str, Memory]:
    """Read what a rule remembers."""
    return {subject: Memory(_moment(held), _moment(told), int(level)) for subject, (held, told, level) in kept.items()}


def memory_kept(memory: Mapping[str, Memory]) -> dict[str, Any]:
    """Write what a rule remembers."""
    return {
        subject: [_text(one.held_since), _text(one.told_at), one.told_level] for subject, one in sorted(memory.items())
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
