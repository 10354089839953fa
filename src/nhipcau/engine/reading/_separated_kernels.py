"""Compiled: finds the wanted fields in a block of separated values (RFC 4180), as spans; nothing is copied here."""

from __future__ import annotations

from typing import Final

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.reading._text_kernels import hidden_length
from nhipcau.engine.reading.kinds_of_value import ABSENT, BAD_FIELDS, BAD_LONG, BAD_QUOTE, CONTROL, EMPTY, PLAIN, QUOTED

_STOP: Final = np.zeros(256, np.uint8)
"""1 for bytes that end or may change a field, but for the separator, which is not always the same."""
_STOP[:32] = 1
_STOP[[34, 0x7F, 0xC2, 0xE2]] = 1
_STOP[9] = 0


@njit(cache=True, nogil=True)
def scan_records(  # type: ignore[no-untyped-def]
    data, position, line, final, longest, delimiter, slots_of_columns, kinds, starts, ends, lines, bad_lines, bad_codes
):
    """Scan the records of `data`, which ends with a line feed; a record may span lines within quotes.

    Gives `(position, line, rows, bad)`. It stops at the end of the data, where the rows or the bad lines are full, and,
    unless `final` is 1, before a record that has not ended. A record of more than `longest` bytes is bad. After a bad
    record the scan goes on with the line after its first.
    """
    size = data.shape[0]
    columns = slots_of_columns.shape[0]
    row, bad = 0, 0
    while position < size and row < lines.shape[0] and bad < bad_lines.shape[0]:
        beginning = position
        if data[position] == 10 or (data[position] == 13 and data[position + 1] == 10):
            position += 1 if data[position] == 10 else 2
            line += 1
            continue
        for slot in range(kinds.shape[1]):
            kinds[row, slot] = ABSENT
        column, breaks, fault = 0, 0, 0
        while True:
            kind = PLAIN
            if data[position] == 34:
                position += 1
                value_start = position
                closed = False
                while position < size:
                    while _STOP[data[position]] == 0:  # the last byte is a line feed, which stops this
                        position += 1
                    byte = data[position]
                    if byte == 34:
                        if data[position + 1] != 34:
                            closed = True
                            break
                        kind = QUOTED
                        position += 1
                    elif byte == 10:
                        breaks += 1
                    elif hidden_length(data, position, size) > 0:
                        kind = QUOTED
                    position += 1
                if not closed:
                    if size - beginning > longest:
                        fault = BAD_LONG
                    elif final == 1:
                        fault = BAD_QUOTE
                    else:
                        return beginning, line, row, bad
                    break
                value_end = position
                position += 1
                while data[position] == 32 and delimiter != 32:
                    position += 1
                if data[position] == 13 and data[position + 1] == 10:
                    position += 1
                if data[position] != 10 and data[position] != delimiter:
                    fault = BAD_QUOTE
                    break
            else:
                value_start = position
                while True:
                    while _STOP[data[position]] == 0 and data[position] != delimiter:
                        position += 1
                    if data[position] == delimiter or data[position] == 10:
                        break
                    if hidden_length(data, position, size) > 0 and not (
                        data[position] == 13 and data[position + 1] == 10
                    ):
                        kind = CONTROL
                    position += 1
                value_end = position
                if data[position] == 10 and value_end > value_start and data[value_end - 1] == 13:
                    value_end -= 1
            if column < columns:
                slot = slots_of_columns[column]
                if slot >= 0:
                    kinds[row, slot] = kind if value_end > value_start else EMPTY
                    starts[row, slot] = value_start
                    ends[row, slot] = value_end
            column += 1
            if data[position] == 10:
                break
            position += 1
        if position - beginning > longest:
            fault = BAD_LONG  # whatever else: where the block ends sooner, no more than this is seen
        if fault == 0 and column != columns:
            fault = BAD_FIELDS
        if fault == 0 or fault == BAD_FIELDS:
            position += 1
        if fault == 0:
            lines[row] = line
            row += 1
            line += breaks + 1
            continue
        bad_lines[bad] = line
        bad_codes[bad] = fault
        bad += 1
        if fault == BAD_FIELDS:
            line += breaks + 1
            continue
        position = beginning
        while data[position] != 10:
            position += 1
        position += 1
        line += 1
    return position, line, row, bad
