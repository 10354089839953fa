"""Kernels that choose among the units that a name may mean. How names are found: `_kernels.py`."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# numba infers the types of a kernel from its arguments.

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit

_OPTIONS = {"cache": True, "nogil": True, "_nrt": False}

# The numbers of `names.py`.
_TYPED, _TYPED_PLAIN, _CITY, _DISTRICT, _COMMUNE, _CITY_PLAIN = 1, 2, 5, 6, 7, 11
_NUMBERED = 16

# Whether tokens mean a place: no, yes, or only if the post names its surroundings.
NO, YES, IF_SUPPORTED = 0, 1, 2


@njit(**_OPTIONS)
def has_kind(entry, kind, names, units):
    for place in range(names.offsets[entry], names.offsets[entry + 1]):
        if units.kind[names.candidates[place]] == kind:
            return True
    return False


@njit(**_OPTIONS)
def has_former(entry, names, units):
    for place in range(names.offsets[entry], names.offsets[entry + 1]):  # noqa: SIM110
        if units.former[names.candidates[place]]:
            return True
    return False


@njit(**_OPTIONS)
def _score(unit, units, home, stamp, stamps):
    """How well the post's other places, or the operator's own province, speak for a unit."""
    parent = units.parent[unit]
    province = units.province[unit]
    if parent >= 0 and parent != province and stamps[parent] == stamp:
        return 4 if units.level[parent] != 3 else 3
    if parent >= 0 and units.level[parent] != 3 and units.parent[parent] >= 0 and stamps[units.parent[parent]] == stamp:
        return 3
    if province >= 0 and province != unit and stamps[province] == stamp:
        return 2
    return 1 if province >= 0 and province == home else 0


@njit(**_OPTIONS)
def _fits(unit, kind, is_old, names, entry, units):
    """Whether a unit is of the kind that a list names, and former where the text says so, if any of the name is."""
    if kind >= 0 and units.kind[unit] != kind and has_kind(entry, kind, names, units):
        return False
    return units.former[unit] or not is_old or not has_former(entry, names, units)


@njit(**_OPTIONS)
def choose(entry, answer, kind, is_old, names, units, ambiguous, home, stamp, stamps):
    """Row of the unit that an entry means, of the ambiguous name that it is, or -1."""
    first, last = names.offsets[entry], names.offsets[entry + 1]
    trust = names.trust[entry]
    best = -1
    for place in range(first, last):
        unit = names.candidates[place]
        if _fits(unit, kind, is_old, names, entry, units):
            best = max(best, _score(unit, units, home, stamp, stamps))
    if answer == IF_SUPPORTED and best == 0:
        is_typed = trust in (_TYPED, _TYPED_PLAIN)
        if not (is_typed and last - first == 1 and units.level[names.candidates[first]] >= 2):
            return np.int64(-1)
    province, chosen = np.int64(-1), np.int64(-1)
    one_province = True
    highest, equals = -1, 0
    for place in range(first, last):
        unit = names.candidates[place]
        if not _fits(unit, kind, is_old, names, entry, units):
            continue
        if _score(unit, units, home, stamp, stamps) != best:
            continue
        if chosen >= 0 and units.province[unit] != province:
            one_province = False
        province = np.int64(units.province[unit])
        # Today's unit before a former one of the same level, except where no type word says which is meant.
        rank = 2 * units.level[unit] + (trust != _COMMUNE and not units.former[unit])
        if units.is_zone[unit]:
            rank = 6
        if rank > highest:
            highest, chosen, equals = rank, np.int64(unit), 1
        elif rank == highest:
            equals += 1
    if equals == 1 and (one_province or (trust == _CITY and highest >= 4)):
        return chosen
    if best == 0 and ((trust in (_COMMUNE, _DISTRICT, _CITY_PLAIN) and kind < 0) or names.marks[entry] & _NUMBERED):
        return np.int64(-1)  # 'Phường 1' alone says nothing: fifty cities had one
    if one_province and best > 0:
        for place in range(ambiguous.offsets[entry], ambiguous.offsets[entry + 1]):
            if ambiguous.province[place] == province:
                return np.int64(ambiguous.row[place])
    return np.int64(ambiguous.row[ambiguous.offsets[entry]])
