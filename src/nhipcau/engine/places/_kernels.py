"""Kernels that find places in tokens: walk the table and weigh what was found. One pass, no Python object a token.

What stands around a name is read in `_surroundings.py`, units of one name are told apart in `_choice.py`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# numba infers the types of a kernel from its arguments.

from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit
from nhipcau.engine.places._choice import IF_SUPPORTED, NO, YES, choose, has_former, has_kind
from nhipcau.engine.places._surroundings import (
    COMMA,
    DOT,
    OTHER,
    all_upper,
    count_capitals,
    gap,
    has,
    has_cue,
    is_careless,
    is_of_sport,
    is_plain,
    is_upper,
    may_join,
    speaks_against,
    stands_alone,
)
from nhipcau.engine.places._table import combine, find

_OPTIONS = {"cache": True, "nogil": True, "_nrt": False}

# The numbers of `names.py`, and the flags of tokens.
(
    _BLOCK,
    _TYPED,
    _TYPED_PLAIN,
    _PROVINCE,
    _PROVINCE_PLAIN,
    _CITY,
    _DISTRICT,
    _COMMUNE,
    _LISTED,
    _LISTED_PLAIN,
    _ACRONYM,
    _CITY_PLAIN,
    _DOTTED,
    _EXPANDED,
) = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
_NEEDS_CUE, _LOWER_CASE, _ONE_SYLLABLE, _PERSON, _NUMBERED = 1, 2, 4, 8, 16
_NUMBER, _HASHTAG, _CAPITAL = 1, 2, 16


@njit(**_OPTIONS)
def _weigh(tokens, data, base, first, last, begin, end, previous_end, trust, marks, skip, context, about):
    """Whether tokens that spell a name mean the place: no, yes, or only if the post names its surroundings."""
    name = begin + skip
    capitals = count_capitals(tokens, data, base, name, end)
    all_capital = capitals == end - name
    is_tag = tokens.flags[begin] & _HASHTAG != 0
    if trust == _BLOCK:
        return YES if all_capital or not marks & _NEEDS_CUE else NO
    if end + 1 < last and tokens.marked[end] == context.china[0] and tokens.marked[end + 1] == context.china[1]:
        return NO  # tỉnh Hà Nam (Trung Quốc) is Henan
    if trust == _TYPED:
        if begin > first and skip == 1 and has(context.spouses, tokens.marked[begin - 1]):
            return NO  # *bà xã* Phương Viên is somebody's wife
        if tokens.flags[name] & (_CAPITAL | _NUMBER) or tokens.starts[name] == tokens.starts[begin] or is_tag:
            return YES
        return IF_SUPPORTED if end - name >= 2 and about[0] == 1 else NO
    if trust == _TYPED_PLAIN:
        if not is_plain(tokens, name, end) or (end - name < 2 and not marks & _NUMBERED):
            return NO
        return IF_SUPPORTED
    if trust == _DOTTED:
        if name == end or (name > begin and tokens.starts[name] == tokens.starts[begin]):
            return NO
        dot = gap(data, base + tokens.ends[begin], base + tokens.starts[name]) == DOT if name > begin else False
        if not all_capital or (end < last and data[base + tokens.ends[end - 1]] == 0x2F):
            return NO
        if marks & _NUMBERED or name == begin:
            return YES if dot else IF_SUPPORTED
        return YES if dot else NO
    is_written_out = tokens.starts[begin] == tokens.starts[end - 1] and end - begin > 1
    is_short = is_written_out and tokens.ends[begin] - tokens.starts[begin] <= 2
    if is_short and not is_upper(data, base + tokens.starts[begin], base + tokens.ends[begin]):
        return NO  # 'hn' is today as often as Hà Nội
    if trust == _EXPANDED:
        return YES if is_written_out and not speaks_against(tokens, first, begin - 1, context) else NO
    if trust == _ACRONYM:
        is_alone = stands_alone(tokens, data, base, first, last, begin, end, previous_end, context, trust == _ACRONYM)
        return YES if all_upper(tokens, data, base, begin, end) and is_alone else NO
    if trust in (_CITY, _DISTRICT, _COMMUNE) and not all_capital:
        return NO  # the cheapest reason first
    is_province = trust in (_PROVINCE, _PROVINCE_PLAIN)
    alone = is_tag or stands_alone(tokens, data, base, first, last, begin, end, previous_end, context, is_province)
    if not alone:
        return NO
    if trust == _PROVINCE_PLAIN:
        if not is_plain(tokens, begin, end):
            return NO
        return YES if all_capital or is_tag or (marks & _LOWER_CASE and capitals == 0) else NO
    if trust == _CITY_PLAIN:
        return IF_SUPPORTED if is_plain(tokens, begin, end) else NO
    if trust == _LISTED_PLAIN:
        return YES if is_plain(tokens, begin, end) else NO
    cue = has_cue(tokens, data, base, first, begin, previous_end, context)
    if marks & (_NEEDS_CUE | _PERSON) and not cue:
        return NO
    if trust in (_PROVINCE, _CITY) and not cue:
        if about[1] < 0:
            about[1] = is_of_sport(tokens, first, last, context)
        if about[1] == 1:
            return NO
    if trust == _PROVINCE:
        return YES if all_capital or (marks & _LOWER_CASE and capitals == 0) else NO
    if trust == _LISTED:
        return YES if all_capital or (capitals == 0 and not marks & _ONE_SYLLABLE) else NO
    if trust == _CITY:
        return YES
    if trust == _DISTRICT:
        return YES if cue else IF_SUPPORTED
    if marks & _PERSON:
        return NO
    after = gap(data, base + tokens.ends[end - 1], base + tokens.starts[end]) if end < last else OTHER
    return IF_SUPPORTED if cue or after == COMMA else NO


@njit(**_OPTIONS)
def _scan(tokens, data, base, first, last, names, units, context, found, about):
    """Find the names of one post, the longest first, from the left; the number of them.

    `found` gets a column each: entry, answer, kind of unit that a list of names goes on with (or -1), whether the
    word 'cũ' (former) follows. `about` gets what is true of the whole post: 0 whether it is written without capitals,
    1 whether it is about sport (-1 while nobody asked).
    """
    count = 0
    token = first
    previous_end, listed_kind = np.int64(-1), np.int64(-1)
    about[0] = is_careless(tokens, first, last)
    about[1] = -1
    while token < last:
        bit = np.int64(tokens.marked[token] >> np.uint64(49))
        starts = names.first_any if tokens.flags[token] & (_CAPITAL | _NUMBER | _HASHTAG) else names.first_lower
        if not (starts[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
            token += 1
            continue
        key = np.uint64(0)
        best, best_end, best_answer, is_old = np.int64(-1), token, NO, False
        end = token
        while end < last:
            if end > token and not may_join(tokens, data, base, end):
                break
            key = combine(key, tokens.marked[end])
            if end == token and not (names.single[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
                end += 1  # no name of one word begins so: save the look-up, which is what costs
                continue
            slot = find(names.keys, key)
            if slot < 0:
                break
            end += 1
            entry = np.int64(names.entry[slot])
            if entry < 0:
                continue
            answer = _weigh(
                tokens, data, base, first, last, token, end, previous_end,
                names.trust[entry], names.marks[entry], names.skip[entry], context, about,
            )  # fmt: skip
            follows_old = end < last and tokens.marked[end] == context.old[0]
            if follows_old and names.trust[entry] == _TYPED and not has_former(entry, names, units):
                answer = NO  # các xã, phường *Phú Yên cũ*: the word before belongs to something else
            if answer != NO:
                best, best_end, best_answer, is_old = entry, end, answer, follows_old
        if best < 0:
            token += 1
            continue
        trust = names.trust[best]
        if trust != _BLOCK:
            goes_on = has_cue(tokens, data, base, first, token, previous_end, context) and not (
                has(context.cues, tokens.marked[token - 1]) and previous_end != token
            )  # fmt: skip
            kind = np.int64(-1)
            if trust in (_TYPED, _DOTTED, _TYPED_PLAIN):
                kind = np.int64(units.kind[names.candidates[names.offsets[best]]])
                listed_kind = kind
            elif goes_on and trust >= _CITY and listed_kind >= 0 and has_kind(best, listed_kind, names, units):
                kind = listed_kind
                best_answer = YES
            else:
                listed_kind = np.int64(-1)
            found[0, count] = best
            found[1, count] = best_answer
            found[2, count] = kind
            found[3, count] = is_old
            count += 1
            if best_answer == YES:
                previous_end = best_end
        token = best_end
    return count


@njit(**_OPTIONS)
def find_places(tokens, data, bases, names, units, ambiguous, context, home, rooms, offsets, rows):
    """Fill `offsets` (int64[n + 1]) and `rows` (int32, as many as there are tokens) for n posts; the number of rows.

    `rooms` is room to work in: int64[units] of zeros, int64[4, w] and int64[w] for w tokens of a post, int64[2].
    """
    total = 0
    stamps, found, chosen, about = rooms
    for post in range(bases.size - 1):
        offsets[post] = total
        first, last = tokens.offsets[post], tokens.offsets[post + 1]
        count = _scan(tokens, data, bases[post], first, last, names, units, context, found, about)
        stamp = post + 1
        # From the largest to the smallest, so that a province can decide its districts, and these their communes.
        for level in range(3, -1, -1):
            for place in range(count):
                entry = found[0, place]
                if units.level[names.candidates[names.offsets[entry]]] != level:
                    continue
                row = choose(
                    entry, found[1, place], found[2, place], found[3, place] != 0,
                    names, units, ambiguous, home, stamp, stamps,
                )  # fmt: skip
                chosen[place] = row
                if level >= 2 and 0 <= row < units.parent.size:
                    stamps[row] = stamp
                    if units.province[row] >= 0:
                        stamps[units.province[row]] = stamp
        for place in range(count):
            row = chosen[place]
            is_new = row >= 0
            for known in range(offsets[post], total):
                is_new = is_new and rows[known] != row
            if is_new:
                rows[total] = row
                total += 1
    offsets[bases.size - 1] = total
    return total
