"""Compiled: copies the spans that a scanner found into Arrow string buffers, unescaped and free of control characters.

The scanners are `_json_kernels` and `_separated_kernels`; `spans` drives them all.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.reading.kinds_of_value import CONTROL, ESCAPED, PLAIN, QUOTED

_HEX: Final = np.full(256, -1, np.int64)
for _digit in range(16):
    _HEX[ord("0123456789abcdef"[_digit])] = _digit
    _HEX[ord("0123456789ABCDEF"[_digit])] = _digit

LINE_FEED: Final = 10
CARRIAGE_RETURN: Final = 13
QUOTE: Final = 34
BACKSLASH: Final = 92


@njit(cache=True, nogil=True)
def hidden_length(data, position, end):  # type: ignore[no-untyped-def]
    """How many bytes at `position` are one character that could disguise a text (0: none).

    Control characters except tab and line feed (C0, DEL, C1), and the marks that embed, override or isolate a
    direction of writing (U+202A-202E, U+2066-2069).
    """
    byte = data[position]
    if byte < 32:
        return 0 if byte == 9 or byte == 10 else 1
    if byte < 0x7F:
        return 0
    if byte == 0x7F:
        return 1
    if byte == 0xC2 and position + 1 < end and 0x80 <= data[position + 1] <= 0x9F:
        return 2
    if byte == 0xE2 and position + 2 < end:
        second, third = data[position + 1], data[position + 2]
        if (second == 0x80 and 0xAA <= third <= 0xAE) or (second == 0x81 and 0xA6 <= third <= 0xA9):
            return 3
    return 0


@njit(cache=True, nogil=True)
def _hexadecimal(data, position):  # type: ignore[no-untyped-def]
    value = np.int64(0)
    for index in range(position, position + 4):
        value = (value << 4) | _HEX[data[index]]
    return value


@njit(cache=True, nogil=True)
def _write_code_point(out, at, code):  # type: ignore[no-untyped-def]
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at] = 0xC0 | (code >> 6)
        out[at + 1] = 0x80 | (code & 63)
        return at + 2
    if code < 0x10000:
        out[at] = 0xE0 | (code >> 12)
        out[at + 1] = 0x80 | ((code >> 6) & 63)
        out[at + 2] = 0x80 | (code & 63)
        return at + 3
    out[at] = 0xF0 | (code >> 18)
    out[at + 1] = 0x80 | ((code >> 12) & 63)
    out[at + 2] = 0x80 | ((code >> 6) & 63)
    out[at + 3] = 0x80 | (code & 63)
    return at + 4


@njit(cache=True, nogil=True)
def copy_value(data, start, end, kind, out, at):  # type: ignore[no-untyped-def]
    """Copy one value of any kind to `out[at:]`, and give the position behind it. A carriage return is a line break."""
    if kind == PLAIN:
        length = end - start
        if length < 24:  # setting up a copy by blocks takes longer than this
            for position in range(length):
                out[at + position] = data[start + position]
        else:
            out[at : at + length] = data[start:end]
        return at + length
    position = start
    returned = False  # the last character was a carriage return, written as a line feed
    while position < end:
        byte = data[position]
        if kind == ESCAPED and byte == BACKSLASH:
            code = np.int64(data[position + 1])
            position += 2
            if code == 110:
                code = np.int64(10)
            elif code == 116:
                code = np.int64(9)
            elif code == 114:
                code = np.int64(13)
            elif code == 98 or code == 102:
                code = np.int64(8)
            elif code == 117:
                code = _hexadecimal(data, position)
                position += 4
                if 0xD800 <= code <= 0xDBFF and (
                    position + 5 < end and data[position] == BACKSLASH and data[position + 1] == 117
                ):
                    low = _hexadecimal(data, position + 2)
                    if 0xDC00 <= low <= 0xDFFF:
                        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                        position += 6
                if 0xD800 <= code <= 0xDFFF:
                    code = np.int64(0xFFFD)  # a lone surrogate is no character
            if code == LINE_FEED and returned:
                returned = False
                continue
            returned = code == CARRIAGE_RETURN
            if returned:
                code = np.int64(10)
            hidden = (
                (code < 32 and code != 9 and code != 10)
                or 0x7F <= code <= 0x9F
                or 0x202A <= code <= 0x202E
                or 0x2066 <= code <= 0x2069
            )
            if not hidden:
                at = _write_code_point(out, at, code)
            continue
        if byte == LINE_FEED and returned:
            returned = False
            position += 1
            continue
        returned = byte == CARRIAGE_RETURN
        if returned:
            out[at] = LINE_FEED
            at += 1
            position += 1
            continue
        if kind == QUOTED and byte == QUOTE:
            position += 1  # the first of two
        skipped = hidden_length(data, position, end)
        if skipped > 0:
            position += skipped
        else:
            out[at] = data[position]
            at += 1
            position += 1
    return at


@njit(cache=True, nogil=True)
def gather(data, kinds, starts, ends, offsets_of_choices, slots_of_choices, whole, offsets, valid, out):  # type: ignore[no-untyped-def]
    """Write for every row the first choice of slots that has a value, its parts joined by a line feed.

    Where `whole` is 1, a choice counts only with all its parts. `valid[row]` becomes 1 where something was written.
    """
    at = 0
    offsets[0] = 0
    for row in range(kinds.shape[0]):
        begin = at
        for choice in range(offsets_of_choices.shape[0] - 1):
            first, last = offsets_of_choices[choice], offsets_of_choices[choice + 1]
            present = 0
            for index in range(first, last):
                kind = kinds[row, slots_of_choices[index]]
                if PLAIN <= kind <= CONTROL:
                    present += 1
            if present == 0 or (whole == 1 and present < last - first):
                continue
            for index in range(first, last):
                slot = slots_of_choices[index]
                kind = kinds[row, slot]
                if PLAIN <= kind <= CONTROL:
                    resume = at
                    if at > begin:
                        out[at] = LINE_FEED
                        at += 1
                    value_at = at
                    at = copy_value(data, starts[row, slot], ends[row, slot], kind, out, at)
                    if at == value_at:
                        at = resume
            if at > begin:
                break
        valid[row] = 1 if at > begin else 0
        offsets[row + 1] = at
    return at


@njit(cache=True, nogil=True)
def clean_strings(data, offsets, out_offsets, out):  # type: ignore[no-untyped-def]
    """Write strings of an Arrow array without what could disguise them; gives the number of bytes written."""
    at = 0
    out_offsets[0] = 0
    for row in range(offsets.shape[0] - 1):
        at = copy_value(data, offsets[row], offsets[row + 1], CONTROL, out, at)
        out_offsets[row + 1] = at
    return at


@njit(cache=True, nogil=True)
def has_hidden(data):  # type: ignore[no-untyped-def]
    """Whether any byte of `data` begins a character that `clean_strings` would change."""
    for position in range(data.shape[0]):
        byte = data[position]
        is_suspect = (byte < 32 and byte != 9 and byte != 10) or byte == 0x7F or byte == 0xC2 or byte == 0xE2
        if is_suspect and hidden_length(data, position, data.shape[0]) > 0:
            return True
    return False


@njit(cache=True, nogil=True)
def find_blank(data, offsets, blank):  # type: ignore[no-untyped-def]
    """Mark with 1 the rows that hold nothing but white space, no-break and zero-width spaces included."""
    for row in range(offsets.shape[0] - 1):
        position, end = offsets[row], offsets[row + 1]
        blank[row] = 1
        while position < end:
            byte = data[position]
            if byte == 32 or 9 <= byte <= 13:
                position += 1
            elif byte == 0xC2 and position + 1 < end and data[position + 1] == 0xA0:
                position += 2
            elif position + 2 < end and (
                (byte == 0xE2 and data[position + 1] == 0x80 and data[position + 2] <= 0x8F)
                or (byte == 0xEF and data[position + 1] == 0xBB and data[position + 2] == 0xBF)
            ):
                position += 3
            else:
                blank[row] = 0
                break
