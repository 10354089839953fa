"""What happened to issues is noted, and other systems are told of it, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from nhipcau.issues.models.issues import Level, TriageState
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.network.actions import webhooks

LEVELS: Final = {Level.NONE: "none", Level.WATCH: "watch", Level.ALERT: "alert", Level.URGENT: "urgent"}


def note_events(events: Iterable[IssueEvent]) -> None:
    """Write events of issues down, and tell of them."""
    tell_of(IssueEvent.objects.bulk_create(list(events), batch_size=webhooks.AT_ONCE))


def tell_of(events: Iterable[IssueEvent]) -> None:
    """Tell of events that are written down; a sample and what is hidden like a denied issue tell nobody."""
    shown = [one for one in events if not one.issue.is_sample and one.issue.like_denied_id is None]
    told = [(name, {"issue": one.issue_id, **said}) for one in shown for name, said in _told(one)]
    if told:
        webhooks.tell_all(told, at=shown[0].at)


def _told(event: IssueEvent) -> list[tuple[str, dict[str, Any]]]:
    """By which names an event is told, and with what; numbers and codes, no words of anybody."""
    code, values = event.code, event.values
    if code == "appeared":
        return [("issue.appeared", {"level": LEVELS[Level(event.issue.level)]})]
    if code == "level" and values["to"] > values["from"]:
        return [("issue.level-raised", {name: LEVELS[Level(values[name])] for name in ("from", "to")})]
    if code == "triaged":
        moved = {"from": values["triage_from"], "to": values["triage_to"]}
        closed = [("issue.closed", {"from": moved["from"]})] if moved["to"] == TriageState.CLOSED else []
        return [("issue.triaged", moved), *closed]
    if code == "absorbed":
        return [("issue.merged", {"into": event.other_id})]
    if code == "split":
        return [("issue.split", {"off": event.other_id})]
    return []
