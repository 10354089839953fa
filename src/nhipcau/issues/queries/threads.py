"""The threads of an issue, from which a person chooses what to split off: how many voices, from when to when.

What a page has shown goes along with its form, signed: a thread that was there to choose may have left the list of the
largest since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core import signing

from nhipcau.issues.models.issues import Issue
from nhipcau.issues.queries.shown import is_wide

SALT: Final = "issues.split"


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


def sealed_threads(issue: Issue) -> str:
    """What a page shows of the threads of an issue, for its form."""
    return signing.dumps([issue.pk, *(int(one["thread"]) for one in issue.threads)], salt=SALT, compress=True)


def unsealed_threads(text: str, issue: Issue) -> frozenset[int]:
    """The threads that a page has shown of this issue; none where that is not known."""
    try:
        number, *threads = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return frozenset()
    return frozenset(threads) if number == issue.pk else frozenset()
