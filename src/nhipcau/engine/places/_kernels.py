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
_LISTED, _LISTED_PLAIN, _ACRONYM, _CITY_PLAIN, _DOTTED, _EXPANDED = 8, 9, 10, 11, 12, 13
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
    """Whether a sorted list of at most a hundred hashes has this one."""
    low, high = 0, words.size
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low < words.size and words[low] == word


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
def _speaks_against(tokens, first, token, context):
    """Whether the word before a name says that it is none of a place; of 'câu lạc bộ' the last is not enough."""
    if token - 1 >= first and tokens.marked[token] == context.club[1] and tokens.marked[token - 1] == context.club[0]:
        return True
    return _has(context.guards, tokens.marked[token])


@njit(**_OPTIONS)
def _ends_alone(tokens, data, base, last, begin, end, context):
    """Whether no longer name goes on after a name: Hà Nội *Mới* does, Bí thư Đà Nẵng *Lê* Ngọc Quang does not."""
    if end == last or _all_upper(tokens, data, base, begin, end):
        return True
    after = _gap(data, base + tokens.ends[end - 1], base + tokens.starts[end])
    if after != _SPACE or tokens.flags[end] & _CAPITAL == 0 or tokens.flags[end - 1] & _ENDS_SENTENCE:
        return True
    return _has(context.families, tokens.marked[end])


@njit(**_OPTIONS)
def _is_named(tokens, data, base, first, begin, previous_end, context):
    """Whether the capitals before a province make it the name of a person or a club: Nguyễn *Hòa Bình*.

    Thảo Cầm Viên *Sài Gòn* is there; what begins with a family name or follows a word that speaks against is not.
    """
    token = begin - 1
    while token >= max(first, previous_end) and begin - token <= 4 and tokens.flags[token] & _CAPITAL:
        if _has(context.families, tokens.marked[token]) or _speaks_against(tokens, first, token, context):
            return True
        if _before(tokens, data, base, first, token) != _SPACE:
            return False
        token -= 1
    return token >= first and token < begin - 1 and _speaks_against(tokens, first, token, context)


@njit(**_OPTIONS)
def _stands_alone(tokens, data, base, first, last, begin, end, previous_end, context, is_province):
    """Whether a bare name is no part of a longer one: of a person, a street, a club, a company."""
    shouted = _all_upper(tokens, data, base, begin, end)
    before = _before(tokens, data, base, first, begin)
    if before in (_SPACE, _HYPHEN):
        previous = begin - 1
        if before == _SPACE and _speaks_against(tokens, first, previous, context):
            return False
        if is_province and before == _SPACE:
            return not _is_named(tokens, data, base, first, begin, previous_end, context) and _ends_alone(
                tokens, data, base, last, begin, end, context
            )
        if tokens.flags[previous] & _CAPITAL and not shouted:
            is_acronym = _is_upper(data, base + tokens.starts[previous], base + tokens.ends[previous])
            opens = previous == first or (tokens.flags[previous - 1] & _ENDS_SENTENCE) != 0
            opens = opens or _before(tokens, data, base, first, previous) >= _DOT
            if before == _SPACE and not is_acronym and (not opens or _has(context.families, tokens.marked[previous])):
                return False
    return _ends_alone(tokens, data, base, last, begin, end, context)


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
def _is_of_sport(tokens, first, last, context):
    """Whether a post speaks of clubs, which bear the names of provinces: Nam Định *thua 0-2*."""
    for token in range(first, last):
        word = tokens.marked[token]
        if _has(context.sport, word):
            return True
        if token + 1 < last and (
            (word == context.club[0] and tokens.marked[token + 1] == context.club[1])
            or (word == context.coach[0] and tokens.marked[token + 1] == context.coach[1])
        ):
            return True
    return False


@njit(**_OPTIONS)
def _is_careless(tokens, first, last):
    """Whether a post is written without capitals, so that their absence tells nothing."""
    capitals = 0
    for token in range(first, last):
        capitals += tokens.flags[token] & _CAPITAL != 0
    return capitals <= 2 or capitals * 20 < last - first


@njit(**_OPTIONS)
def _has_kind(entry, kind, names, units):
    for place in range(names.offsets[entry], names.offsets[entry + 1]):
        if units.kind[names.candidates[place]] == kind:
            return True
    return False


@njit(**_OPTIONS)
def _has_former(entry, names, units):
    for place in range(names.offsets[entry], names.offsets[entry + 1]):  # noqa: SIM110
        if units.former[names.candidates[place]]:
            return True
    return False


@njit(**_OPTIONS)
def _weigh(tokens, data, base, first, last, begin, end, previous_end, trust, marks, skip, context, about):
    """Whether tokens that spell a name mean the place: no, yes, or only if the post names its surroundings."""
    name = begin + skip
    capitals = _count_capitals(tokens, data, base, name, end)
    all_capital = capitals == end - name
    is_tag = tokens.flags[begin] & _HASHTAG != 0
    if trust == _BLOCK:
        return _YES if all_capital or not marks & _NEEDS_CUE else _NO
    if end + 1 < last and tokens.marked[end] == context.china[0] and tokens.marked[end + 1] == context.china[1]:
        return _NO  # tỉnh Hà Nam (Trung Quốc) is Henan
    if trust == _TYPED:
        if tokens.flags[name] & (_CAPITAL | _NUMBER) or tokens.starts[name] == tokens.starts[begin] or is_tag:
            return _YES
        return _IF_SUPPORTED if end - name >= 2 and about[0] == 1 else _NO
    if trust == _TYPED_PLAIN:
        if not _is_plain(tokens, name, end) or (end - name < 2 and not marks & _NUMBERED):
            return _NO
        return _IF_SUPPORTED
    if trust == _DOTTED:
        if name == end or (name > begin and tokens.starts[name] == tokens.starts[begin]):
            return _NO
        dot = _gap(data, base + tokens.ends[begin], base + tokens.starts[name]) == _DOT if name > begin else False
        if not all_capital or (end < last and data[base + tokens.ends[end - 1]] == 0x2F):
            return _NO
        if marks & _NUMBERED or name == begin:
            return _YES if dot else _IF_SUPPORTED
        return _YES if dot else _NO
    is_written_out = tokens.starts[begin] == tokens.starts[end - 1] and end - begin > 1
    is_short = is_written_out and tokens.ends[begin] - tokens.starts[begin] <= 2
    if is_short and not _is_upper(data, base + tokens.starts[begin], base + tokens.ends[begin]):
        return _NO  # 'hn' is today as often as Hà Nội
    if trust == _EXPANDED:
        return _YES if is_written_out and not _speaks_against(tokens, first, begin - 1, context) else _NO
    if trust == _ACRONYM:
        is_alone = _stands_alone(tokens, data, base, first, last, begin, end, previous_end, context, trust == _ACRONYM)
        return _YES if _all_upper(tokens, data, base, begin, end) and is_alone else _NO
    if trust in (_CITY, _DISTRICT, _COMMUNE) and not all_capital:
        return _NO  # the cheapest reason first
    is_province = trust in (_PROVINCE, _PROVINCE_PLAIN)
    alone = is_tag or _stands_alone(tokens, data, base, first, last, begin, end, previous_end, context, is_province)
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
    if trust in (_PROVINCE, _CITY) and not cue:
        if about[1] < 0:
            about[1] = _is_of_sport(tokens, first, last, context)
        if about[1] == 1:
            return _NO
    if trust == _PROVINCE:
        return _YES if all_capital or (marks & _LOWER_CASE and capitals == 0) else _NO
    if trust == _LISTED:
        return _YES if all_capital or (capitals == 0 and not marks & _ONE_SYLLABLE) else _NO
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
def _scan(tokens, data, base, first, last, names, units, context, found, about):
    """Find the names of one post, the longest first, from the left; the number of them.

    `found` gets a column each: entry, answer, kind of unit that a list of names goes on with (or -1), whether the
    word 'cũ' (former) follows. `about` gets what is true of the whole post: 0 whether it is written without capitals,
    1 whether it is about sport (-1 while nobody asked).
    """
    count = 0
    token = first
    previous_end, listed_kind = np.int64(-1), np.int64(-1)
    about[0] = _is_careless(tokens, first, last)
    about[1] = -1
    while token < last:
        bit = np.int64(tokens.marked[token] >> np.uint64(49))
        starts = names.first_any if tokens.flags[token] & (_CAPITAL | _NUMBER | _HASHTAG) else names.first_lower
        if not (starts[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
            token += 1
            continue
        key = np.uint64(0)
        best, best_end, best_answer, is_old = np.int64(-1), token, _NO, False
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
                names.trust[entry], names.marks[entry], names.skip[entry], context, about,
            )  # fmt: skip
            follows_old = end < last and tokens.marked[end] == context.old[0]
            if follows_old and names.trust[entry] == _TYPED and not _has_former(entry, names, units):
                answer = _NO  # các xã, phường *Phú Yên cũ*: the word before belongs to something else
            if answer != _NO:
                best, best_end, best_answer, is_old = entry, end, answer, follows_old
        if best < 0:
            token += 1
            continue
        trust = names.trust[best]
        if trust != _BLOCK:
            goes_on = _has_cue(tokens, data, base, first, token, previous_end, context) and not (
                _has(context.cues, tokens.marked[token - 1]) and previous_end != token
            )  # fmt: skip
            kind = np.int64(-1)
            if trust in (_TYPED, _DOTTED, _TYPED_PLAIN):
                kind = np.int64(units.kind[names.candidates[names.offsets[best]]])
                listed_kind = kind
            elif goes_on and trust >= _CITY and listed_kind >= 0 and _has_kind(best, listed_kind, names, units):
                kind = listed_kind
                best_answer = _YES
            else:
                listed_kind = np.int64(-1)
            found[0, count] = best
            found[1, count] = best_answer
            found[2, count] = kind
            found[3, count] = is_old
            count += 1
            if best_answer == _YES:
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
def _fits(unit, kind, is_old, names, entry, units):
    """Whether a unit is of the kind that a list names, and former where the text says so, if any of the name is."""
    if kind >= 0 and units.kind[unit] != kind and _has_kind(entry, kind, names, units):
        return False
    return units.former[unit] or not is_old or not _has_former(entry, names, units)


@njit(**_OPTIONS)
def _choose(entry, answer, kind, is_old, names, units, ambiguous, home, stamp, stamps):
    """Row of the unit that an entry means, of the ambiguous name that it is, or -1."""
    first, last = names.offsets[entry], names.offsets[entry + 1]
    trust = names.trust[entry]
    best = -1
    for place in range(first, last):
        unit = names.candidates[place]
        if _fits(unit, kind, is_old, names, entry, units):
            best = max(best, _score(unit, units, home, stamp, stamps))
    if answer == _IF_SUPPORTED and best == 0:
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


@njit(**_OPTIONS)
def find_places(tokens, data, bases, names, units, ambiguous, context, home, offsets, rows):
    """Fill `offsets` (int64[n + 1]) and `rows` (int32, as many as there are tokens) for n posts; the number of rows."""
    total = 0
    stamps = np.zeros(units.parent.size, dtype=np.int64)
    widest = 0
    for post in range(bases.size - 1):
        widest = max(widest, tokens.offsets[post + 1] - tokens.offsets[post])
    found = np.empty((4, widest), dtype=np.int64)
    chosen = np.empty(widest, dtype=np.int64)
    about = np.empty(2, dtype=np.int64)
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
                row = _choose(
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
