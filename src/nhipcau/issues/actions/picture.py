"""The picture made anew: what the listener knows of all issues becomes rows, in one transaction.

It is the work of a machine, many times a minute, so it writes no audit record; `IssueEvent` tells what happened. What
is seen is counted in `looking.py`, what is written in `rows.py`, `hours.py`, `happened.py` and `facts.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction

from nhipcau.engine.brief import alarms, issue_parts
from nhipcau.engine.brief.figures import Longs
from nhipcau.engine.stream import Engine
from nhipcau.issues.actions.anchors import anchors_of, note_places
from nhipcau.issues.actions.carrying import carry_over
from nhipcau.issues.actions.facts import MOST_ISSUES, facts_of
from nhipcau.issues.actions.happened import keep_numbers, note_grouping, note_moments
from nhipcau.issues.actions.hours import with_recent_hours, write_hours
from nhipcau.issues.actions.rows import RowsOfIssues
from nhipcau.issues.denials import Denials
from nhipcau.issues.describing import describe_issues
from nhipcau.issues.holding import hold_grouping
from nhipcau.issues.listening import Listening
from nhipcau.issues.looking import Look, Mapped, look, map_voices
from nhipcau.issues.mapping import WITHOUT_ROW, Overlay, version_of_overlay
from nhipcau.issues.models.issues import Picture
from nhipcau.voices.logsteps import reached
from nhipcau.voices.queries.sources import source_names

FEWEST_VOICES: Final = 3
FEWEST_WITH_COPIES: Final = 5
"""Voices of its own, or copies too, that an issue needs to become a row: most that is said is said once."""
MOST_NEW: Final = 1_000
"""Issues that become rows in one picture, those with the most voices first; the others in the next."""
MOST_DESCRIBED: Final = 40
"""Issues whose words are read in one picture, the hottest first; the others in the next."""
MOST_FORECAST: Final = 20
"""Issues that are forecast in one picture, the hottest first."""
FORECAST_TOP: Final = 100
"""Of so many of the hottest issues the forecast is kept up to date, every hour."""
TRIES: Final = 5


class OverlayMoved(Exception):
    """A person changed what lies over the grouping while the picture was made."""


@dataclass(frozen=True)
class Judged:
    """Levels of the issues in `Look.found`, false-alarm rates and places that stand out."""

    levels: Any
    stated: Any
    places: Any


def renew_picture(
    *, listening: Listening, now: datetime, judge: bool = True, hour_end: bool = False, describe: bool = True
) -> Picture:
    """Bring the rows of issues, hours, moments, events and the picture up to what the listener has taken.

    Parameters
    ----------
    listening
        The listener's memory; what was written is noted in it.
    now
        The end of the window of 24 hours.
    judge
        Whether all issues are counted, with levels, places and sources, which takes longer; else those with new voices.
    hour_end
        Whether `now` is the end of an hour: how each issue stands is noted as a moment.
    describe
        Whether words are read for issues that have rows already, and forecasts made; new ones always get their words.
    """
    for _ in range(TRIES - 1):
        try:
            return _renew(listening, now, judge=judge, hour_end=hour_end, describe=describe)
        except OverlayMoved:
            listening.overlay = None
    return _renew(listening, now, judge=judge, hour_end=hour_end, describe=describe)


def _renew(listening: Listening, now: datetime, *, judge: bool, hour_end: bool, describe: bool) -> Picture:
    picture = Picture.objects.filter(pk=1).first() or Picture(pk=1)
    if listening.engine.seq < picture.seq:
        return picture  # after a start: what was shown already is taken again first
    if picture.grouping != listening.grouping:
        carry_over(listening, picture, now=now)
    keep_numbers(listening, seen_seq=picture.seq)
    overlay = listening.overlay
    if overlay is None or overlay.version != version_of_overlay():
        overlay = listening.overlay = Overlay.load()
        judge = True  # a person may have changed the figures of any issue
    mapped = map_voices(listening.engine, listening.log, overlay)
    seen = look(listening.log, mapped, now=now, zone=listening.zone)
    touched = _touched(listening, mapped, picture.seq, now)
    fresh = _new_issues(listening, mapped)
    judged = _judged(listening.engine, seen) if judge else None
    wanted = fresh + (_changed(listening, seen, touched) if describe else [])
    rows = RowsOfIssues.read(seen, touched=touched.union(seen.keys[wanted].tolist()), whole=judge)
    described = describe_issues(listening.engine, listening.texts, seen, wanted)
    _name_sources(described)
    foreseen = _forecasts(listening, seen, now) if judge and describe else {}
    denials = Denials.load()
    reached("before-picture")
    try:
        with transaction.atomic():
            hold_grouping()
            if version_of_overlay() != overlay.version:
                raise OverlayMoved
            created = rows.create(fresh, seen, listening.log, mapped.issue, now)
            mapped = _with_rows(mapped, created)
            touched = {created.get(key, key) for key in touched}
            touched = {key for key in touched if key < WITHOUT_ROW} | set(created.values())
            merged = note_grouping(listening, seen_seq=picture.seq, created=set(created.values()), now=now)
            write_hours(listening.log, mapped, issues=touched | merged, seen_seq=picture.seq, now=now)
            rows.leave_out(merged)
            rows.bring_up(
                seen,
                mapped,
                touched=touched,
                anchors=anchors_of(listening.log, mapped, rows.of(touched)),
                described=described,
                foreseen=foreseen,
                levels=None if judged is None else judged.levels,
                denials=denials,
                now=now,
            )
            if len(overlay.threads):
                note_places(listening.log, only_new=not hour_end)
            note_moments(rows.standing() if hour_end else rows.turned, at=now)
            picture.facts = facts_of(picture.facts, seen, judged, rows.hottest(MOST_ISSUES), now=now)
            picture.seq, picture.as_of = listening.engine.seq, now
            picture.version = Picture.objects.values_list("version", flat=True).get(pk=1)
            picture.save(force_update=True)
            version = version_of_overlay()
            reached("written-picture")
    except BaseException:
        listening.is_fresh, listening.overlay = True, None
        raise
    if not hour_end:  # then what was said since is still to come
        listening.to_describe &= set(seen.keys[seen.found.ids].tolist())  # of others there is nothing new to read
        touched &= set(mapped.keys[seen.found.ids].tolist())
    _remember(listening, mapped, touched, described, created=created, merged=merged, version=version)
    return picture


def _name_sources(described: dict[int, dict[str, Any]]) -> None:
    """Quotes tell their source as people call it, not as the log does."""
    names = source_names() if described else {}
    for issue in described.values():
        for excerpt in issue["excerpts"]:
            excerpt["source"] = names.get(excerpt["source"], excerpt["source"])


def _touched(listening: Listening, mapped: Mapped, seen_seq: int, now: datetime) -> set[int]:
    """Keys of issues with voices that no picture has shown, or that won or lost threads since."""
    if listening.is_fresh:
        # an issue may have no voices any more that the last picture has shown it with
        return set(mapped.keys.tolist()) | with_recent_hours(now)
    seqs: Longs = listening.log.column("seq")
    begin = int(np.searchsorted(seqs, seen_seq))
    touched = set(mapped.keys[np.unique(mapped.issue[begin:])].tolist())
    base = max(mapped.thread_base, listening.thread_base)
    before = listening.thread_keys[base - listening.thread_base :]
    after = mapped.thread_keys[base - mapped.thread_base :][: len(before)]
    before = before[: len(after)]
    moved = (before != after) & (before >= 0) & (after >= 0)
    return touched | set(before[moved].tolist()) | set(after[moved].tolist())


def _new_issues(listening: Listening, mapped: Mapped) -> list[int]:
    """Places in `mapped.keys` of issues that become rows now."""
    own = np.bincount(mapped.issue[~listening.log.column("is_copy")], minlength=len(mapped.keys))
    every = np.bincount(mapped.issue, minlength=len(mapped.keys))
    is_enough = (own >= FEWEST_VOICES) | (every >= FEWEST_WITH_COPIES)
    fresh = np.flatnonzero((mapped.keys >= WITHOUT_ROW) & is_enough)
    order: list[int] = fresh[np.argsort(-own[fresh], kind="stable")][:MOST_NEW].tolist()
    return order


def _judged(engine: Engine, seen: Look) -> Judged:
    stated, levels, places = alarms.warnings(engine, seen.figures, seen.window, seen.found.ids)
    return Judged(levels, stated, places)


def _hottest(seen: Look, keys: set[int] | None) -> list[int]:
    """Places in `seen.keys` of issues with a row and voices in the window, the hottest first; of some only."""
    heat = np.asarray(sum(seen.heat.values()))
    found = seen.found.ids
    order = np.lexsort((found, -heat)) if len(found) else found
    places = [int(found[k]) for k in order]
    return [
        place for place in places if seen.keys[place] < WITHOUT_ROW and (keys is None or int(seen.keys[place]) in keys)
    ]


def _changed(listening: Listening, seen: Look, touched: set[int]) -> list[int]:
    """Places in `seen.keys` of the issues whose words are read again."""
    return _hottest(seen, touched | listening.to_describe)[:MOST_DESCRIBED]


def _forecasts(listening: Listening, seen: Look, now: datetime) -> dict[int, dict[str, Any]]:
    """Forecast the hottest issues whose forecast is of another hour: the fields of `Issue`, by id."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    top = _hottest(seen, None)[:FORECAST_TOP]
    due = [place for place in top if listening.forecast_at.get(int(seen.keys[place])) != hour][:MOST_FORECAST]
    if not due:
        return {}
    made = {}
    for place, forecast in zip(due, issue_parts.forecasts(seen.figures, seen.window, np.array(due)), strict=True):
        parts = issue_parts.forecast_parts(forecast, seen.window)
        key = int(seen.keys[place])
        listening.forecast_at[key] = hour
        record = {**(parts["backtest"] or {}), "totals": parts["forecast_totals"], "reason": parts["forecast_reason"]}
        made[key] = {"forecast": parts["forecast"], "backtest": record}
    for old in [key for key, at in listening.forecast_at.items() if at < hour - timedelta(days=1)]:
        del listening.forecast_at[old]
    return made


def _with_rows(mapped: Mapped, created: dict[int, int]) -> Mapped:
    """The same voices, with the ids of rows that were just made."""
    if not created:
        return mapped
    numbers = np.array(sorted(created), np.int64)
    ids = np.array([created[int(number)] for number in numbers], np.int64)

    def replaced(keys: Longs) -> Longs:
        place = np.minimum(np.searchsorted(numbers, keys), len(numbers) - 1)
        return np.where(numbers[place] == keys, ids[place], keys)

    return replace(mapped, keys=replaced(mapped.keys), thread_keys=replaced(mapped.thread_keys))


def _remember(
    listening: Listening,
    mapped: Mapped,
    touched: set[int],
    described: dict[int, dict[str, Any]],
    *,
    created: dict[int, int],
    merged: set[int],
    version: int,
) -> None:
    listening.thread_base, listening.thread_keys = mapped.thread_base, mapped.thread_keys
    done = {int(mapped.keys[place]) for place in described}
    listening.to_describe = (listening.to_describe | touched) - done - merged
    listening.is_fresh = False
    if created or merged or listening.overlay is None:
        listening.overlay = Overlay.load()
    elif listening.overlay.version != version:  # by events of our own
        listening.overlay = replace(listening.overlay, version=version)
