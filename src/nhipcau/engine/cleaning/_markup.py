"""What in a text is no word: tags, entities, links, addresses, mentions. Kernels only; each scan is bounded."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.cleaning._tables import COMBINING, DIGIT, EMOJI, IDEOGRAPH, IGNORED, LETTER
from nhipcau.engine.cleaning._typing import Array, Letters, Number
from nhipcau.engine.cleaning._words import OPTIONS, hash_points
from nhipcau.engine.compiling import njit

_REPLACEMENT = 0xFFFD
_MOST_LABELS = 8
_LONGEST_LABEL = 63
_LONGEST_NAME = 16  # of a tag, an entity, a domain ending, a redaction tag
_BARE, _WITH_PATH = 2, 1


@njit(**OPTIONS)
def decode(data: Array, position: int, end: int) -> tuple[Number, Number]:
    """Code point at a position, and its size in bytes; an ampersand is itself, see `entity`."""
    point = np.int64(data[position])
    size = 1
    if point >= 0x80:
        if point < 0xE0 and position + 2 <= end:
            point = (point & 0x1F) << 6 | np.int64(data[position + 1]) & 0x3F
            size = 2
        elif point < 0xF0 and position + 3 <= end:
            middle = (np.int64(data[position + 1]) & 0x3F) << 6
            point = (point & 0x0F) << 12 | middle | np.int64(data[position + 2]) & 0x3F
            size = 3
        elif position + 4 <= end:
            upper = (np.int64(data[position + 1]) & 0x3F) << 12 | (np.int64(data[position + 2]) & 0x3F) << 6
            point = (point & 0x07) << 18 | upper | np.int64(data[position + 3]) & 0x3F
            size = 4
        else:
            point = np.int64(_REPLACEMENT)
    return point, size


@njit(**OPTIONS)
def property_of(point: int, properties: Array) -> Number:
    """Packed property of a code point of any plane."""
    if point < 0x10000:
        found = properties[point]
    elif 0x1D400 <= point < 0x1D800:
        found = properties[0x10000 + point - 0x1D400]
    elif 0x1F3FB <= point <= 0x1F3FF or 0xE0000 <= point <= 0xE0FFF:
        found = np.int64(IGNORED)
    elif 0x1F000 <= point <= 0x1FBFF:
        found = np.int64(EMOJI)
    else:
        found = np.int64(IDEOGRAPH)
    return found


@njit(**OPTIONS)
def _contains(hashes: Array, value: np.uint64) -> bool:
    for place in range(hashes.size):  # noqa: SIM110 - numba knows no any()
        if hashes[place] == value:
            return True
    return False


@njit(**OPTIONS)
def _numeric_entity(data: Array, position: int, place: int, end: int, ampersand: int) -> tuple[Number, Number]:
    """Character and size of an entity that begins at `position`, given the place after its # sign."""
    hexadecimal = place < end and data[place] | 0x20 == 0x78
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
    if digits == 0 or place >= end or data[place] != 0x3B:
        return np.int64(0x26), ampersand
    if value == 0 or value > 0x10FFFF or 0xD800 <= value <= 0xDFFF:
        value = np.int64(_REPLACEMENT)
    return value, place + 1 - position


@njit(**OPTIONS)
def entity(data: Array, position: int, end: int, tables: Letters) -> tuple[Number, Number]:
    """Character and size of `&name;`, `&#38;`, `&#x26;`, also escaped twice (`&amp;nbsp;`); else an ampersand."""
    place = position + 1
    while place + 4 <= end and place < position + 40:
        if data[place] != 0x61 or data[place + 1] != 0x6D or data[place + 2] != 0x70 or data[place + 3] != 0x3B:
            break
        place += 4
    ampersand = place - position
    if place < end and data[place] == 0x23:
        return _numeric_entity(data, position, place + 1, end, ampersand)
    name = tables.scratch
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


@njit(**OPTIONS)
def _name_after(data: Array, position: int, end: int, properties: Array, name: Array) -> tuple[Number, Number]:
    """Read the letters and digits of a name, without case and diacritics: the position after it and its length."""
    length = 0
    while position < end and length < _LONGEST_NAME:
        point, size = decode(data, position, end)
        found = property_of(point, properties)
        kind = found & 15
        if kind in (LETTER, DIGIT):
            name[length] = found >> 32
            length += 1
        elif kind not in (COMBINING, IGNORED):
            break
        position += size
    return position, length


@njit(**OPTIONS)
def tag_end(data: Array, position: int, end: int, tables: Letters) -> Number:
    """Find the end of a tag of `redact` that opens at a bracket; one byte on where it is none."""
    name = tables.scratch
    length = 0
    place = position + 1
    while place < end and length < _LONGEST_NAME:
        point, size = decode(data, place, end)
        found = property_of(point, tables.properties)
        place += size
        if point == 0x5D:
            return place if _contains(tables.redacted, hash_points(name, length)) else position + 1
        if found & 15 == LETTER or point == 0x20:
            name[length] = found >> 32
            length += 1
        elif found & 15 != COMBINING:
            break
    return position + 1


@njit(**OPTIONS)
def _hidden_end(data: Array, position: int, end: int, properties: Array, hashed: np.uint64, name: Array) -> Number:
    """Find the end of the closing tag of the name that has this hash; 0 where there is none."""
    while position + 2 <= end:
        if data[position] == 0x3C and data[position + 1] == 0x2F:
            inner, length = _name_after(data, position + 2, end, properties, name)
            if length > 0 and hash_points(name, length) == hashed:
                while inner < end and data[inner] != 0x3E:
                    inner += 1
                return min(inner + 1, end)
        position += 1
    return np.int64(0)


@njit(**OPTIONS)
def skip_markup(data: Array, position: int, end: int, tables: Letters, no_closing: int) -> tuple[Number, bool, Number]:
    """Find the position after a tag, comment or script that begins here; whether it is a block; what cannot close.

    A `<` that begins none of them is text. `no_closing` remembers (bit 0: comment, bit 1: script) that the closing
    mark is missing in the rest of this text, so that it is looked for once.
    """
    place = position + 1
    if place >= end:
        return place, False, no_closing
    if place + 3 <= end and data[place] == 0x21 and data[place + 1] == 0x2D and data[place + 2] == 0x2D:
        search = place + 3
        while search + 3 <= end and not no_closing & 1:
            if data[search] == 0x2D and data[search + 1] == 0x2D and data[search + 2] == 0x3E:
                return search + 3, False, no_closing
            search += 1
        return place, False, no_closing | 1
    closing = data[place] == 0x2F
    if closing or data[place] == 0x21 or data[place] == 0x3F:
        place += 1
    name = tables.scratch
    search, length = _name_after(data, place, end, tables.properties, name)
    if length == 0 or tables.properties[name[0]] & 15 != LETTER or data[place] < 0x41:
        return position + 1, False, no_closing
    while search < end and data[search] != 0x3E and data[search] != 0x3C:
        search += 1
    if search >= end or data[search] == 0x3C:
        return position + 1, False, no_closing
    hashed = hash_points(name, length)
    is_script = length == 6 and name[0] == 0x73 and name[1] == 0x63 and name[5] == 0x74
    is_style = length == 5 and name[0] == 0x73 and name[1] == 0x74 and name[4] == 0x65
    if (is_script or is_style) and not closing and not no_closing & 2:
        after = _hidden_end(data, search + 1, end, tables.properties, hashed, name)
        if after > 0:
            return after, False, no_closing
        no_closing |= 2
    return search + 1, _contains(tables.block_tags, hashed), no_closing


@njit(**OPTIONS)
def _link_tail(data: Array, position: int, end: int, tables: Letters) -> Number:
    """Position after the rest of a link: up to a space, a quotation mark or a bracket; closing points stay out."""
    last = position
    while position < end:
        byte = data[position]
        if byte == 0x26:
            point, size = entity(data, position, end, tables)
            if point in (0x22, 0x3C, 0x3E, 0xA0):
                break
            position += size
            last = position
        elif byte < 0x80:
            if byte <= 0x20 or byte in (0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D):
                break
            position += 1
            if byte not in (0x21, 0x27, 0x28, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5B, 0x5D):  # ! ' ( ) , . : ; ? [ ]
                last = position
        else:
            point, size = decode(data, position, end)
            kind = property_of(point, tables.properties) & 15
            if kind not in (LETTER, DIGIT, COMBINING, IGNORED):
                break
            position += size
            last = position
    return last


@njit(**OPTIONS)
def _label(data: Array, position: int, end: int, properties: Array, name: Array) -> tuple[Number, Number]:
    """Read one part of a host name: the position after it, its length; its plain letters go to `name`."""
    length = 0
    while position < end and length <= _LONGEST_LABEL:
        point, size = decode(data, position, end)
        found = property_of(point, properties)
        kind = found & 15
        if kind in (LETTER, DIGIT) or point in (0x2D, 0x5F):
            if length < _LONGEST_NAME:
                name[length] = found >> 32
            length += 1
        elif kind not in (COMBINING, IGNORED):
            break
        position += size
    return position, length


@njit(**OPTIONS)
def _host_end(data: Array, position: int, end: int, tables: Letters, name: Array) -> tuple[Number, Number]:
    """From the full stop after a first label: position after the last label that ends a host name, and its rank.

    Rank 2: an ending that makes a link by itself; 1: one that needs a path after it; 0: no host name.
    """
    best = position
    rank = 0
    for _ in range(_MOST_LABELS):
        if position >= end or data[position] != 0x2E:
            break
        position, length = _label(data, position + 1, end, tables.properties, name)
        if length == 0:
            break
        if length <= _LONGEST_NAME:
            hashed = hash_points(name, length)
            if _contains(tables.bare_endings, hashed):
                best, rank = position, _BARE
            elif _contains(tables.path_endings, hashed):
                best, rank = position, _WITH_PATH
    return best, rank


@njit(**OPTIONS)
def link_end(data: Array, position: int, end: int, tables: Letters, word: Array, count: int) -> Number:
    """Position after a link whose first word was just read (up to `position`), or 0 where it is none."""
    properties = tables.properties
    name = tables.scratch
    first = second = third = np.int64(0)
    if count >= 3:
        first, second, third = properties[word[0]] >> 32, properties[word[1]] >> 32, properties[word[2]] >> 32
    if data[position] == 0x3A:
        slashes = position + 3 <= end and data[position + 1] == 0x2F and data[position + 2] == 0x2F
        scheme = (first == 0x68 and second == 0x74 and third == 0x74) or (first == 0x66 and second == 0x74)
        if slashes and scheme and count <= 5:
            return _link_tail(data, position + 3, end, tables)
        return np.int64(0)
    if data[position] != 0x2E:
        return np.int64(0)
    if count == 3 and first == 0x77 and second == 0x77 and third == 0x77:
        _, length = _label(data, position + 1, end, properties, name)
        if length > 0:
            return _link_tail(data, position + 1, end, tables)
    after, rank = _host_end(data, position, end, tables, name)
    if rank == 0:
        return np.int64(0)
    if after + 1 < end:
        path = data[after] in (0x2F, 0x3F) and data[after + 1] > 0x20
        port = data[after] == 0x3A and 0x30 <= data[after + 1] <= 0x39
        if path or port:
            return _link_tail(data, after, end, tables)
    return after if rank == _BARE else np.int64(0)


@njit(**OPTIONS)
def email_end(data: Array, position: int, end: int, tables: Letters) -> Number:
    """Position after the host of an e-mail address, given the position after its @ sign; 0 where it is none."""
    name, properties = tables.scratch, tables.properties
    position, length = _label(data, position, end, properties, name)
    found: Number = np.int64(0)
    for _ in range(_MOST_LABELS):
        if length == 0 or position >= end or data[position] != 0x2E:
            break
        position, length = _label(data, position + 1, end, properties, name)
        if length >= 2:
            found = position
    return found


@njit(**OPTIONS)
def mention_end(data: Array, position: int, end: int, properties: Array) -> Number:
    """Position after the name of a person who is mentioned, given the position after the @ sign."""
    last = position
    joint = False  # a full stop or hyphen, which only counts between letters
    while position < end:
        point, size = decode(data, position, end)
        kind = property_of(point, properties) & 15
        position += size
        if kind in (LETTER, DIGIT) or point == 0x5F:
            last = position
            joint = False
        elif kind == COMBINING and not joint:
            last = position
        elif kind not in (IGNORED, COMBINING):
            if joint or point not in (0x2E, 0x2D):
                break
            joint = True
    return last


@njit(**OPTIONS)
def local_part_start(data: Array, position: int, base: int, properties: Array) -> Number:
    """Where the run of letters, digits and . _ + - % that ends at a position begins."""
    while position > base:
        before = position - 1
        while before > base and data[before] & 0xC0 == 0x80:
            before -= 1
        point, _ = decode(data, before, position)
        kind = property_of(point, properties) & 15
        if kind not in (LETTER, DIGIT, COMBINING) and point not in (0x2E, 0x5F, 0x2B, 0x2D, 0x25):
            break
        position = before
    return position
