"""What a scanner found, as spans of bytes, and how it becomes columns. The scanners: `json_lines`, `separated`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.reading.arrays import Bytes, string_array, validity_of
from nhipcau.engine.reading.columns import ColumnPlan
from nhipcau.engine.reading.kinds_of_value import ABSENT, CONTROL, NESTED, PLAIN
from nhipcau.engine.reading.options import TARGETS


@dataclass
class RawRows:
    """Rows of one input before they are judged: a column for every target that the input can make."""

    lines: npt.NDArray[np.int64]
    columns: dict[str, pa.Array]
    """Strings, null where a row has nothing; a time may be an Arrow time already."""
    nested_text: npt.NDArray[np.bool_] | None = None
    """Where the text is an object or a list."""
    bad: list[tuple[int, str]] = field(default_factory=list)
    """Lines that are no rows, and why."""
    naming: list[pa.Array] = field(default_factory=list)
    """What the author of each row is called, a column for each way, where these are to be hidden."""


@dataclass
class Spans:
    """Where the values of some rows stand in `data`: `kinds`, `starts` and `ends` of shape (rows, slots)."""

    data: Bytes
    size: int
    """Bytes that these rows take."""
    kinds: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int64]
    slots: dict[str, int]
    """Plain name of a column to its slot."""
    bad: list[tuple[int, str]] = field(default_factory=list)


def rows_of_spans(spans: Spans, plan: ColumnPlan) -> RawRows:
    """Copy the values into columns, unescaped and without control characters."""
    columns = {}
    for target in TARGETS:
        column = _gather(spans, plan.choices[target], is_whole=plan.whole[target])
        if column is not None:
            columns[target] = column
    naming = [_gather(spans, [[name]], is_whole=False) for name in plan.naming if name in spans.slots]
    nested = None
    slots = _slots(spans, plan, "text")
    if slots and (spans.kinds[:, slots] == NESTED).any():
        nested = (spans.kinds[:, slots] == NESTED).any(axis=1)
        if "text" in columns:
            nested &= ~validity_of(columns["text"])
    return RawRows(spans.lines, columns, nested, spans.bad, [column for column in naming if column is not None])


def tells(spans: Spans, plan: ColumnPlan, target: str, row: int) -> bool:
    """Whether this row has a column for `target`, be it empty."""
    return any(spans.kinds[row, slot] != ABSENT for slot in _slots(spans, plan, target))


def _slots(spans: Spans, plan: ColumnPlan, target: str) -> list[int]:
    return [spans.slots[name] for choice in plan.choices[target] for name in choice if name in spans.slots]


def _gather(spans: Spans, wanted: list[list[str]], *, is_whole: bool) -> pa.StringArray | None:
    from nhipcau.engine.reading._text_kernels import gather

    choices = []
    for choice in wanted:
        slots = [spans.slots[name] for name in choice if name in spans.slots]
        if slots and (len(slots) == len(choice) or not is_whole):
            choices.append(slots)
    if not choices or not len(spans.lines):
        return None
    rows = len(spans.lines)
    starts_of_choices = np.cumsum([0, *map(len, choices)], dtype=np.int64)
    slots_of_choices = np.array([slot for choice in choices for slot in choice], np.int64)
    offsets = np.empty(rows + 1, np.int32)
    valid = np.empty(rows, np.uint8)
    # No more room than the values can take: columns are kept, and a log of them would keep the rest too.
    filled = (spans.kinds[:, slots_of_choices] >= PLAIN) & (spans.kinds[:, slots_of_choices] <= CONTROL)
    lengths = spans.ends[:, slots_of_choices] - spans.starts[:, slots_of_choices]
    out = np.empty(int(lengths[filled].sum(dtype=np.int64)) + rows * len(slots_of_choices), np.uint8)
    written = gather(
        spans.data,
        spans.kinds,
        spans.starts,
        spans.ends,
        starts_of_choices,
        slots_of_choices,
        int(is_whole),
        offsets,
        valid,
        out,
    )
    return string_array(offsets, out[:written], valid)
