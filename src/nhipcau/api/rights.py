"""The one table that states for every operation which scope a token needs, and which right its person.

An operation that is not here is refused. Which rows a person reaches is in `network/access`, as for pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nhipcau.network.access.rights import ANALYSING, AUDIT, DIRECTING, LISTENING, PERSON, SEAT, Right


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation needs; no scope means that any token will do."""

    right: Right
    scope: str = ""


NEEDS: Final[dict[tuple[str, str], Need]] = {
    ("GET", "me"): Need(PERSON),
    ("GET", "offices"): Need(SEAT, "offices:read"),
    ("GET", "office"): Need(SEAT, "offices:read"),
    ("GET", "tasks"): Need(PERSON, "tasks:read"),
    ("POST", "tasks"): Need(DIRECTING, "tasks:issue"),
    ("POST", "task-with-files"): Need(DIRECTING, "tasks:issue"),
    ("GET", "task"): Need(PERSON, "tasks:read"),
    ("GET", "file"): Need(PERSON, "tasks:read"),
    ("POST", "task-withdrawal"): Need(DIRECTING, "tasks:issue"),
    ("POST", "task-corrections"): Need(DIRECTING, "tasks:issue"),
    ("GET", "task-recipients"): Need(PERSON, "tasks:read"),
    ("GET", "recipient"): Need(PERSON, "tasks:read"),
    ("POST", "recipient-moves"): Need(SEAT, "tasks:move"),
    ("POST", "recipient-evidence"): Need(SEAT, "tasks:move"),
    ("POST", "recipient-files"): Need(SEAT, "tasks:move"),
    ("POST", "recipient-rounds"): Need(DIRECTING, "tasks:issue"),
    ("POST", "recipient-pause"): Need(DIRECTING, "tasks:move"),
    ("POST", "recipient-resumption"): Need(DIRECTING, "tasks:move"),
    ("POST", "recipient-proxy-acknowledgement"): Need(DIRECTING, "tasks:move"),
    ("GET", "sources"): Need(LISTENING, "sources:read"),
    ("GET", "source"): Need(LISTENING, "sources:read"),
    ("GET", "picture"): Need(LISTENING, "issues:read"),
    ("GET", "picture-events"): Need(LISTENING, "issues:read"),
    ("GET", "issues"): Need(LISTENING, "issues:read"),
    ("GET", "issue"): Need(LISTENING, "issues:read"),
    ("GET", "issue-series"): Need(LISTENING, "issues:read"),
    ("GET", "issue-history"): Need(LISTENING, "issues:read"),
    ("POST", "issue-triage"): Need(ANALYSING, "issues:write"),
    ("POST", "issue-owner"): Need(ANALYSING, "issues:write"),
    ("POST", "issue-name"): Need(ANALYSING, "issues:write"),
    ("POST", "issue-notes"): Need(ANALYSING, "issues:write"),
    ("GET", "alert-rules"): Need(LISTENING, "alerts:read"),
    ("POST", "alert-rules"): Need(ANALYSING, "alert-rules:write"),
    ("GET", "alert-rule"): Need(LISTENING, "alerts:read"),
    ("PUT", "alert-rule"): Need(ANALYSING, "alert-rules:write"),
    ("POST", "alert-rule-switch"): Need(ANALYSING, "alert-rules:write"),
    ("GET", "alert-rule-trial"): Need(LISTENING, "alerts:read"),
    ("GET", "alerts"): Need(LISTENING, "alerts:read"),
    ("POST", "alert-acknowledgements"): Need(LISTENING, "alerts:acknowledge"),  # an auditor is refused by the action
    ("GET", "briefs"): Need(LISTENING, "briefs:read"),
    ("GET", "brief"): Need(LISTENING, "briefs:read"),
    ("POST", "source-voices"): Need(ANALYSING, "voices:write"),
    ("GET", "audit-records"): Need(AUDIT, "audit:read"),
}
"""By method and name of the address."""
