"""What in a text is no word: tags, entities, links, addresses, mentions. Kernels only; each scan is bounded."""

from __future__ import annotations

import numpy as np
from numba import njit

from nhipcau.engine.cleaning._tables import COMBINING, DIGIT, IGNORED, LETTER
from nhipcau.engine.cleaning._words import hash_points

_OPTIONS = {"cache": True, "nogil": True}
_REPLACEMENT = 0xFFFD
_MOST_LABELS = 8
_LONGEST_LABEL = 63
_LONGEST_NAME = 12


@njit(**_OPTIONS)
def decode(data, position, end, tables):
    """The code point at a position and its size in bytes; an entity counts as the character that it stands for."""
    byte = np.int64(data[position])
    if byte < 0x80:
        if byte == 0x26:
            return _entity(data, position, end, tables)
        return byte, 1
    if byte < 0xE0:
        if position + 2 <= end:
            return (byte & 0x1F) << 6 | np.int64(data[position + 1]) & 0x3F, 2
    elif byte < 0xF0:
        if position + 3 <= end:
            middle = (np.int64(data[position + 1]) & 0x3F) << 6
            return (byte & 0x0F) << 12 | middle | np.int64(data[position + 2]) & 0x3F, 3
    elif position + 4 <= end:
        upper = (np.int64(data[position + 1]) & 0x3F) << 12 | (np.int64(data[position + 2]) & 0x3F) << 6
        return (byte & 0x07) << 18 | upper | np.int64(data[position + 3]) & 0x3F, 4
    return np.int64(_REPLACEMENT), 1


@njit(**_OPTIONS)
def _entity(data, position, end, tables):
    """`&name;`, `&#38;` or `&#x26;`, also escaped twice (`&amp;nbsp;`); an ampersand where it is none of them."""
    begin = position + 1
    while begin + 4 <= end and data[begin] == 0x61 and data[begin + 1] == 0x6D:
        if data[begin + 2] != 0x70 or data[begin + 3] != 0x3B:
            break
        begin += 4
        if begin - position > 40:
            break
    ampersand = begin - position
    place = begin
    if place < end and data[place] == 0x23:
        place += 1
        hexadecimal = place < end and (data[place] == 0x78 or data[place] == 0x58)
        if hexadecimal:
            place += 1
        value = np.int64(0)
        digits = 0
        while place < end and digits < 8:
            byte = np.int64(data[place])
            if 0x30 <= byte <= 0x39:
                digit = byte - 0x30
            elif hexadecimal and 0x61 <= (byte | 0x20) <= 0x66:
                digit = (byte | 0x20) - 0x57
            else:
                break
            value = value * (16 if hexadecimal else 10) + digit
            digits += 1
            place += 1
        if digits > 0 and place < end and data[place] == 0x3B:
            if value == 0 or value > 0x10FFFF or 0xD800 <= value <= 0xDFFF:
                value = np.int64(_REPLACEMENT)
            return value, place + 1 - position
        return np.int64(0x26), ampersand
    name = np.empty(_LONGEST_NAME, dtype=np.int64)
    length = 0
    while place < end and length < _LONGEST_NAME:
        byte = np.int64(data[place])
        if not (0x61 <= (byte | 0x20) <= 0x7A or 0x30 <= byte <= 0x39):
            break
        name[length] = byte
        length += 1
        place += 1
    if length > 1 and place < end and data[place] == 0x3B:
        hashed = hash_points(name, length)
        mask = np.uint64(tables.entity_names.size - 1)
        slot = hashed & mask
        while tables.entity_names[slot] != 0:
            if tables.entity_names[slot] == hashed:
                return tables.entity_values[slot], place + 1 - position
            slot = (slot + np.uint64(1)) & mask
    return np.int64(0x26), ampersand


@njit(**_OPTIONS)
def _property(point, tables):
    if point < 0x10000:
        return tables.properties[point]
    if 0x1D400 <= point < 0x1D800:
        return tables.properties[0x10000 + point - 0x1D400]
    return np.int64(0)


@njit(**_OPTIONS)
def _contains(hashes, value):
    for place in range(hashes.size):
        if hashes[place] == value:
            return True
    return False


@njit(**_OPTIONS)
def _name_after(data, position, end, tables, name):
    """Read the letters and digits of a tag name, in lower case without diacritics: the position after, the length."""
    length = 0
    while position < end and length < _LONGEST_NAME:
        point, size = decode(data, position, end, tables)
        found = _property(point, tables)
        kind = found & 15
        if kind == LETTER or kind == DIGIT:
            name[length] = found >> 32
            length += 1
        elif kind != COMBINING and kind != IGNORED:
            break
        position += size
    return position, length


@njit(**_OPTIONS)
def skip_markup(data, position, end, tables, no_closing):
    """The position after a tag, comment or script that begins here, whether it is a block, and what cannot close.

    A `<` that begins none of them is text. `no_closing` remembers (bit 0: comment, bit 1: script) that the closing
    mark is missing in the rest of this text, so that it is looked for once.
    """
    place = position + 1
    if place >= end:
        return place, False, no_closing
    if place + 3 <= end and data[place] == 0x21 and data[place + 1] == 0x2D and data[place + 2] == 0x2D:
        if no_closing & 1:
            return place, False, no_closing
        search = place + 3
        while search + 3 <= end:
            if data[search] == 0x2D and data[search + 1] == 0x2D and data[search + 2] == 0x3E:
                return search + 3, False, no_closing
            search += 1
        return place, False, no_closing | 1
    closing = data[place] == 0x2F
    if closing or data[place] == 0x21 or data[place] == 0x3F:
        place += 1
    name = np.empty(_LONGEST_NAME, dtype=np.int64)
    after_name, length = _name_after(data, place, end, tables, name)
    if length == 0 or (_property(name[0], tables) & 15) != LETTER:
        return position + 1, False, no_closing
    search = after_name
    while search < end and data[search] != 0x3E and data[search] != 0x3C:
        search += 1
    if search >= end or data[search] == 0x3C:
        return position + 1, False, no_closing
    after = search + 1
    hashed = hash_points(name, length)
    script = length == 6 and name[0] == 0x73 and name[1] == 0x63 and name[5] == 0x74  # script
    style = length == 5 and name[0] == 0x73 and name[1] == 0x74 and name[4] == 0x65  # style
    if (script or style) and not closing and not no_closing & 2:
        search = after
        while search + 2 <= end:
            if data[search] == 0x3C and data[search + 1] == 0x2F:
                inner, inner_length = _name_after(data, search + 2, end, tables, name)
                if inner_length == length and hash_points(name, inner_length) == hashed:
                    while inner < end and data[inner] != 0x3E:
                        inner += 1
                    return min(inner + 1, end), False, no_closing
            search += 1
        no_closing |= 2
    return after, _contains(tables.block_tags, hashed), no_closing


@njit(**_OPTIONS)
def _link_tail(data, position, end, tables):
    """The position after the rest of a link: up to a space, a quotation mark or a bracket; closing points stay out."""
    last = position
    while position < end:
        byte = data[position]
        if byte < 0x80:
            if byte <= 0x20 or byte in (0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D):
                break
            if byte == 0x26:
                point, size = decode(data, position, end, tables)
                if point == 0x22 or point == 0x3C or point == 0x3E or point == 0xA0:
                    break
                position += size
                last = position
                continue
            position += 1
            if byte not in (0x21, 0x27, 0x28, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5B, 0x5D):  # ! ' ( ) , . : ; ? [ ]
                last = position
        else:
            point, size = decode(data, position, end, tables)
            kind = _property(point, tables) & 15
            if kind != LETTER and kind != DIGIT and kind != COMBINING and kind != IGNORED:
                break
            position += size
            last = position
    return last


@njit(**_OPTIONS)
def _label(data, position, end, tables, name):
    """Read one part of a host name: the position after, its length, its plain letters in `name` (the first twelve)."""
    length = 0
    while position < end and length <= _LONGEST_LABEL:
        point, size = decode(data, position, end, tables)
        found = _property(point, tables)
        kind = found & 15
        if kind == LETTER or kind == DIGIT or point == 0x2D or point == 0x5F:
            if length < _LONGEST_NAME:
                name[length] = found >> 32
            length += 1
        elif kind != COMBINING and kind != IGNORED:
            break
        position += size
    return position, length


@njit(**_OPTIONS)
def _host_end(data, position, end, tables, name):
    """From the full stop after a first label: the position after the last label that ends a host name, and its rank.

    Rank 2: an ending that makes a link by itself; 1: one that needs a path after it; 0: no host name.
    """
    best = position
    rank = 0
    for _ in range(_MOST_LABELS):
        if position >= end or data[position] != 0x2E:
            break
        after, length = _label(data, position + 1, end, tables, name)
        if length == 0:
            break
        if length <= _LONGEST_NAME:
            hashed = hash_points(name, length)
            if _contains(tables.bare_endings, hashed):
                best, rank = after, 2
            elif _contains(tables.path_endings, hashed):
                best, rank = after, 1
        position = after
    return best, rank


@njit(**_OPTIONS)
def link_end(data, start, position, end, tables, word, count):
    """The position after a link whose first word was just read (up to `position`), or 0 where it is none."""
    byte = data[position]
    if byte == 0x3A:
        scheme = tables.properties[word[0]] >> 32
        if position + 3 <= end and data[position + 1] == 0x2F and data[position + 2] == 0x2F and 3 <= count <= 5:
            second = tables.properties[word[1]] >> 32
            third = tables.properties[word[2]] >> 32
            if (scheme == 0x68 and second == 0x74 and third == 0x74) or (scheme == 0x66 and second == 0x74):
                return max(_link_tail(data, position + 3, end, tables), position + 3)
        return np.int64(0)
    if byte != 0x2E:
        return np.int64(0)
    name = np.empty(_LONGEST_NAME, dtype=np.int64)
    if count == 3:
        letters = 0
        for place in range(3):
            if tables.properties[word[place]] >> 32 == 0x77:
                letters += 1
        if letters == 3:
            _, length = _label(data, position + 1, end, tables, name)
            if length > 0:
                return _link_tail(data, position + 1, end, tables)
    after, rank = _host_end(data, position, end, tables, name)
    if rank == 0:
        return np.int64(0)
    path = after + 1 < end and (data[after] == 0x2F or data[after] == 0x3F) and data[after + 1] > 0x20
    port = after + 1 < end and data[after] == 0x3A and 0x30 <= data[after + 1] <= 0x39
    if path or port:
        return _link_tail(data, after, end, tables)
    return after if rank == 2 else np.int64(0)


@njit(**_OPTIONS)
def email_end(data, position, end, tables):
    """The position after the host of an e-mail address, given the position after its @ sign; 0 where it is none."""
    name = np.empty(_LONGEST_NAME, dtype=np.int64)
    after, length = _label(data, position, end, tables, name)
    if length == 0:
        return np.int64(0)
    found = np.int64(0)
    for _ in range(_MOST_LABELS):
        if after >= end or data[after] != 0x2E:
            break
        after, length = _label(data, after + 1, end, tables, name)
        if length == 0:
            break
        if length >= 2:
            found = after
    return found


@njit(**_OPTIONS)
def mention_end(data, position, end, tables):
    """The position after the name of a person who is mentioned, given the position after the @ sign."""
    last = position
    while position < end:
        point, size = decode(data, position, end, tables)
        kind = _property(point, tables) & 15
        if kind == LETTER or kind == DIGIT or kind == COMBINING or point == 0x5F:
            last = position + size
        elif kind != IGNORED and point != 0x2E and point != 0x2D:
            break
        elif kind != IGNORED:
            if position + size >= end:
                break
            following, _ = decode(data, position + size, end, tables)
            if following == 0x2E or following == 0x2D:
                break
        position += size
    return last


@njit(**_OPTIONS)
def local_part_start(data, position, base, tables):
    """Where the run of letters, digits and . _ + - % that ends at a position begins."""
    while position > base:
        before = position - 1
        while before > base and (data[before] & 0xC0) == 0x80:
            before -= 1
        point, _ = decode(data, before, position, tables)
        kind = _property(point, tables) & 15
        joins = point in (0x2E, 0x5F, 0x2B, 0x2D, 0x25)
        if kind != LETTER and kind != DIGIT and kind != COMBINING and not joins:
            break
        position = before
    return position
