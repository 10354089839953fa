"""Grouping has begun anew, with other numbers: rows and what people said are carried over by the voices they are of.

Without this a lost checkpoint would make every issue a new one, and merges and splits by hand would be gone. While the
log is whole and the engine the same, the numbers come out as before and nothing changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction

from nhipcau.issues.actions.happened import empty_row
from nhipcau.issues.actions.telling import note_events
from nhipcau.issues.holding import hold_grouping
from nhipcau.issues.listening import Listening
from nhipcau.issues.mapping import engine_numbers, oldest_waiting
from nhipcau.issues.models.issues import Issue, Picture
from nhipcau.issues.models.triage import IssueEvent, ThreadPlace

AT_ONCE: Final = 500


def anchors_sought() -> list[int]:
    """All voices by which something will be found again, in order."""
    kept = [
        *Issue.objects.filter(engine_id__isnull=False).values_list("anchors", flat=True),
        *ThreadPlace.objects.values_list("anchors", flat=True),
    ]
    return sorted({int(seq) for anchors in kept for seq in anchors})


def carry_over(listening: Listening, picture: Picture, *, now: datetime) -> None:
    """Give rows and threads put elsewhere the numbers of this run of grouping; the picture says that it was done."""
    with transaction.atomic():
        hold_grouping()
        if picture.seq:
            threads = _threads_of_anchors(listening)
            is_other = _carry_places(threads)
            is_other |= _carry_rows(listening, threads, now)
            if is_other:  # numbers of threads that a page has shown mean something else by now
                Issue.objects.exclude(threads=[]).update(threads=[])
        Picture.objects.filter(pk=1).update(grouping=listening.grouping)
        picture.grouping = listening.grouping
    listening.overlay, listening.is_fresh = None, True
    listening.sought, listening.found = np.zeros(0, np.int64), {}


def _threads_of_anchors(listening: Listening) -> dict[int, int]:
    """The thread of each anchor: as it came by, else as the narrow log has it."""
    threads = dict(listening.found)
    wanted = np.array([seq for seq in anchors_sought() if seq not in threads], np.int64)
    seqs = listening.log.column("seq")
    if len(wanted) and len(seqs):
        place = np.minimum(np.searchsorted(seqs, wanted), len(seqs) - 1)
        there = seqs[place] == wanted
        found = listening.log.column("thread")[place[there]]
        threads.update(zip(wanted[there].tolist(), found.tolist(), strict=True))
    return threads


def _carry_places(threads: dict[int, int]) -> bool:
    """Put the threads that hold the voices of those which people had put elsewhere there too; whether any differs."""
    old = list(ThreadPlace.objects.all())
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for k, place in enumerate(old):
        for seq in place.anchors:
            if seq in threads:
                votes[threads[seq]][k] += 1
    new = []
    for thread, of_places in votes.items():
        place = old[of_places.most_common(1)[0][0]]
        anchors = [seq for seq in place.anchors if threads.get(seq) == thread]
        new.append(ThreadPlace(thread=thread, issue_id=place.issue_id, by_id=place.by_id, at=place.at, anchors=anchors))
    # of one without a voice in the log nothing is left that could be anywhere
    if {(one.thread, one.issue_id) for one in new} == {(one.thread, one.issue_id) for one in old}:
        return False
    ThreadPlace.objects.all().delete()
    ThreadPlace.objects.bulk_create(new, batch_size=AT_ONCE)
    return True


def _carry_rows(listening: Listening, threads: dict[int, int], now: datetime) -> bool:
    """Let each row go on under the number that most of its voices have now; whether any differs.

    Where none does, numbers mean what they meant, and those of rows without a voice in the log stand as well.
    """
    numbers = _numbers_of(listening, sorted(set(threads.values())))
    rows = {row.pk: row for row in Issue.objects.filter(engine_id__isnull=False)}
    claims: dict[int, list[Issue]] = defaultdict(list)
    before = {pk: row.engine_id for pk, row in rows.items()}
    for row in rows.values():
        votes = Counter(numbers[threads[seq]] for seq in row.anchors if seq in threads)
        row.engine_id = None
        if votes:
            most = max(votes.values())
            claims[min(number for number, count in votes.items() if count == most)].append(row)
    for number, claiming in claims.items():
        # who still stands and has most voices goes on; what grouping now takes to be the same is merged into it
        first, *others = sorted(claiming, key=lambda row: (row.gone_at is not None, -row.voices_total, row.pk))
        first.engine_id = number
        for row in others:
            if row.gone_at is None:
                _merge(row, into=first, now=now)
    if all(row.engine_id in (None, before[pk]) for pk, row in rows.items()):
        return False
    Issue.objects.filter(engine_id__isnull=False).update(engine_id=None)
    numbered = [row for row in rows.values() if row.engine_id is not None]
    Issue.objects.bulk_update(numbered, ["engine_id"], batch_size=AT_ONCE)
    return True


def _numbers_of(listening: Listening, threads: list[int]) -> dict[int, int]:
    log = listening.log
    waiting = oldest_waiting(listening.engine, log.column("thread"), log.column("is_copy"))
    known = np.array(threads, np.int64)
    numbers = engine_numbers(listening.engine, known, oldest_waiting=waiting) if len(known) else known
    return dict(zip(threads, numbers.tolist(), strict=True))


def _merge(row: Issue, *, into: Issue, now: datetime) -> None:
    row.merged_into, row.gone_at = into, now
    empty_row(row)
    row.save()
    merged = IssueEvent(issue=into, at=now, code="merged", other=row)
    note_events([merged, IssueEvent(issue=row, at=now, code="absorbed", other=into)])
