"""Counts over the voice log by day, issue and place, for any period. Read are tallies of threads, never a text.

Which issue a thread belongs to is revised as time goes on, so it is given by whoever asks; nothing stored says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nhipcau.voices.logplace import Place, place_of_sides
from nhipcau.voices.sides import EVERYWHERE, tallies_of
from nhipcau.voices.voicelog import Segment, VoiceLog

SIDE_BY_SIDE: Final = 2
"""Days that are read at a time."""
KEYS: Final = ("day", "issue", "place")


@dataclass(frozen=True)
class Counts:
    """What was counted: the `KEYS` that were asked for, `voices`, and `own`, those that are no copies.

    A voice that names two places counts at each; rows with the place `EVERYWHERE` count every voice once.
    """

    table: pa.Table
    uncounted: int
    """Voices of the period that nobody has grouped yet."""


def counts(
    *,
    since: date,
    until: date,
    issue_of: NDArray[np.integer],
    by: Sequence[str] = KEYS,
    issues: Sequence[int] | None = None,
    log: VoiceLog | None = None,
) -> Counts:
    """Count the voices that arrived on the days of a period, both ends included.

    Parameters
    ----------
    issue_of
        The issue of each thread, below 0 for none; threads beyond its end have none.
    by
        Some of `KEYS`. Without `place` every voice counts once.
    issues
        Only these.

    Notes
    -----
    Memory grows with the rows of the answer, and with one day of the log.
    """
    chosen = np.asarray(issue_of, np.int32)
    if issues is not None:
        chosen = np.where(np.isin(chosen, np.asarray(issues, np.int32)), chosen, np.int32(-1))
    days = _days((log or VoiceLog()).segments(since=since, until=until))
    sides = place_of_sides()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as workers:
        found = list(workers.map(lambda day: _of_day(day, chosen, by, sides), days))
    table = pa.concat_tables([_empty(by), *(table for table, _ in found)])
    if "day" not in by:
        order = [(name, "ascending") for name in KEYS if name in by]
        table = _summed(table, by)
        table = table.sort_by(order) if order else table
    return Counts(table, sum(missing for _, missing in found))


def _days(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    ordered = sorted(segments, key=lambda one: (one.day, one.first_seq))
    for _, of_day in groupby(ordered, key=lambda one: one.day):
        yield list(of_day)


def _of_day(
    segments: list[Segment], issue_of: NDArray[np.int32], by: Sequence[str], sides: Place
) -> tuple[pa.Table, int]:
    tables, missing = [], 0
    for segment in segments:
        tally = tallies_of(segment, place=sides)
        if tally is None:
            missing += segment.voices
        else:
            tables.append(_of_issues(tally, issue_of, with_places="place" in by))
    table = _tallied(pa.concat_tables([_empty(("issue", "place")), *tables]), by)
    if "day" in by:
        table = table.append_column("day", pa.repeat(pa.scalar(segments[0].day, pa.date32()), table.num_rows))
    return table.select([*(name for name in KEYS if name in by), "voices", "own"]), missing


def _of_issues(tally: pa.Table, issue_of: NDArray[np.int32], *, with_places: bool) -> pa.Table:
    """The rows of threads that belong to an issue, with the issue instead of the thread."""
    thread = tally.column("thread").to_numpy()
    inside = thread < len(issue_of)
    issue = np.where(inside, issue_of[np.where(inside, thread, 0)], -1) if len(issue_of) else np.full(len(thread), -1)
    kept = issue >= 0
    if not with_places:
        kept &= tally.column("place").to_numpy() == EVERYWHERE
    return pa.table(
        {
            "issue": issue[kept].astype(np.int32),
            **{name: tally.column(name).to_numpy()[kept] for name in ("place", "voices", "own")},
        }
    )


def _tallied(table: pa.Table, by: Sequence[str]) -> pa.Table:
    """Sum the rows of a day. Few issues are spoken of on a day, so that each with each place has a cell of its own."""
    issue = table.column("issue").to_numpy() if "issue" in by else np.zeros(table.num_rows, np.int32)
    place = table.column("place").to_numpy() - EVERYWHERE if "place" in by else np.zeros(table.num_rows, np.int32)
    is_there = np.zeros(int(issue.max(initial=-1)) + 1, np.bool_)
    is_there[issue] = True
    issues, width = np.flatnonzero(is_there), int(place.max(initial=0)) + 1
    cells = (np.cumsum(is_there) - 1)[issue] * width + place
    summed = {
        name: np.bincount(cells, weights=table.column(name).to_numpy(), minlength=len(issues) * width)
        for name in ("voices", "own")
    }
    some = np.flatnonzero(summed["voices"])
    keys = {"issue": issues[some // width], "place": some % width + EVERYWHERE}
    columns = {**{name: keys[name] for name in KEYS if name in by and name != "day"}}
    columns |= {name: values[some] for name, values in summed.items()}
    return pa.table({name: pa.array(values.astype(np.int32)) for name, values in columns.items()})


def _summed(table: pa.Table, by: Sequence[str]) -> pa.Table:
    grouped = table.group_by([name for name in KEYS if name in by], use_threads=False)
    summed = grouped.aggregate([("voices", "sum"), ("own", "sum")])
    summed = summed.rename_columns([name.removesuffix("_sum") for name in summed.schema.names])
    return summed.cast(pa.schema([(name, _type(name)) for name in summed.schema.names]))


def _empty(by: Sequence[str]) -> pa.Table:
    names = [*(name for name in KEYS if name in by), "voices", "own"]
    return pa.schema([(name, _type(name)) for name in names]).empty_table()


def _type(name: str) -> pa.DataType:
    return pa.date32() if name == "day" else pa.int32()
