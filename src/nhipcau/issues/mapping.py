"""Which issue a thread belongs to in the end: the grouping, and over it what people have merged, split and moved.

Grouping itself is never changed by hand. Who merges or splits calls `hold_grouping` of `holding.py` first and writes an
`IssueEvent` in the same transaction: by its number the listener sees that the picture must be made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import Longs
from nhipcau.engine.grouping._typing import NEXT_ISSUE, SINCE_REVISION
from nhipcau.engine.grouping.grouper import issues_of
from nhipcau.engine.stream import Engine
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueEvent, ThreadPlace

WITHOUT_ROW: Final = 1 << 40
"""Issues of the grouping that have no row yet are called by their number above this one."""


def version_of_overlay() -> int:
    """A number that grows with everything that people do with issues."""
    return int(IssueEvent.objects.aggregate(latest=Max("pk"))["latest"] or 0)


@dataclass(frozen=True)
class Overlay:
    """What lies over the grouping, as of a version; all arrays sorted by their first."""

    version: int
    engine_ids: Longs
    rows_of_engine_ids: Longs  # where the voices of an issue of the grouping are in the end
    threads: Longs
    rows_of_threads: Longs
    final: dict[int, int]  # each issue that was merged away to the one that it is in now

    @classmethod
    def load(cls) -> Overlay:
        """Read it."""
        version = version_of_overlay()
        merged = dict(Issue.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
        final = {issue: _end(issue, merged) for issue in merged}
        engine = sorted(Issue.objects.filter(engine_id__isnull=False).values_list("engine_id", "pk"))
        placed = sorted(ThreadPlace.objects.values_list("thread", "issue_id"))
        return cls(
            version=version,
            engine_ids=np.array([number for number, _ in engine], np.int64),
            rows_of_engine_ids=np.array([final.get(row, row) for _, row in engine], np.int64),
            threads=np.array([thread for thread, _ in placed], np.int64),
            rows_of_threads=np.array([final.get(row, row) for _, row in placed], np.int64),
            final=final,
        )

    def keys(self, threads: Longs, numbers: Longs) -> Longs:
        """Give the issue of each thread in the end: the `id` of its row, or its number above `WITHOUT_ROW`."""
        found = _looked_up(numbers, self.engine_ids, self.rows_of_engine_ids, otherwise=numbers + WITHOUT_ROW)
        return _looked_up(threads, self.threads, self.rows_of_threads, otherwise=found)


def _end(issue: int, merged: dict[int, int]) -> int:
    seen = {issue}
    while issue in merged and merged[issue] not in seen:
        issue = merged[issue]
        seen.add(issue)
    return issue


def _looked_up(values: Longs, known: Longs, answers: Longs, *, otherwise: Longs) -> Longs:
    if not len(known):
        return otherwise
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[place] == values, answers[place], otherwise)


def engine_numbers(engine: Engine, threads: Longs, *, oldest_waiting: int) -> Longs:
    """Give the grouping's issue of each thread.

    Threads from `oldest_waiting` on were opened since the last revision and may wait for it: they are shown where a
    revision now would put them. All others stand where the last one put them, so that no issue merges and comes back.
    """
    numbers = issues_of(engine.state, threads)
    waiting = threads >= oldest_waiting
    if waiting.any():
        soon = engine.issues_of(threads[waiting])
        # a number that only the copy has given away means something else tomorrow
        numbers[waiting] = np.where(soon < int(engine.state.live.counters[NEXT_ISSUE]), soon, numbers[waiting])
    return numbers


def oldest_waiting(engine: Engine, threads: Longs, is_copy: NDArray[np.bool_]) -> int:
    """Find the first thread that was opened since the last revision; `threads` and `is_copy` of the voices in order."""
    heads = np.flatnonzero(~is_copy)
    since = min(int(engine.state.live.counters[SINCE_REVISION]), len(heads))
    if not since:
        return int(threads.max(initial=-1)) + 1
    return int(threads[: heads[-since]].max(initial=-1)) + 1
