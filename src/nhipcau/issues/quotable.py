"""Which voices of an issue may be quoted: none that two pages, or one before and after a change, lead back to few.

What came with an issue that was merged is quoted only where that part reaches the floor by itself, and the rest by
itself. What was quoted when an issue was split is quoted no more, in neither of the two nor in any that voices came
from or went to by a merge, so that what vanishes tells nothing. What came of a source that is forgotten is quoted no
more. The floor itself is in `floor.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import Longs, authors_by_group
from nhipcau.engine.brief.model import DEFAULT_FLOOR
from nhipcau.engine.cleaning.text import normalize
from nhipcau.engine.grouping.grouper import issues_of
from nhipcau.engine.stream import Engine
from nhipcau.issues.looking import Look
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.network.spelling import folded
from nhipcau.voices.queries.forgetting import forgotten_until

SPLIT: Final = "split"
_LETTERS: Final = 80
_NO_WORD: Final = re.compile(r"[\W_]+")
_SENTENCE: Final = re.compile(r"[.?!…\n]+")


@dataclass(frozen=True)
class Part:
    """An issue that was merged into another: how the grouping calls it, and its threads as they were last told."""

    engine_id: int | None
    threads: frozenset[int]


@dataclass(frozen=True)
class Quotable:
    """What is left of an issue to be quoted: of the voices that were asked about, and how many people that are."""

    mask: NDArray[np.bool_]
    authors: int


@dataclass(frozen=True)
class Apart:
    """What happened to issues that their quotes must not tell; of the last day, since nothing older is quoted."""

    parts: dict[int, list[Part]]
    quoted: dict[int, set[str]]
    forgotten: dict[str, int]

    @classmethod
    def load(cls, *, since: datetime) -> Apart:
        """Read it. Three queries."""
        merged = Issue.objects.filter(merged_into__isnull=False, gone_at__gte=since).order_by("gone_at", "pk")
        rows = list(merged.values_list("pk", "engine_id", "merged_into_id", "threads"))
        into = {pk: target for pk, _, target, _ in rows}
        parts: dict[int, list[Part]] = defaultdict(list)
        for pk, engine_id, _, threads in rows:
            parts[_end(pk, into)].append(Part(engine_id, frozenset(int(one["thread"]) for one in threads)))
        events = IssueEvent.objects.filter(at__gte=since, other__isnull=False)
        told = list(events.values_list("issue_id", "other_id", "code", "values"))
        kin = _kin([*((issue, other) for issue, other, _, _ in told), *((pk, target) for pk, target in into.items())])
        quoted: dict[int, set[str]] = defaultdict(set)
        for issue, _, code, values in told:
            if code == SPLIT and (keys := values.get("quoted")):
                for one in kin[issue]:
                    quoted[one].update(keys)
        return cls(dict(parts), dict(quoted), forgotten_until(since=since))

    def quotable(
        self, engine: Engine, seen: Look, key: int, *, every: Longs, asked: Longs, words: Sequence[str]
    ) -> Quotable | None:
        """Say which of the rows `asked` may be quoted, of `every` row of the issue; None where nothing happened to it.

        `words` are those of the rows `asked`.
        """
        parts, quoted = self.parts.get(key, []), self.quoted.get(key, set())
        is_gone = self._is_forgotten(seen)
        if not parts and not quoted and not is_gone[every].any():
            return None
        figures = seen.figures
        part_of = self._part_of(engine, seen, parts, every)
        inside = figures.mask(seen.window.since, seen.window.until)[every] & ~is_gone[every]
        authors = authors_by_group(figures, every[inside], part_of[inside], len(parts) + 1)
        is_wide = authors >= DEFAULT_FLOOR
        may = dict(zip(every.tolist(), (is_wide[part_of] & ~is_gone[every]).tolist(), strict=True))
        mask = np.array([may[row] for row in asked.tolist()], np.bool_) | figures.is_press[asked]
        mask &= ~is_gone[asked]
        if quoted:
            mask &= np.array([not (keys_of_voice(text) & quoted) for text in words], np.bool_)
        whole = inside & is_wide[part_of]
        people = authors_by_group(figures, every[whole], np.zeros(int(whole.sum()), np.int64), 1)
        return Quotable(mask, int(people[0]))

    def _is_forgotten(self, seen: Look) -> NDArray[np.bool_]:
        figures = seen.figures
        until = np.array([self.forgotten.get(name, -1) for name in figures.source_names] or [-1], np.int64)
        return np.asarray(figures.time <= until[figures.source], np.bool_)

    @staticmethod
    def _part_of(engine: Engine, seen: Look, parts: Sequence[Part], rows: Longs) -> Longs:
        """Number the part that each voice came with; 0 is the issue itself."""
        part_of = np.zeros(len(rows), np.int64)
        if parts:
            threads, place = np.unique(seen.thread[rows], return_inverse=True)
            numbers = issues_of(engine.state, threads)
            of_thread = np.zeros(len(threads), np.int64)
            for number, part in reversed(list(enumerate(parts, 1))):  # what was merged first is a part of its own
                theirs = np.isin(threads, list(part.threads))
                if part.engine_id is not None:
                    theirs |= numbers == part.engine_id
                of_thread[theirs] = number
            part_of = of_thread[place]
        return part_of


def quoted_keys(issue: Issue) -> list[str]:
    """What an issue quotes now, as keys that tell nothing of it."""
    shown = [one["text"] for one in issue.excerpts if one.get("kind") != "press"]
    shown += [one["text"] for one in issue.questions]
    shown += [one["words"] for one in issue.threads if one.get("words")]
    return sorted({_key(text) for text in shown if text})


def keys_of_voice(text: str) -> set[str]:
    """The keys under which a voice may have been quoted: as a whole, and each of its sentences."""
    return {_key(text), *(_key(one) for one in _SENTENCE.split(text) if one.strip())}


def _key(text: str) -> str:
    """Alike for a text and for its beginning as it is shown, whatever its spacing, points and diacritics."""
    bare = _NO_WORD.sub("", folded(normalize(text.replace("\n", ". ", 1))))
    return blake2b(bare[:_LETTERS].encode(), digest_size=8).hexdigest()


def _kin(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """Give for each issue all those that it exchanged voices with, through others too; itself is one of them."""
    kin: dict[int, set[int]] = {}
    for one, other in pairs:
        whole = kin.get(one, {one}) | kin.get(other, {other})
        for each in whole:
            kin[each] = whole
    return kin


def _end(issue: int, into: dict[int, int]) -> int:
    seen = {issue}
    while issue in into and into[issue] not in seen:
        issue = into[issue]
        seen.add(issue)
    return issue
