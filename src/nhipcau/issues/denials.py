"""What a person has said to be no issue, and how others like it are known: by most of their keywords."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from nhipcau.issues.models.triage import IssueEvent, NotAnIssue
from nhipcau.network.spelling import folded

ALIKE: Final = 0.5
"""Keywords in common against all of both, from where an issue is taken to be like one that is none."""
FEWEST_COMMON: Final = 2


def signature_of(keywords: Iterable[str]) -> list[str]:
    """By which keywords an issue is known again: without diacritics, each once.

    >>> signature_of(["Ngập nước", "ngập nước", "Cầu"])
    ['cau', 'ngap nuoc']
    """
    return sorted({folded(word) for word in keywords if word})


@dataclass(frozen=True)
class Denials:
    """All that are in force."""

    of_issue: dict[int, int]  # issue → denial
    signatures: list[tuple[int, frozenset[str]]]  # denial → keywords, the oldest first
    exempt: frozenset[int]  # issues that a person has called issues again

    @classmethod
    def load(cls) -> Denials:
        """Read them."""
        rows = list(NotAnIssue.objects.filter(taken_back_at=None).order_by("pk"))
        again = IssueEvent.objects.filter(code="an-issue-again").values_list("issue_id", flat=True)
        return cls(
            {row.issue_id: row.pk for row in rows},
            [(row.pk, frozenset(row.signature)) for row in rows if not row.hides_only_itself],
            frozenset(again),
        )

    def hides(self, issue: int, keywords: Collection[str]) -> int | None:
        """Give the denial by which an issue is hidden, None where it is shown."""
        if issue in self.of_issue:
            return self.of_issue[issue]
        words = frozenset(signature_of(keywords)) if self.signatures else frozenset()
        if not words or issue in self.exempt:
            return None
        for denial, signature in self.signatures:
            common = len(words & signature)
            if common >= FEWEST_COMMON and common >= ALIKE * len(words | signature):
                return denial
        return None
