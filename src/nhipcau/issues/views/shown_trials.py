"""A trial as its page shows it: letters with names instead of numbers, the days as bars."""

from __future__ import annotations

from typing import Any, Final

from nhipcau.issues.alertrules import kind_of
from nhipcau.issues.models.issues import Issue, Level
from nhipcau.issues.queries.alert_trial import Trial
from nhipcau.issues.queries.alerts import names_of_places, names_of_sources

MOST: Final = 200
"""So many letters are listed; all are counted."""


def shown(trial: Trial) -> dict[str, Any]:
    """The newest letters and the letters of each day."""
    newest = trial.letters[-MOST:][::-1]
    subjects = {firing.subject for letter in newest for firing in letter.firings}
    named = _named(subjects)
    most = max((count for _day, count in trial.by_day), default=0)
    return {
        "letters": [
            {
                "due_at": letter.due_at,
                "recipient": trial.recipients.named(letter.recipient),
                "found": [
                    {"at": one.at, "level": Level(one.level).label if one.level else "", **named[one.subject]}
                    for one in letter.firings
                ],
            }
            for letter in newest
        ],
        "count": len(trial.letters),
        "bars": [{"day": day, "count": count} for day, count in trial.by_day],
        "most": most,
    }


def _named(subjects: set[str]) -> dict[str, dict[str, Any]]:
    """What each subject is called, and the number of an issue."""
    by_kind: dict[str, list[str]] = {"issue": [], "place": [], "source": []}
    for subject in subjects:
        by_kind[kind_of(subject)].append(subject.partition("-")[2])
    issues = Issue.objects.filter(pk__in=by_kind["issue"]).only("own_label", "label") if by_kind["issue"] else []
    found: dict[str, dict[str, Any]] = {f"issue-{one.pk}": {"name": str(one), "issue": one.pk} for one in issues}
    for kind, names in (
        ("place", names_of_places(by_kind["place"])),
        ("source", names_of_sources(by_kind["source"])),
    ):
        found |= {f"{kind}-{code}": {"name": names.get(code, code), "issue": None} for code in by_kind[kind]}
    return found
