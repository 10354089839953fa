"""Kernels that make and read the hash table of spellings. The rules of matching are in `_kernels.py`."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# numba infers the types of a kernel from its arguments.

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit

_OPTIONS = {"cache": True, "nogil": True}
_LOOKING = {**_OPTIONS, "_nrt": False}  # allocates nothing
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@njit(**_LOOKING)
def combine(key, token):
    """Key of a beginning with one token more; never 0, which means free."""
    key = (key ^ token) * _FACTOR
    key ^= key >> np.uint64(29)
    return key if key != 0 else np.uint64(1)


@njit(**_LOOKING)
def find(table, key):
    """Slot of a key, or -1."""
    mask = np.uint64(table.size - 1)
    slot = (key >> np.uint64(20)) & mask
    while table[slot] != 0:
        if table[slot] == key:
            return np.int64(slot)
        slot = (slot + np.uint64(1)) & mask
    return np.int64(-1)


@njit(**_OPTIONS)
def _token(place, prefix, name, is_plain, prefix_offsets, prefix_marked, name_offsets, name_marked, name_plain):
    """Token number `place` of a prefix and a name; a prefix is always taken as it is written."""
    before = prefix_offsets[prefix + 1] - prefix_offsets[prefix]
    if place < before:
        return prefix_marked[prefix_offsets[prefix] + place]
    if is_plain:
        return name_plain[name_offsets[name] + place - before]
    return name_marked[name_offsets[name] + place - before]


@njit(**_OPTIONS)
def _length(prefix, name, prefix_offsets, name_offsets):
    return prefix_offsets[prefix + 1] - prefix_offsets[prefix] + name_offsets[name + 1] - name_offsets[name]


@njit(**_OPTIONS)
def fold_keys(
    prefixes, names, is_plain, prefix_offsets, prefix_marked, prefix_plain, name_offsets, name_marked, name_plain
):
    """Key, first token and number of tokens of each spelling."""
    keys = np.zeros(prefixes.size, dtype=np.uint64)
    firsts = np.zeros(prefixes.size, dtype=np.uint64)
    lengths = np.zeros(prefixes.size, dtype=np.int64)
    for row in range(prefixes.size):
        lengths[row] = _length(prefixes[row], names[row], prefix_offsets, name_offsets)
        key = np.uint64(0)
        for place in range(lengths[row]):
            token = _token(
                place, prefixes[row], names[row], is_plain[row],
                prefix_offsets, prefix_marked, name_offsets, name_marked, name_plain,
            )  # fmt: skip
            if place == 0:
                firsts[row] = token
            key = combine(key, token)
        keys[row] = key
    return keys, firsts, lengths


@njit(**_OPTIONS)
def _insert(table, key):
    mask = np.uint64(table.size - 1)
    slot = (key >> np.uint64(20)) & mask
    while table[slot] != 0 and table[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    table[slot] = key
    return slot


@njit(**_OPTIONS)
def fill(
    keys, prefixes, names, is_plain,
    prefix_offsets, prefix_marked, prefix_plain, name_offsets, name_marked, name_plain,
):  # fmt: skip
    """Hash table of the spellings and their beginnings: keys (0 = free) and entries (-1 = only a beginning)."""
    size = 1024
    total = 0
    for row in range(keys.size):
        total += _length(prefixes[row], names[row], prefix_offsets, name_offsets)
    while size < total:
        size *= 2
    table = np.zeros(size, dtype=np.uint64)
    entry = np.full(size, -1, dtype=np.int32)
    for row in range(keys.size):
        key = np.uint64(0)
        for place in range(_length(prefixes[row], names[row], prefix_offsets, name_offsets)):
            key = combine(
                key,
                _token(
                    place, prefixes[row], names[row], is_plain[row],
                    prefix_offsets, prefix_marked, name_offsets, name_marked, name_plain,
                ),
            )  # fmt: skip
            _insert(table, key)
        entry[_insert(table, keys[row])] = row
    return table, entry
