"""Matching of cue phrases against the tokens of posts; `classify.py` calls it, `cues.py` lays out the cues.

The plain rule: a cue counts where its words stand, unless a longer cue covers them; the best cue of a kind decides.
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from nhipcau.engine.compiling import njit

COMPILE = {"cache": True, "nogil": True}

MOST_MATCHES = 192
LONGEST_GAP = 8
ENOUGH = 4

# Codes as in `cues.py`.
QUESTION, REQUEST, CONCERN, REPORT, THANKS, OTHER, NO_KIND, PARTICLE = 0, 1, 2, 3, 4, 5, 6, 7
START, END = 1, 2
EMOJI_FLAG, ACCENT_FLAG = 4, 32

# Bits of `borders`: the punctuation behind a token, and what the token is.
CLAUSE_ENDS, SENTENCE_ENDS, ASKS, IS_PARTICLE = 1, 2, 4, 8

# Columns of `found`, one row a match; the second pair is empty where the cue has no gap.
CUE, BEGIN, BEHIND, GAP_BEGIN, GAP_BEHIND, HIDDEN = 0, 1, 2, 3, 4, 5


@njit(**COMPILE)
def _is_initial(data, begin, end):
    """Whether a token is a short form in capitals, as in TP.HCM, P.12 or TS.BS."""
    if end - begin > 3:
        return False
    capitals = 0
    for place in range(begin, end):
        capitals += 65 <= data[place] <= 90
    return capitals == end - begin


@njit(**COMPILE)
def _border(data, token_begin, begin, end):
    """Punctuation in the bytes behind the token that starts at `token_begin` and ends at `begin`, up to `end`.

    A link lies there too: its marks have letters behind them.
    """
    found = 0
    if begin < end <= begin + 2 and data[begin] == 46 and _is_initial(data, token_begin, begin):
        # "TP.HCM", "TP. HCM" and "P. 12" go on; "ở HN. Mai" does not.
        is_city = data[token_begin] == 84 and data[token_begin + 1] == 80
        if end - begin == 1 or begin - token_begin == 1 or is_city:
            return 0
    for place in range(begin, end):
        byte = data[place]
        following = data[place + 1] if place + 1 < end else 32
        closed = not (48 <= following <= 57 or 65 <= following <= 90 or 97 <= following <= 122 or following == 47)
        if byte == 63:  # ?
            if closed:
                found |= CLAUSE_ENDS | SENTENCE_ENDS | ASKS
        elif byte == 33 or byte == 46:  # ! .
            if closed:
                found |= CLAUSE_ENDS | SENTENCE_ENDS
        elif byte == 10:
            found |= CLAUSE_ENDS | SENTENCE_ENDS
        elif byte == 44 or byte == 59 or byte == 40 or byte == 41 or byte == 124:  # , ; ( ) |
            found |= CLAUSE_ENDS
        elif byte == 58 or byte == 45:  # : -
            if closed and end - begin > 1:
                found |= CLAUSE_ENDS
        elif byte == 0xE2 and place + 2 < end and data[place + 1] == 0x80:
            if data[place + 2] == 0xA6:  # …
                found |= CLAUSE_ENDS | SENTENCE_ENDS
            elif data[place + 2] == 0x93 or data[place + 2] == 0x94:  # dashes
                found |= CLAUSE_ENDS
    return found


@njit(**COMPILE)
def _behind_words(posts, cues, word, last_word, token, until, borders, without_accents):
    """Find the token behind the words of a cue that stand from `token` on, or -1. No sentence ends inside."""
    begin = token
    while word < last_word:
        if token >= until or (token > begin and borders[token - 1] & SENTENCE_ENDS):
            return -1
        bare = without_accents and not posts.flags[token] & ACCENT_FLAG
        same = cues.marked[word] == posts.marked[token] or (bare and cues.plain[word] == posts.plain[token])
        if not same and cues.marked[word] != 0:
            return -1
        word += 1
        token += 1
    return token


@njit(**COMPILE)
def _starts_clause(posts, borders, first, token):
    while token > first:
        if borders[token - 1] & CLAUSE_ENDS or posts.flags[token - 1] & EMOJI_FLAG:
            return True
        if not borders[token - 1] & IS_PARTICLE:
            return False
        token -= 1
    return True


@njit(**COMPILE)
def _ends_clause(posts, borders, until, behind):
    while behind < until:
        if borders[behind - 1] & CLAUSE_ENDS or posts.flags[behind] & EMOJI_FLAG:
            return True
        if not borders[behind] & IS_PARTICLE:
            return False
        behind += 1
    return True


@njit(**COMPILE)
def _stands(posts, cues, cue, token, first, until, borders, without_accents, match):
    """Whether a cue stands at `token`; its spans go to `match`."""
    behind = _behind_words(posts, cues, cues.first[cue], cues.gap[cue], token, until, borders, without_accents)
    if behind < 0:
        return False
    if cues.needs_accents[cue] and without_accents:
        marks = 0
        for place in range(token, behind):
            marks |= posts.flags[place] & ACCENT_FLAG
        if marks == 0:
            return False
    if cues.position[cue] == START and not _starts_clause(posts, borders, first, token):
        return False
    match[CUE], match[BEGIN], match[BEHIND] = cue, token, behind
    match[GAP_BEGIN], match[GAP_BEHIND], match[HIDDEN] = behind, behind, 0
    if cues.gap[cue] == cues.last[cue]:
        return cues.position[cue] != END or _ends_clause(posts, borders, until, behind)
    for begin in range(behind, min(behind + LONGEST_GAP + 1, until)):
        if borders[begin - 1] & CLAUSE_ENDS:
            return False
        end = _behind_words(posts, cues, cues.gap[cue], cues.last[cue], begin, until, borders, without_accents)
        if end >= 0 and (cues.position[cue] != END or _ends_clause(posts, borders, until, end)):
            match[GAP_BEGIN], match[GAP_BEHIND] = begin, end
            return True
    return False


@njit(**COMPILE)
def _slot(cues, key):
    mask = np.uint64(len(cues.slots) - 1)
    slot = np.int64(key & mask)
    while cues.slots[slot] != 0 and cues.slots[slot] != key:
        slot = np.int64(np.uint64(slot + 1) & mask)
    return slot


@njit(**COMPILE)
def _find(posts, cues, post, borders, slot_of, found):
    """Fill `found` with the cues of one post, hidden ones marked; return how many.

    `borders` and `slot_of` are scratch, addressed like the tokens.
    """
    first, until = posts.offsets[post], posts.offsets[post + 1]
    text_begin, text_end = posts.bounds[post], posts.bounds[post + 1]
    accented = 0
    for token in range(first, until):
        begin = text_begin + posts.ends[token]
        end = text_begin + posts.starts[token + 1] if token + 1 < until else text_end
        borders[token] = _border(posts.data, text_begin + posts.starts[token], begin, end)
        accented += (posts.flags[token] & ACCENT_FLAG) != 0
        slot_of[token] = _slot(cues, posts.plain[token])
    without_accents = accented * 5 < until - first
    for token in range(first, until):
        for place in range(cues.slot_first[slot_of[token]], cues.slot_last[slot_of[token]]):
            cue = cues.rows[place]
            if cues.kind[cue] != PARTICLE:
                break  # particles come first
            behind = _behind_words(posts, cues, cues.first[cue], cues.last[cue], token, until, borders, without_accents)
            if behind == token + 1:
                borders[token] |= IS_PARTICLE
    matches = 0
    for token in range(first, until):
        for place in range(cues.slot_first[slot_of[token]], cues.slot_last[slot_of[token]]):
            cue = cues.rows[place]
            if cues.second[place] != 0 and (token + 1 >= until or cues.second[place] != posts.plain[token + 1]):
                continue  # most end here
            if cues.kind[cue] == PARTICLE or matches == MOST_MATCHES:
                continue
            if _stands(posts, cues, cue, token, first, until, borders, without_accents, found[matches]):
                matches += 1
    _hide(cues, found, matches)
    _silence(cues, found, matches, first, until, borders)
    return matches


@njit(**COMPILE)
def _hide(cues, found, matches):
    """Hide the cues whose words lie inside a longer one; an exception, and a cue of more points for the same kind,
    also hide those of their own length.
    """
    for one in range(matches):
        cue = found[one, CUE]
        size = cues.last[cue] - cues.first[cue]
        begin, behind = found[one, BEGIN], found[one, BEHIND]
        for other in range(matches):
            rival = found[other, CUE]
            longer = cues.last[rival] - cues.first[rival] - size
            if longer < 0 or rival == cue:
                continue
            exception = cues.kind[rival] == NO_KIND and cues.kind[cue] != NO_KIND
            stronger = cues.kind[rival] == cues.kind[cue] and (
                cues.weight[rival] > cues.weight[cue] or (cues.weight[rival] == cues.weight[cue] and rival < cue)
            )
            if longer == 0 and not exception and not stronger:
                continue
            head = found[other, BEGIN] <= begin and behind <= found[other, BEHIND]
            tail = found[other, GAP_BEGIN] <= begin and behind <= found[other, GAP_BEHIND]
            if head or tail:
                found[one, HIDDEN] = 1
                break


@njit(**COMPILE)
def _silence(cues, found, matches, first, until, borders):
    """Let a rhetorical sentence ask nothing, whatever its mark and its other words."""
    for one in range(matches):
        if found[one, HIDDEN] or not cues.silences[found[one, CUE]]:
            continue
        begin = found[one, BEGIN]
        while begin > first and not borders[begin - 1] & SENTENCE_ENDS:
            begin -= 1
        end = found[one, BEHIND]
        while end < until and not borders[end - 1] & SENTENCE_ENDS:
            end += 1
        borders[end - 1] &= ~ASKS
        for other in range(matches):
            if cues.kind[found[other, CUE]] == QUESTION and begin <= found[other, BEGIN] < end:
                found[other, HIDDEN] = 1


@njit(**COMPILE)
def _decide(cues, found, matches, first, until, borders):
    """Choose the kind of a post: points add up within a sentence only, or a long post would be anything."""
    best = np.zeros(OTHER + 1, dtype=np.int64)
    most = np.zeros(OTHER + 1, dtype=np.int64)
    total = np.zeros(OTHER + 1, dtype=np.int64)
    one = 0
    for token in range(first, until):
        while one < matches and found[one, BEGIN] == token:  # matches are in the order of the tokens
            cue = found[one, CUE]
            if not found[one, HIDDEN] and cues.kind[cue] < OTHER:
                total[cues.kind[cue]] += cues.weight[cue]
                best[cues.kind[cue]] = max(best[cues.kind[cue]], cues.weight[cue])
            one += 1
        if borders[token] & ASKS:
            total[QUESTION] += ENOUGH
            best[QUESTION] = max(best[QUESTION], ENOUGH)
        if borders[token] & SENTENCE_ENDS or token + 1 == until:
            most = np.maximum(most, total)
            total[:] = 0
    # Who asks for something wants that before all; the stronger cue decides between deed and answer.
    wants_deed, wants_answer = most[REQUEST] >= ENOUGH, most[QUESTION] >= ENOUGH
    if wants_deed and (not wants_answer or best[REQUEST] >= best[QUESTION]):
        return REQUEST
    if wants_answer:
        return QUESTION
    chosen, points = OTHER, 0
    for candidate in (THANKS, REPORT, CONCERN):
        score = best[candidate] * 64 + min(most[candidate], 63)
        if most[candidate] >= ENOUGH and score > points:
            chosen, points = candidate, score
    return chosen


@njit(**COMPILE)
def kinds_of_posts(posts, cues):
    """Kind codes, uint8[posts]."""
    count = len(posts.offsets) - 1
    codes = np.full(count, OTHER, dtype=np.uint8)
    borders = np.zeros(len(posts.plain) + 1, dtype=np.uint8)
    slot_of = np.zeros(len(posts.plain) + 1, dtype=np.int32)
    found = np.zeros((MOST_MATCHES + 1, 6), dtype=np.int64)
    for post in range(count):
        matches = _find(posts, cues, post, borders, slot_of, found)
        codes[post] = _decide(cues, found, matches, posts.offsets[post], posts.offsets[post + 1], borders)
    return codes


@njit(**COMPILE)
def borders_of_posts(data, bounds, offsets, starts, ends):
    """Read what stands behind each token, uint8[tokens]: bits `CLAUSE_ENDS`, `SENTENCE_ENDS`, `ASKS`."""
    borders = np.zeros(len(starts), dtype=np.uint8)
    for post in range(len(offsets) - 1):
        for token in range(offsets[post], offsets[post + 1]):
            begin = bounds[post] + ends[token]
            end = bounds[post] + starts[token + 1] if token + 1 < offsets[post + 1] else bounds[post + 1]
            borders[token] = _border(data, bounds[post] + starts[token], begin, end)
    return borders


@njit(**COMPILE)
def cues_of_post(posts, cues):
    """Find the cues of the first post, int64[matches, 6], and the tokens before a question mark that counts."""
    borders = np.zeros(len(posts.plain) + 1, dtype=np.uint8)
    slot_of = np.zeros(len(posts.plain) + 1, dtype=np.int32)
    found = np.zeros((MOST_MATCHES + 1, 6), dtype=np.int64)
    matches = _find(posts, cues, 0, borders, slot_of, found)
    return found[:matches], np.nonzero(borders & ASKS)[0]
