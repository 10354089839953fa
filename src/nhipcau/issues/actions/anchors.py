"""Anchors: the latest voices of each issue of the grouping, and of each thread that a person has put elsewhere.

Numbers of voices are for ever, those of issues and threads hold for one run of grouping. When grouping has to begin
anew, rows and what people said are found again by these voices (`carrying.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import numpy as np

from nhipcau.engine.brief.figures import Longs
from nhipcau.issues.looking import Mapped
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import ThreadPlace
from nhipcau.issues.narrowlog import NarrowLog

MOST: Final = 12
AT_ONCE: Final = 500


def anchors_of(log: NarrowLog, mapped: Mapped, rows: Iterable[Issue]) -> dict[int, list[int]]:
    """Give the anchors of rows, by id; one whose voices have left for another issue keeps those older than the log."""
    numbered = {row.engine_id: row for row in rows if row.engine_id is not None}
    if not log.rows or not numbered:
        return {}
    latest = _latest(log, mapped.thread_numbers[log.column("thread") - mapped.thread_base], numbered.keys())
    first = int(log.column("seq")[0])
    return {
        row.pk: latest.get(number) or [seq for seq in row.anchors if seq < first] for number, row in numbered.items()
    }


def note_places(log: NarrowLog, *, only_new: bool) -> None:
    """Write the anchors of threads that people have put elsewhere: a voice stays in its thread for ever."""
    places = ThreadPlace.objects.filter(anchors=[]) if only_new else ThreadPlace.objects.all()
    placed = {place.thread: place for place in places}
    changed = []
    for thread, seqs in _latest(log, log.column("thread"), placed.keys()).items():
        if placed[thread].anchors != seqs:
            placed[thread].anchors = seqs
            changed.append(placed[thread])
    ThreadPlace.objects.bulk_update(changed, ["anchors"], batch_size=AT_ONCE)


def _latest(log: NarrowLog, owner: Longs, wanted: Collection[int]) -> dict[int, list[int]]:
    """The latest voices of each owner that is wanted, copies only where it has nothing else."""
    chosen = np.flatnonzero(np.isin(owner, np.array(sorted(wanted), np.int64)))
    if not len(chosen):
        return {}
    is_copy, seqs = log.column("is_copy")[chosen], log.column("seq")[chosen]
    order = np.lexsort((seqs, ~is_copy, owner[chosen]))
    found: dict[int, list[int]] = {}
    there, starts = np.unique(owner[chosen][order], return_index=True)
    for number, part in zip(there.tolist(), np.split(seqs[order], starts[1:]), strict=True):
        found[number] = sorted(part[-MOST:].tolist())
    return found
