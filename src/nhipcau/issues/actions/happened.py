"""What happened by itself: issues that the grouping merged or split, and how issues stood at the end of an hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from nhipcau.engine.grouping._typing import MERGED, SPLIT
from nhipcau.issues.actions.telling import note_events
from nhipcau.issues.listening import Listening
from nhipcau.issues.models.issues import Issue, IssueMoment
from nhipcau.issues.models.triage import IssueEvent

AT_ONCE: Final = 500


def keep_numbers(listening: Listening, *, seen_seq: int) -> None:
    """Let a row go on under the number of the issue that took it in, where that one has no row of its own."""
    merged = [
        (one, other) for kind, one, other, seq in listening.engine.state.history if kind == MERGED and seq >= seen_seq
    ]
    rows = {row.engine_id: row for row in _rows_of({number for pair in merged for number in pair})}
    for kept, gone in merged:
        row = rows.get(gone)
        if row is not None and row.gone_at is None and kept not in rows:
            rows[kept] = rows.pop(gone)
            Issue.objects.filter(pk=row.pk).update(engine_id=kept)
            listening.overlay = None


def note_grouping(listening: Listening, *, seen_seq: int, created: set[int], now: datetime) -> set[int]:
    """Note merges and splits since the last picture; gives the ids of rows that were merged.

    A row that is merged keeps its number and points to the row that its voices are in. Where people had put the other
    one into this one already, theirs stands.
    """
    history = [entry for entry in listening.engine.state.history if entry[3] >= seen_seq]
    rows = {row.engine_id: row for row in _rows_of({number for entry in history for number in entry[1:3]})}
    merged: set[int] = set()
    events = []
    for kind, one, other, _ in history:
        kept, gone = rows.get(one), rows.get(other)
        if kept is None or gone is None:
            continue
        if kind == SPLIT and gone.pk in created:
            events.append(IssueEvent(issue=gone, at=now, code="split", other=kept))
        if kind != MERGED or gone.merged_into_id is not None:
            continue
        target = _end_of(kept)
        if target.pk == gone.pk:
            continue
        gone.merged_into, gone.gone_at = target, now
        empty_row(gone)
        gone.save()
        merged.add(gone.pk)
        events.append(IssueEvent(issue=target, at=now, code="merged", other=gone))
        events.append(IssueEvent(issue=gone, at=now, code="absorbed", other=target))
    note_events(events)
    return merged


def empty_row(row: Issue) -> None:
    """What is in another issue now is not told here too."""
    row.voices = row.press = row.copies = row.open_questions = row.level = 0
    row.heat, row.heat_parts = 0.0, {}
    row.excerpts, row.questions, row.evidence, row.threads, row.search_text = [], [], [], [], ""


def note_moments(rows: Iterable[Issue], *, at: datetime) -> None:
    """Note how issues stand."""
    moments = [
        IssueMoment(
            issue=row,
            at=at,
            heat=row.heat,
            heat_parts=row.heat_parts,
            level=row.level,
            status=row.status,
            voices=row.voices,
            distinct_authors=row.distinct_authors,
            open_questions=row.open_questions,
            place_codes=row.place_codes,
        )
        for row in rows
    ]
    IssueMoment.objects.bulk_create(moments, ignore_conflicts=True, batch_size=AT_ONCE)


def _rows_of(numbers: set[int]) -> list[Issue]:
    listed, found = sorted(numbers), []
    for start in range(0, len(listed), AT_ONCE):
        found += list(Issue.objects.filter(engine_id__in=listed[start : start + AT_ONCE]))
    return found


def _end_of(row: Issue) -> Issue:
    while row.merged_into is not None:
        row = row.merged_into
    return row
