"""Kernels that look at what stands around a name: what lies between words, capitals, words for or against a place.

What follows from it is decided in `_kernels.py`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# numba infers the types of a kernel from its arguments.

from __future__ import annotations

from nhipcau.engine.compiling import njit

# These kernels allocate nothing: with reference counts off (`_nrt`) columns cost nothing to pass on.
_OPTIONS = {"cache": True, "nogil": True, "_nrt": False}

# Flags of tokens, see `cleaning/tokens.py`.
_NUMBER, _ENDS_SENTENCE, _CAPITAL, _MARKED = 1, 8, 16, 32

# What lies between two tokens, the strongest sign last.
NOTHING, SPACE, HYPHEN, DOT, APOSTROPHE, COMMA, OTHER = 0, 1, 2, 3, 4, 5, 6


@njit(**_OPTIONS)
def gap(data, start, end):
    """Tell what lies between two tokens: the strongest sign in these bytes."""
    found = NOTHING
    place = start
    while place < end:
        byte = data[place]
        if byte == 0x20:
            sign = SPACE
        elif byte == 0x2D or byte == 0x5F:
            sign = HYPHEN
        elif byte == 0x2E:
            sign = DOT
        elif byte == 0x27:
            sign = APOSTROPHE
        elif byte == 0x2C:
            sign = COMMA
        elif byte == 0xC2 and place + 1 < end and data[place + 1] == 0xA0:
            sign = SPACE
            place += 1
        elif byte == 0xE2 and place + 2 < end and data[place + 1] == 0x80:
            last = data[place + 2]
            sign = HYPHEN if 0x90 <= last <= 0x95 else (APOSTROPHE if last == 0x98 or last == 0x99 else OTHER)
            place += 2
        else:
            return OTHER
        found = max(found, sign)
        place += 1
    return found


@njit(**_OPTIONS)
def has(words, word):
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
def is_upper(data, start, end):
    """Whether a token is written in capitals: two bytes at least, no small letter of Vietnamese."""
    for place in range(start, end):
        byte = data[place]
        if 0x61 <= byte <= 0x7A:
            return False
        if place + 1 < end:
            following = data[place + 1]
            if byte == 0xC3 and following >= 0xA0:  # à to ý
                return False
            if (byte == 0xC4 or byte == 0xC5) and following & 1:  # ă đ ĩ ũ: capitals have even code points here
                return False
            if byte == 0xC6 and (following == 0xA1 or following == 0xB0):  # ơ ư
                return False
            if byte == 0xE1 and place + 2 < end and data[place + 2] & 1:  # ạ to ỹ, even and odd again
                return False
    return end - start >= 2


@njit(**_OPTIONS)
def _before(tokens, data, base, first, token):
    """Tell what lies before a token, `OTHER` where nothing does."""
    if token == first:
        return OTHER
    return gap(data, base + tokens.ends[token - 1], base + tokens.starts[token])


@njit(**_OPTIONS)
def count_capitals(tokens, data, base, begin, end):
    """How many tokens are written as a name is, and whether the first is. Numbers and parts after ' count as such."""
    count = 0
    for token in range(begin, end):
        is_capital = tokens.flags[token] & (_CAPITAL | _NUMBER) != 0
        if not is_capital and token > begin and count == token - begin:
            start = base + tokens.starts[token]
            is_capital = (
                tokens.starts[token] == tokens.starts[token - 1]
                or gap(data, base + tokens.ends[token - 1], start) == APOSTROPHE
            )
        count += is_capital
    return count


@njit(**_OPTIONS)
def is_plain(tokens, begin, end):
    for token in range(begin, end):  # noqa: SIM110 - numba takes no generators
        if tokens.flags[token] & _MARKED:
            return False
    return True


@njit(**_OPTIONS)
def all_upper(tokens, data, base, begin, end):
    for token in range(begin, end):  # noqa: SIM110
        if not is_upper(data, base + tokens.starts[token], base + tokens.ends[token]):
            return False
    return True


@njit(**_OPTIONS)
def speaks_against(tokens, first, token, context):
    """Whether the word before a name says that it is none of a place; of 'câu lạc bộ' the last is not enough."""
    if token - 1 >= first and tokens.marked[token] == context.club[1] and tokens.marked[token - 1] == context.club[0]:
        return True
    return has(context.guards, tokens.marked[token])


@njit(**_OPTIONS)
def _ends_alone(tokens, data, base, last, begin, end, context):
    """Whether no longer name goes on after a name: Hà Nội *Mới* does, Bí thư Đà Nẵng *Lê* Ngọc Quang does not."""
    if end == last or all_upper(tokens, data, base, begin, end):
        return True
    after = gap(data, base + tokens.ends[end - 1], base + tokens.starts[end])
    if after != SPACE or tokens.flags[end] & _CAPITAL == 0 or tokens.flags[end - 1] & _ENDS_SENTENCE:
        return True
    return has(context.families, tokens.marked[end])


@njit(**_OPTIONS)
def _is_named(tokens, data, base, first, begin, previous_end, context):
    """Whether the capitals before a province make it the name of a person or a club: Nguyễn *Hòa Bình*.

    Thảo Cầm Viên *Sài Gòn* is there; what begins with a family name or follows a word that speaks against is not.
    """
    token = begin - 1
    while token >= max(first, previous_end) and begin - token <= 4 and tokens.flags[token] & _CAPITAL:
        if has(context.families, tokens.marked[token]) or speaks_against(tokens, first, token, context):
            return True
        if _before(tokens, data, base, first, token) != SPACE:
            return False
        token -= 1
    return token >= first and token < begin - 1 and speaks_against(tokens, first, token, context)


@njit(**_OPTIONS)
def stands_alone(tokens, data, base, first, last, begin, end, previous_end, context, is_province):
    """Whether a bare name is no part of a longer one: of a person, a street, a club, a company."""
    shouted = all_upper(tokens, data, base, begin, end)
    before = _before(tokens, data, base, first, begin)
    if before in (SPACE, HYPHEN):
        previous = begin - 1
        if before == SPACE and speaks_against(tokens, first, previous, context):
            return False
        if is_province and before == SPACE:
            return not _is_named(tokens, data, base, first, begin, previous_end, context) and _ends_alone(
                tokens, data, base, last, begin, end, context
            )
        if tokens.flags[previous] & _CAPITAL and not shouted:
            is_acronym = is_upper(data, base + tokens.starts[previous], base + tokens.ends[previous])
            opens = previous == first or (tokens.flags[previous - 1] & _ENDS_SENTENCE) != 0
            opens = opens or _before(tokens, data, base, first, previous) >= DOT
            if before == SPACE and not is_acronym and (not opens or has(context.families, tokens.marked[previous])):
                return False
    return _ends_alone(tokens, data, base, last, begin, end, context)


@njit(**_OPTIONS)
def has_cue(tokens, data, base, first, begin, previous_end, context):
    """Whether the words before a name say that a place comes, or it continues a list of places."""
    if begin == first:
        return False
    before = _before(tokens, data, base, first, begin)
    if before == SPACE and has(context.cues, tokens.marked[begin - 1]):
        return True
    if previous_end == begin and before in (COMMA, HYPHEN):
        return True
    return previous_end == begin - 1 and has(context.conjunctions, tokens.marked[begin - 1])


@njit(**_OPTIONS)
def is_of_sport(tokens, first, last, context):
    """Whether a post speaks of clubs, which bear the names of provinces: Nam Định *thua 0-2*."""
    for token in range(first, last):
        word = tokens.marked[token]
        if has(context.sport, word):
            return True
        if token + 1 < last and (
            (word == context.club[0] and tokens.marked[token + 1] == context.club[1])
            or (word == context.coach[0] and tokens.marked[token + 1] == context.coach[1])
        ):
            return True
    return False


@njit(**_OPTIONS)
def is_careless(tokens, first, last):
    """Whether a post is written without capitals, so that their absence tells nothing."""
    capitals = 0
    for token in range(first, last):
        capitals += tokens.flags[token] & _CAPITAL != 0
    return capitals <= 2 or capitals * 20 < last - first


@njit(**_OPTIONS)
def may_join(tokens, data, base, token):
    """Whether a token continues the name before it: blank, hyphen, apostrophe, or a dot after an abbreviation."""
    start, end = base + tokens.ends[token - 1], base + tokens.starts[token]
    if end == start + 1 and data[start] == 0x20:
        return True
    between = gap(data, start, end)
    return between <= HYPHEN or between == APOSTROPHE or (
        between == DOT and tokens.ends[token - 1] - tokens.starts[token - 1] <= 2
    )  # fmt: skip
