"""The rows of issues: read, brought up to what is seen, written where they differ; never what people do with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from django.db.models import Q

from nhipcau.engine.brief import heat
from nhipcau.engine.brief.figures import Longs
from nhipcau.engine.brief.standing import status_of
from nhipcau.issues.actions.hours import totals_of
from nhipcau.issues.actions.telling import note_events, tell_of
from nhipcau.issues.denials import Denials
from nhipcau.issues.describing import kinds_by_name
from nhipcau.issues.floor import reaches_floor, without_words
from nhipcau.issues.looking import Look, Mapped
from nhipcau.issues.mapping import WITHOUT_ROW
from nhipcau.issues.models.issues import Issue, Status
from nhipcau.issues.models.triage import IssueEvent
from nhipcau.issues.narrowlog import NarrowLog

AT_ONCE: Final = 200
WRITTEN: Final = (
    "label", "keywords", "status", "level", "level_since", "heat", "heat_parts", "voices", "voices_total", "press",
    "copies", "distinct_authors", "distinct_sources", "first_seen_at", "last_seen_at", "kinds", "places", "place_codes",
    "source_codes", "questions", "open_questions", "forecast", "backtest", "excerpts", "excerpts_withheld", "evidence",
    "threads", "search_text", "anchors", "changed_at", "like_denied_id",
)  # fmt: skip
"""What the listener writes of an issue, and only that."""


@dataclass
class RowsOfIssues:
    """The rows that one picture may change."""

    rows: dict[int, Issue]
    before: dict[int, tuple[Any, ...]]
    turned: list[Issue] = field(default_factory=list)
    """Those whose level or status is another than before."""
    appeared: list[IssueEvent] = field(default_factory=list)

    @classmethod
    def read(cls, seen: Look, *, touched: Iterable[int], whole: bool) -> RowsOfIssues:
        """Read the rows of issues that are touched or described; for a whole picture of all with voices in the window.

        Those that had voices there when the last picture was made are among them.
        """
        wanted = {key for key in touched if key < WITHOUT_ROW}
        if whole:
            wanted.update(key for key in seen.keys[seen.found.ids].tolist() if key < WITHOUT_ROW)
            stood = Q(gone_at=None, voices__gt=0) | Q(like_denied__isnull=False) | Q(denials__isnull=False)
            wanted.update(Issue.objects.filter(stood).values_list("pk", flat=True))
        rows = Issue.objects.in_bulk(sorted(wanted))
        return cls(rows, {pk: _values(row) for pk, row in rows.items()})

    def create(self, places: list[int], seen: Look, log: NarrowLog, issue: Longs, now: datetime) -> dict[int, int]:
        """Make rows for issues of the grouping that have none; gives the id of each by its key."""
        if not places:
            return {}
        wanted = np.full(len(seen.keys), -1, np.int64)
        wanted[places] = np.arange(len(places))
        chosen = np.flatnonzero(wanted[issue] >= 0)
        owner, time = wanted[issue[chosen]], log.column("time")[chosen]
        first = np.full(len(places), np.iinfo(np.int64).max)
        last = np.full(len(places), -1)
        np.minimum.at(first, owner, time)
        np.maximum.at(last, owner, time)
        made = [
            Issue(
                engine_id=int(seen.keys[place]) - WITHOUT_ROW,
                first_seen_at=datetime.fromtimestamp(int(first[k]), UTC),
                last_seen_at=datetime.fromtimestamp(int(last[k]), UTC),
                changed_at=now,
            )
            for k, place in enumerate(places)
        ]
        Issue.objects.bulk_create(made, batch_size=AT_ONCE)
        self.appeared = IssueEvent.objects.bulk_create([IssueEvent(issue=row, at=now, code="appeared") for row in made])
        for row in made:
            self.rows[row.pk] = row
            self.before[row.pk] = ()
        return {int(seen.keys[place]): row.pk for place, row in zip(places, made, strict=True)}

    def leave_out(self, merged: set[int]) -> None:
        """Forget rows that were just merged away; what they keep are hours older than the narrow log."""
        for pk in merged:
            self.rows.pop(pk, None)
            Issue.objects.filter(pk=pk).update(voices_total=totals_of({pk}).get(pk, 0))

    def standing(self) -> list[Issue]:
        """Rows with voices in the window, and those that just lost their last."""
        return [row for pk, row in self.rows.items() if row.voices or row in self.turned]

    def of(self, keys: Iterable[int]) -> list[Issue]:
        """The rows with some ids."""
        return [self.rows[key] for key in keys if key in self.rows]

    def hottest(self, most: int) -> list[Issue]:
        """The rows with the most heat."""
        return sorted((row for row in self.rows.values() if row.voices), key=lambda row: (-row.heat, row.pk))[:most]

    def bring_up(
        self,
        seen: Look,
        mapped: Mapped,
        *,
        touched: set[int],
        anchors: dict[int, list[int]],
        described: dict[int, dict[str, Any]],
        foreseen: dict[int, dict[str, Any]],
        levels: Any,
        denials: Denials,
        now: datetime,
    ) -> None:
        """Bring the rows up to what is seen, and write those that differ."""
        place_of = {int(key): place for place, key in enumerate(mapped.keys)}
        totals = totals_of(touched & self.rows.keys())
        latest = _latest(seen)
        sources = _sources(seen)
        events = []
        for pk, row in self.rows.items():
            place = place_of.get(pk)
            k = None if place is None else seen.row_of(place)
            old = (row.level, row.status)
            if k is None:
                _cool(row, is_judged=levels is not None)
            else:
                _count(row, seen, k, sources[k], datetime.fromtimestamp(int(latest[k]), UTC))
                if levels is not None:
                    row.level = int(levels[k])
            if place in described:
                for name, value in described[place].items():
                    setattr(row, name, value)
            elif pk in touched:
                _leave_moved(row, mapped)
            _guard(row)
            row.like_denied_id = denials.hides(pk, row.keywords)
            for name, value in foreseen.get(pk, {}).items():
                setattr(row, name, value)
            if pk in touched:
                row.voices_total, row.changed_at = totals.get(pk, 0), now
                row.anchors = anchors.get(pk, row.anchors)
            if row.level != old[0]:
                row.level_since = now if row.level else None
                events.append(IssueEvent(issue=row, at=now, code="level", values={"from": old[0], "to": row.level}))
            if (row.level, row.status) != old or not self.before[pk]:
                self.turned.append(row)
        changed = [row for pk, row in self.rows.items() if _values(row) != self.before[pk]]
        Issue.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=_FIELDS, batch_size=AT_ONCE
        )
        note_events(events)
        tell_of(self.appeared)  # only now it is known which of them are hidden


_FIELDS: Final = [name.removesuffix("_id") for name in WRITTEN]


def _values(row: Issue) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in WRITTEN)


def _count(row: Issue, seen: Look, k: int, sources: str, latest: datetime) -> None:
    """Take the counts of the window."""
    found = seen.found
    status = status_of(found, k, seen.window, has_times=True)
    if status == "new" and row.first_seen_at.timestamp() < seen.window.since:
        status = "growing"  # it was there before the narrow log begins
    parts = heat.one(seen.heat, k)
    row.status = Status(status)
    row.heat_parts = dict(parts)
    row.heat = round(sum(seen.heat[name][k] for name in parts), 1)
    row.voices = int(found.voices[k])
    row.press = int(found.press[k] if found.people[k] else found.voices[k])
    row.copies = int(found.copies[k])
    row.distinct_authors = int(found.authors[k]) or None
    row.distinct_sources = int(found.sources[k]) or None
    row.kinds = kinds_by_name(seen.kinds[k])
    row.open_questions = int(seen.questions[k])
    row.source_codes = sources
    row.first_seen_at = min(row.first_seen_at, datetime.fromtimestamp(int(found.first[k]), UTC))
    row.last_seen_at = latest  # not the latest ever: a thread that was here for a while may have left since


def _cool(row: Issue, *, is_judged: bool) -> None:
    """Nothing came in the window."""
    row.voices = row.press = row.copies = row.open_questions = 0
    row.distinct_authors = row.distinct_sources = None
    row.heat, row.heat_parts, row.kinds = 0.0, {}, {}
    row.status = Status.FADING
    if is_judged:
        row.level = 0


def _leave_moved(row: Issue, mapped: Mapped) -> None:
    """Its list names no thread that is in another issue by now; the list is made anew when the issue is described."""
    places = [int(one["thread"]) - mapped.thread_base for one in row.threads]
    keys = [mapped.thread_keys[k] if 0 <= k < len(mapped.thread_keys) else -1 for k in places]
    if any(key not in (row.pk, -1) for key in keys):
        row.threads = [one for one, key in zip(row.threads, keys, strict=True) if key in (row.pk, -1)]


def _guard(row: Issue) -> None:
    """Below the floor nothing that people said is left, whatever it was before."""
    if reaches_floor(row.distinct_authors):
        return
    has_words = any(one.get("words") for one in row.threads)
    if not row.questions and not has_words and all(excerpt["kind"] == "press" for excerpt in row.excerpts):
        return
    forget_words(row)


def forget_words(row: Issue) -> None:
    """Leave out what people said, until the issue is described again."""
    for name, value in without_words(row).items():
        setattr(row, name, value)


def _latest(seen: Look) -> Longs:
    latest = np.full(len(seen.found.ids), -1)
    np.maximum.at(latest, seen.found.group, seen.figures.time[seen.found.rows])
    return latest


def _sources(seen: Look) -> list[str]:
    """The codes of the sources of each issue in the window, as they are looked for."""
    found, figures = seen.found, seen.figures
    pairs = np.unique(np.stack([found.group, figures.source[found.rows].astype(np.int64)]), axis=1)
    named: list[list[str]] = [[] for _ in found.ids]
    for k, source in pairs.T.tolist():
        if figures.source_names[source]:
            named[k].append(figures.source_names[source])
    return [f"|{'|'.join(sorted(names))}|" if names else "" for names in named]
