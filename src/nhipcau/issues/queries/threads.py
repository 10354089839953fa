"""The threads of an issue, from which a person chooses what to split off: how many voices, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nhipcau.issues.models.issues import Issue
from nhipcau.issues.queries.shown import is_wide


@dataclass(frozen=True)
class ThreadRow:
    """A thread: its number, its voices, and its first and last one; words only where the floor allows them."""

    number: int
    voices: int
    first_at: datetime
    last_at: datetime
    words: str = ""


def threads_of(issue: Issue) -> list[ThreadRow]:
    """Give the threads of an issue, the largest first."""
    found = [
        ThreadRow(
            int(one["thread"]),
            int(one["voices"]),
            datetime.fromisoformat(one["first"]),
            datetime.fromisoformat(one["last"]),
            str(one.get("words") or "") if is_wide(issue) else "",
        )
        for one in issue.threads
    ]
    return sorted(found, key=lambda one: (-one.voices, one.number))
