"""Kernels that find places in tokens: walk the table, weigh what was found, choose among units of the same name.

The numbers of trust and marks are those of `names.py`. One pass a post, no Python object a token.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# numba infers the types of a kernel from its arguments.

from __future__ import annotations

import numpy as np
from numba import njit

from nhipcau.engine.places._table import combine, find

_OPTIONS = {"cache": True, "nogil": True}

_BLOCK, _TYPED, _TYPED_PLAIN, _PROVINCE, _PROVINCE_PLAIN, _CITY, _DISTRICT, _COMMUNE = 0, 1, 2, 3, 4, 5, 6, 7
_LISTED, _LISTED_PLAIN, _ACRONYM, _CITY_PLAIN, _DOTTED = 8, 9, 10, 11, 12
_NEEDS_CUE, _LOWER_CASE, _ONE_SYLLABLE, _PERSON, _NUMBERED = 1, 2, 4, 8, 16
_NUMBER, _HASHTAG, _ENDS_SENTENCE, _CAPITAL, _MARKED = 1, 2, 8, 16, 32

_NO, _YES, _IF_SUPPORTED = 0, 1, 2

# What lies between two tokens.
_NOTHING, _SPACE, _HYPHEN, _DOT, _APOSTROPHE, _COMMA, _OTHER = 0, 1, 2, 3, 4, 5, 6


@njit(**_OPTIONS)
def _gap(data, start, end):
    """Tell what lies between two tokens: the strongest sign in these bytes."""
    found = _NOTHING
    place = start
    while place < end:
        byte = data[place]
        if byte == 0x20:
            sign = _SPACE
        elif byte == 0x2D or byte == 0x5F:
            sign = _HYPHEN
        elif byte == 0x2E:
            sign = _DOT
        elif byte == 0x27:
            sign = _APOSTROPHE
        elif byte == 0x2C:
            sign = _COMMA
        elif byte == 0xC2 and place + 1 < end and data[place + 1] == 0xA0:
            sign = _SPACE
            place += 1
        elif byte == 0xE2 and place + 2 < end and data[place + 1] == 0x80:
            last = data[place + 2]
            sign = _HYPHEN if 0x90 <= last <= 0x95 else (_APOSTROPHE if last == 0x98 or last == 0x99 else _OTHER)
            place += 2
        else:
            return _OTHER
        found = max(found, sign)
        place += 1
    return found


@njit(**_OPTIONS)
def _has(words, word):
    place = np.searchsorted(words, word)
    return place < words.size and words[place] == word


@njit(**_OPTIONS)
def _is_upper(data, start, end):
    """Whether a token is written in capitals: two letters at least, no small ASCII letter."""
    for place in range(start, end):
        if 0x61 <= data[place] <= 0x7A:
            return False
    return end - start >= 2


@njit(**_OPTIONS)
def _before(tokens, data, base, first, token):
    """Tell what lies before a token, `_OTHER` where nothing does."""
    if token == first:
        return _OTHER
    return _gap(data, base + tokens.ends[token - 1], base + tokens.starts[token])


@njit(**_OPTIONS)
def _count_capitals(tokens, data, base, begin, end):
    """How many tokens are written as a name is, and whether the first is. Numbers and parts after ' count as such."""
    count = 0
    for token in range(begin, end):
        is_capital = tokens.flags[token] & (_CAPITAL | _NUMBER) != 0
        if not is_capital and token > begin and count == token - begin:
            start = base + tokens.starts[token]
            is_capital = (
                tokens.starts[token] == tokens.starts[token - 1]
                or _gap(data, base + tokens.ends[token - 1], start) == _APOSTROPHE
            )
        count += is_capital
    return count


@njit(**_OPTIONS)
def _is_plain(tokens, begin, end):
    for token in range(begin, end):  # noqa: SIM110 - numba takes no generators
        if tokens.flags[token] & _MARKED:
            return False
    return True


@njit(**_OPTIONS)
def _all_upper(tokens, data, base, begin, end):
    for token in range(begin, end):  # noqa: SIM110
        if not _is_upper(data, base + tokens.starts[token], base + tokens.ends[token]):
            return False
    return True


@njit(**_OPTIONS)
def _stands_alone(tokens, data, base, first, last, begin, end, context):
    """Whether a bare name is no part of a longer one: of a person, a street, a club, a company."""
    shouted = _all_upper(tokens, data, base, begin, end)
    before = _before(tokens, data, base, first, begin)
    if before in (_SPACE, _HYPHEN):
        previous = begin - 1
        if before == _SPACE and _has(context.guards, tokens.marked[previous]):
            return False
        if tokens.flags[previous] & _CAPITAL and not shouted:
            is_acronym = _is_upper(data, base + tokens.starts[previous], base + tokens.ends[previous])
            opens = previous == first or (tokens.flags[previous - 1] & _ENDS_SENTENCE) != 0
            opens = opens or _before(tokens, data, base, first, previous) >= _DOT
            if before == _SPACE and not is_acronym and (not opens or _has(context.families, tokens.marked[previous])):
                return False
    if end < last and not shouted:
        after = _gap(data, base + tokens.ends[end - 1], base + tokens.starts[end])
        if after == _SPACE and tokens.flags[end] & (_CAPITAL | _NUMBER):
            if tokens.flags[end] & _NUMBER:
                return True
            return _has(context.families, tokens.marked[end])
    return True


@njit(**_OPTIONS)
def _has_cue(tokens, data, base, first, begin, previous_end, context):
    """Whether the words before a name say that a place comes, or it continues a list of places."""
    if begin == first:
        return False
    before = _before(tokens, data, base, first, begin)
    if before == _SPACE and _has(context.cues, tokens.marked[begin - 1]):
        return True
    if previous_end == begin and before in (_COMMA, _HYPHEN):
        return True
    return previous_end == begin - 1 and _has(context.conjunctions, tokens.marked[begin - 1])


@njit(**_OPTIONS)
def _weigh(tokens, data, base, first, last, begin, end, previous_end, trust, marks, skip, context):
    """Whether tokens that spell a name mean the place: no, yes, or only if the post names its surroundings."""
    name = begin + skip
    capitals = _count_capitals(tokens, data, base, name, end)
    all_capital = capitals == end - name
    is_tag = tokens.flags[begin] & _HASHTAG != 0
    if trust == _BLOCK:
        return _YES
    if end + 1 < last and tokens.marked[end] == context.china[0] and tokens.marked[end + 1] == context.china[1]:
        return _NO  # tỉnh Hà Nam (Trung Quốc) is Henan
    if trust == _TYPED:
        if tokens.flags[name] & (_CAPITAL | _NUMBER) or tokens.starts[name] == tokens.starts[begin] or is_tag:
            return _YES
        return _NO if end - name < 2 else _IF_SUPPORTED
    if trust == _TYPED_PLAIN:
        if not _is_plain(tokens, name, end) or (end - name < 2 and not marks & _NUMBERED):
            return _NO
        return _IF_SUPPORTED
    if trust == _DOTTED:
        if name == end or tokens.starts[name] == tokens.starts[begin]:
            return _NO
        dot = _gap(data, base + tokens.ends[begin], base + tokens.starts[name]) == _DOT if name > begin else False
        if not all_capital or (end < last and data[base + tokens.ends[end - 1]] == 0x2F):
            return _NO
        if marks & _NUMBERED or name == begin:
            return _YES if dot else _IF_SUPPORTED
        return _YES if dot else _NO
    if trust == _ACRONYM:
        is_alone = _stands_alone(tokens, data, base, first, last, begin, end, context)
        return _YES if _all_upper(tokens, data, base, begin, end) and is_alone else _NO
    alone = is_tag or _stands_alone(tokens, data, base, first, last, begin, end, context)
    if not alone:
        return _NO
    if trust == _PROVINCE_PLAIN:
        if not _is_plain(tokens, begin, end):
            return _NO
        return _YES if all_capital or is_tag or (marks & _LOWER_CASE and capitals == 0) else _NO
    if trust == _CITY_PLAIN:
        return _IF_SUPPORTED if _is_plain(tokens, begin, end) else _NO
    if trust == _LISTED_PLAIN:
        return _YES if _is_plain(tokens, begin, end) else _NO
    cue = _has_cue(tokens, data, base, first, begin, previous_end, context)
    if marks & (_NEEDS_CUE | _PERSON) and not cue:
        return _NO
    if trust == _PROVINCE:
        return _YES if all_capital or (marks & _LOWER_CASE and capitals == 0) else _NO
    if trust == _LISTED:
        return _YES if all_capital or (capitals == 0 and not marks & _ONE_SYLLABLE) else _NO
    if not all_capital:
        return _NO
    if trust == _CITY:
        return _YES
    if trust == _DISTRICT:
        return _YES if cue else _IF_SUPPORTED
    if marks & _PERSON:
        return _NO
    after = _gap(data, base + tokens.ends[end - 1], base + tokens.starts[end]) if end < last else _OTHER
    return _IF_SUPPORTED if cue or after == _COMMA else _NO


@njit(**_OPTIONS)
def _may_join(tokens, data, base, token):
    """Whether a token continues the name before it: blank, hyphen, apostrophe, or a dot after an abbreviation."""
    gap = _gap(data, base + tokens.ends[token - 1], base + tokens.starts[token])
    return gap <= _HYPHEN or gap == _APOSTROPHE or (
        gap == _DOT and tokens.ends[token - 1] - tokens.starts[token - 1] <= 2
    )  # fmt: skip


@njit(**_OPTIONS)
def _scan(tokens, data, base, first, last, names, context, entries, supports, count):
    """Entries found in one post, longest first from the left; the new count."""
    token = first
    previous_end = np.int64(-1)
    while token < last:
        bit = np.int64(tokens.marked[token] >> np.uint64(49))
        starts = names.first_any if tokens.flags[token] & (_CAPITAL | _NUMBER | _HASHTAG) else names.first_lower
        if not (starts[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
            token += 1
            continue
        key = np.uint64(0)
        best, best_end, best_answer = np.int64(-1), token, _NO
        end = token
        while end < last:
            if end > token and not _may_join(tokens, data, base, end):
                break
            key = combine(key, tokens.marked[end])
            slot = find(names.keys, key)
            if slot < 0:
                break
            end += 1
            entry = np.int64(names.entry[slot])
            if entry < 0:
                continue
            answer = _weigh(
                tokens, data, base, first, last, token, end, previous_end,
                names.trust[entry], names.marks[entry], names.skip[entry], context,
            )  # fmt: skip
            if answer != _NO:
                best, best_end, best_answer = entry, end, answer
        if best < 0:
            token += 1
            continue
        if names.trust[best] != _BLOCK:
            entries[count] = best
            supports[count] = best_answer
            count += 1
            previous_end = best_end
        token = best_end
    return count


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
def _choose(entry, answer, names, units, ambiguous, home, stamp, stamps):
    """Row of the unit that an entry means, of the ambiguous name that it is, or -1."""
    first, last = names.offsets[entry], names.offsets[entry + 1]
    best = 0
    for place in range(first, last):
        best = max(best, _score(names.candidates[place], units, home, stamp, stamps))
    trust = names.trust[entry]
    if answer == _IF_SUPPORTED and best == 0:
        sure_if_only = trust in (_TYPED, _DOTTED, _TYPED_PLAIN) and units.level[names.candidates[first]] >= 2
        if not (sure_if_only and last - first == 1):
            return np.int64(-1)
    province = np.int64(-1)
    one_province = True
    highest, chosen, equals = -1, np.int64(-1), 0
    for place in range(first, last):
        unit = names.candidates[place]
        if _score(unit, units, home, stamp, stamps) != best:
            continue
        if province >= 0 and units.province[unit] != province:
            one_province = False
        province = units.province[unit]
        rank = 2 * units.level[unit] + (not units.former[unit])
        if units.is_zone[unit]:
            rank = 6
        if rank > highest:
            highest, chosen, equals = rank, unit, 1
        elif rank == highest:
            equals += 1
    if equals == 1 and (one_province or (trust == _CITY and highest >= 4)):
        return chosen
    if best == 0 and trust == _COMMUNE:
        return np.int64(-1)
    if one_province and best > 0:
        for place in range(ambiguous.offsets[entry], ambiguous.offsets[entry + 1]):
            if ambiguous.province[place] == province:
                return np.int64(ambiguous.row[place])
    if trust in (_DISTRICT, _CITY_PLAIN):
        return np.int64(-1) if best == 0 else np.int64(ambiguous.row[ambiguous.offsets[entry]])
    if best == 0 and names.marks[entry] & _NUMBERED:
        return np.int64(-1)  # 'Phường 1' alone says nothing: fifty cities had one
    return np.int64(ambiguous.row[ambiguous.offsets[entry]])


@njit(**_OPTIONS)
def find_places(tokens, data, bases, names, units, ambiguous, context, home, offsets, rows):
    """Fill `offsets` (int64[n + 1]) and `rows` (int32, as many as there are tokens) for n posts; the number of rows."""
    total = 0
    stamps = np.zeros(units.parent.size, dtype=np.int64)
    widest = 0
    for post in range(bases.size - 1):
        widest = max(widest, tokens.offsets[post + 1] - tokens.offsets[post])
    entries = np.empty(widest, dtype=np.int64)
    answers = np.empty(widest, dtype=np.int64)
    for post in range(bases.size - 1):
        offsets[post] = total
        count = _scan(
            tokens, data, bases[post], tokens.offsets[post], tokens.offsets[post + 1],
            names, context, entries, answers, np.int64(0),
        )  # fmt: skip
        stamp = post + 1
        # From the largest to the smallest, so that a province can decide its districts, and these their communes.
        for level in range(3, 1, -1):
            for place in range(count):
                if units.level[names.candidates[names.offsets[entries[place]]]] != level:
                    continue
                unit = _choose(entries[place], answers[place], names, units, ambiguous, home, stamp, stamps)
                if 0 <= unit < units.parent.size and answers[place] != _NO:
                    stamps[unit] = stamp
                    if units.province[unit] >= 0:
                        stamps[units.province[unit]] = stamp
        for place in range(count):
            row = _choose(entries[place], answers[place], names, units, ambiguous, home, stamp, stamps)
            is_new = row >= 0
            for known in range(offsets[post], total):
                is_new = is_new and rows[known] != row
            if is_new:
                rows[total] = row
                total += 1
    offsets[bases.size - 1] = total
    return total
