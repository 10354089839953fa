"""Compiled: finds the wanted values in a block of JSON lines, as spans of bytes; nothing is copied here.

The grammar is RFC 8259, with two liberties: raw control characters in strings (`_text_kernels` takes them out), and
the NaN and Infinity that some writers emit, which count as null. Nesting may be 60 deep.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.reading._text_kernels import hidden_length
from nhipcau.engine.reading.kinds_of_value import ABSENT, BAD_JSON, EMPTY, ESCAPED, NESTED, PLAIN

_STOP: Final = np.zeros(256, np.uint8)
"""1 for bytes that end or may change a string: a quote, a backslash, controls, and the first bytes of hidden marks."""
_STOP[:32] = 1
_STOP[[34, 92, 0x7F, 0xC2, 0xE2]] = 1
_STOP[9] = 0

_FNV_BASIS: Final = np.uint64(0xCBF29CE484222325)
_FNV_PRIME: Final = np.uint64(0x100000001B3)
DEEPEST: Final = 60


@njit(cache=True, nogil=True)
def _is_digit(byte):  # type: ignore[no-untyped-def]
    return 48 <= byte <= 57


@njit(cache=True, nogil=True)
def _is_hexadecimal(byte):  # type: ignore[no-untyped-def]
    return 48 <= byte <= 57 or 65 <= byte <= 70 or 97 <= byte <= 102


@njit(cache=True, nogil=True)
def _skip_space(data, position):  # type: ignore[no-untyped-def]
    while data[position] == 32 or data[position] == 9 or data[position] == 13:
        position += 1
    return position


@njit(cache=True, nogil=True)
def _string_end(data, position):  # type: ignore[no-untyped-def]
    """Find the closing quote of the string that begins at `position` (-1: none on this line), and its kind."""
    kind = PLAIN
    while True:
        while _STOP[data[position]] == 0:
            position += 1
        byte = data[position]
        if byte == 34:
            return position, kind
        if byte == 92:
            kind = ESCAPED
            following = data[position + 1]
            if following == 117:
                for index in range(position + 2, position + 6):
                    if not _is_hexadecimal(data[index]):
                        return -1, kind
                position += 6
            elif (
                following == 34 or following == 92 or following == 47 or following == 98
                or following == 102 or following == 110 or following == 114 or following == 116
            ):  # fmt: skip
                position += 2
            else:
                return -1, kind
        elif byte == 10:
            return -1, kind
        else:
            if hidden_length(data, position, data.shape[0]) > 0:
                kind = ESCAPED
            position += 1


@njit(cache=True, nogil=True)
def _word_end(data, position, word):  # type: ignore[no-untyped-def]
    for index in range(word.shape[0]):
        if data[position + index] != word[index]:
            return -1
    return position + word.shape[0]


_TRUE: Final = np.frombuffer(b"true", np.uint8)
_FALSE: Final = np.frombuffer(b"false", np.uint8)
_NULL: Final = np.frombuffer(b"null", np.uint8)
_NAN: Final = np.frombuffer(b"NaN", np.uint8)
_INFINITY: Final = np.frombuffer(b"Infinity", np.uint8)


@njit(cache=True, nogil=True)
def _scalar_end(data, position):  # type: ignore[no-untyped-def]
    """Find the end of the number or word at `position` (-1: neither), and its kind."""
    byte = data[position]
    if byte == 116:
        return _word_end(data, position, _TRUE), PLAIN
    if byte == 102:
        return _word_end(data, position, _FALSE), PLAIN
    if byte == 110:
        return _word_end(data, position, _NULL), EMPTY
    if byte == 78:
        return _word_end(data, position, _NAN), EMPTY
    if byte == 73:
        return _word_end(data, position, _INFINITY), EMPTY
    if byte == 45:
        position += 1
        if data[position] == 73:
            return _word_end(data, position, _INFINITY), EMPTY
    if not _is_digit(data[position]):
        return -1, PLAIN
    if data[position] == 48:
        position += 1
    else:
        while _is_digit(data[position]):
            position += 1
    if data[position] == 46:
        position += 1
        if not _is_digit(data[position]):
            return -1, PLAIN
        while _is_digit(data[position]):
            position += 1
    if data[position] == 101 or data[position] == 69:
        position += 1
        if data[position] == 43 or data[position] == 45:
            position += 1
        if not _is_digit(data[position]):
            return -1, PLAIN
        while _is_digit(data[position]):
            position += 1
    return position, PLAIN


@njit(cache=True, nogil=True)
def _nested_end(data, position):  # type: ignore[no-untyped-def]
    """Find the end of the object or array at `position`, -1 where it is not well formed on this line."""
    objects = np.uint64(0)  # one bit a level: 1 for an object, 0 for an array
    one = np.uint64(1)
    depth = 0
    expects_value = True
    just_opened = False
    while True:
        position = _skip_space(data, position)
        byte = data[position]
        if expects_value:
            if byte == 123 or byte == 91:
                depth += 1
                if depth > DEEPEST:
                    return -1
                objects = (objects << one) | (one if byte == 123 else np.uint64(0))
                position += 1
                just_opened = True
                if byte == 123:
                    expects_value = False
                continue
            if byte == 93 and just_opened and (objects & one) == 0:
                expects_value = False
                just_opened = False
                continue
            just_opened = False
            if byte == 34:
                position, _ = _string_end(data, position + 1)
                if position < 0:
                    return -1
                position += 1
            else:
                position, _ = _scalar_end(data, position)
                if position < 0:
                    return -1
            expects_value = False
            continue
        in_object = (objects & one) == one
        if just_opened:  # of an object: a key or the end
            just_opened = False
            if byte == 34:
                position, _ = _string_end(data, position + 1)
                if position < 0:
                    return -1
                position = _skip_space(data, position + 1)
                if data[position] != 58:
                    return -1
                position += 1
                expects_value = True
                continue
            if byte != 125:
                return -1
        if (byte == 125 and in_object) or (byte == 93 and not in_object):
            position += 1
            depth -= 1
            objects = objects >> one
            if depth == 0:
                return position
            continue
        if byte != 44:
            return -1
        position += 1
        if in_object:
            position = _skip_space(data, position)
            if data[position] != 34:
                return -1
            just_opened = True
        else:
            expects_value = True


@njit(cache=True, nogil=True)
def scan_objects(  # type: ignore[no-untyped-def]
    data, position, line, row, bad, key_hashes, key_slots, kinds, starts, ends, lines, bad_lines, bad_codes
):
    """Scan lines of `data` (which ends with a line feed) from `position` on.

    It stops at the end of the data, and where the rows or the bad lines are full.
    Gives `(position, line, row, bad, key_start, key_end)`; where `key_start` is not negative, the key there is not
    in the table of keys, and the scan has stopped at the beginning of its line.
    """
    size = data.shape[0]
    mask = np.uint64(key_hashes.shape[0] - 1)
    while position < size and row < lines.shape[0] and bad < bad_lines.shape[0]:
        beginning = position
        position = _skip_space(data, position)
        if data[position] == 10:
            position += 1
            line += 1
            continue
        good = False
        if data[position] == 123:
            for slot in range(kinds.shape[1]):
                kinds[row, slot] = ABSENT
            position = _skip_space(data, position + 1)
            if data[position] == 125:
                good = True
            while not good:
                if data[position] != 34:
                    break
                position += 1
                key_start = position
                key_hash = _FNV_BASIS
                while data[position] != 34 and data[position] != 92 and data[position] != 10:
                    key_hash = (key_hash ^ np.uint64(data[position])) * _FNV_PRIME
                    position += 1
                if data[position] != 34:
                    position, _ = _string_end(data, key_start)
                    if position < 0:
                        break
                    key_hash = _FNV_BASIS
                    for index in range(key_start, position):
                        key_hash = (key_hash ^ np.uint64(data[index])) * _FNV_PRIME
                if key_hash == 0:
                    key_hash = np.uint64(1)
                key_end = position
                entry = key_hash & mask
                while key_hashes[entry] != key_hash and key_hashes[entry] != 0:
                    entry = (entry + np.uint64(1)) & mask
                if key_hashes[entry] == 0:
                    return beginning, line, row, bad, key_start, key_end
                slot = key_slots[entry]
                position = _skip_space(data, position + 1)
                if data[position] != 58:
                    break
                position = _skip_space(data, position + 1)
                byte = data[position]
                value_start = position
                if byte == 34:
                    value_start = position + 1
                    value_end, kind = _string_end(data, value_start)
                    position = value_end + 1
                    if value_end == value_start:
                        kind = EMPTY
                elif byte == 123 or byte == 91:
                    value_end, kind = _nested_end(data, position), NESTED
                    position = value_end
                else:
                    value_end, kind = _scalar_end(data, position)
                    position = value_end
                if value_end < 0:
                    break
                if slot >= 0:
                    kinds[row, slot] = kind
                    starts[row, slot] = value_start
                    ends[row, slot] = value_end
                position = _skip_space(data, position)
                if data[position] == 125:
                    good = True
                elif data[position] == 44:
                    position = _skip_space(data, position + 1)
                else:
                    break
            if good:
                position = _skip_space(data, position + 1)
                good = data[position] == 10
        if good:
            lines[row] = line
            row += 1
            position += 1
        else:
            bad_lines[bad] = line
            bad_codes[bad] = BAD_JSON
            bad += 1
            position = beginning
            while data[position] != 10:
                position += 1
            position += 1
        line += 1
    return position, line, row, bad, -1, -1


@njit(cache=True, nogil=True)
def elements_to_lines(data, depth, in_string, escaped):  # type: ignore[no-untyped-def]
    """Turn a piece of one JSON array into a line for each element, in place; gives the state behind the piece.

    A depth of -1 is behind the array: what stands there is left as it is.
    """
    if depth < 0:
        return depth, in_string, escaped
    for position in range(data.shape[0]):
        byte = data[position]
        if in_string == 1:
            if byte == 10:
                data[position] = 32
            if escaped == 1:
                escaped = 0
            elif byte == 92:
                escaped = 1
            elif byte == 34:
                in_string = 0
        elif byte == 10:
            data[position] = 32
        elif byte == 34:
            in_string = 1
        elif byte == 91 or byte == 123:
            if depth == 0:
                data[position] = 32
            depth += 1
        elif byte == 93 or byte == 125:
            depth -= 1
            if depth <= 0:
                data[position] = 32
                return -1, 0, 0
        elif byte == 44 and depth == 1:
            data[position] = 10
    return depth, in_string, escaped
