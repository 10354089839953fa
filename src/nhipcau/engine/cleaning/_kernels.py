"""The token kernel: from UTF-8 bytes to hashes, one pass, no object per token. Imported only when texts are cut.

`tokens.py` is its driver, `_tables.py` makes what it reads, `_words.py` finishes single words, `_markup.py` knows
tags, entities and links. The plain version is `tests/engine/naive_tokens.py`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from nhipcau.engine.cleaning._expansion import candidate, expand
from nhipcau.engine.cleaning._markup import decode, email_end, link_end, local_part_start, mention_end, skip_markup
from nhipcau.engine.cleaning._tables import (
    COMBINING,
    DIGIT,
    EMOJI,
    IDEOGRAPH,
    IGNORED,
    LATIN,
    LETTER,
    SENTENCE_END,
    SPECIAL,
    UNSPACED,
    UPPER,
    VIETNAMESE,
)
from nhipcau.engine.cleaning._words import finish_word, hash_points, richness

LONGEST_WORD = 64
"""Letters of a token; what is longer is cut, so that a row of ten million letters needs no memory of its own."""

NUMBER = 1
HASHTAG = 2
EMOJI_FLAG = 4
ENDS_SENTENCE = 8
CAPITAL = 16
MARKED = 32
_CANDIDATE = 64  # may expand by the lexicon; never leaves the kernel

_FULL_STOP = 0x2E
_COMMA = 0x2C
_UNDERSCORE = 0x5F
_HASH_SIGN = 0x23
_AT_SIGN = 0x40
_ZERO_WIDTH_JOINER = 0x200D
_REGIONAL_FIRST = 0x1F1E6
_REGIONAL_LAST = 0x1F1FF
_OPTIONS = {"cache": True, "nogil": True}


class Output(NamedTuple):
    """Where the kernel writes: the columns of `Tokens`, as long as the driver made them."""

    offsets: npt.NDArray[np.int64]
    plain: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]


@njit(**_OPTIONS)
def _composed(letter, mark, tables):
    """The letter with the mark, or the letter as it was where there is no such letter."""
    key = letter << 16 | mark
    place = np.searchsorted(tables.composed_from, key)
    if place < tables.composed_from.size and tables.composed_from[place] == key:
        return tables.composed_to[place]
    return letter


@njit(**_OPTIONS)
def _next_property(data, position, end, tables):
    """Property of the next code point that is neither a mark nor ignored (0 at the end)."""
    while position < end:
        point, size = decode(data, position, end, tables)
        found = property_of(point, tables)
        if (found & 15) != COMBINING and (found & 15) != IGNORED:
            return found
        position += size
    return np.int64(0)


@njit(**_OPTIONS)
def property_of(point, tables):
    """The packed property of a code point of any plane."""
    if point < 0x10000:
        return tables.properties[point]
    if 0x1D400 <= point < 0x1D800:
        return tables.properties[0x10000 + point - 0x1D400]
    if 0x1F3FB <= point <= 0x1F3FF or 0xE0000 <= point <= 0xE0FFF:
        return np.int64(IGNORED)
    if 0x1F000 <= point <= 0x1FBFF:
        return np.int64(EMOJI)
    return np.int64(IDEOGRAPH)


@njit(**_OPTIONS)
def _read_word(data, position, end, tables, word, in_hashtag):
    """Collect one run of letters and digits into `word`.

    Returns the position after it, the byte after its last letter, letters, longest run of one letter, property bits
    of all letters together, property of the first, and whether the word is all digits or all capitals.
    """
    count = 0
    run = 0
    longest = 0
    letter = np.int64(0)
    previous_plain = np.int64(-1)
    previous = np.int64(0)
    together = np.int64(0)
    first = np.int64(0)
    all_digits = True
    all_upper = True
    word_end = position
    while position < end:
        point, size = decode(data, position, end, tables)
        found = property_of(point, tables)
        kind = found & 15
        if kind == LETTER or kind == DIGIT:
            if in_hashtag and count > 0:
                upper = (found & UPPER) != 0
                previous_upper = (previous & UPPER) != 0
                previous_digit = (previous & 15) == DIGIT
                if upper and not previous_upper:
                    break  # ngapNuoc, so3Nha
                if kind == DIGIT and not previous_digit and not previous_upper:
                    break
                if kind == LETTER and previous_digit:
                    break
                if upper and previous_upper and count > 0:
                    following = _next_property(data, position + size, end, tables)
                    if (following & 15) == LETTER and (following & UPPER) == 0:
                        break  # UBNDTinh
            plain = found >> 32
            same = plain == previous_plain and (found & LATIN) != 0
            if same:
                run += 1
            else:
                run = 1
            if run <= 3:
                if count == LONGEST_WORD:
                    break
                letter = (found >> 16) & 0xFFFF
                word[count] = letter
                count += 1
                if count == 1:
                    first = found
            else:
                letter = (found >> 16) & 0xFFFF
                if richness(letter, tables) > richness(word[count - 1], tables):
                    word[count - 1] = letter
            longest = max(longest, run)
            previous_plain = plain
            previous = found
            together |= found
            all_digits = all_digits and kind == DIGIT
            all_upper = all_upper and (found & UPPER) != 0
            position += size
            word_end = position
        elif kind == COMBINING:
            letter = _composed(letter, point, tables)
            if run <= 3 or richness(letter, tables) > richness(word[count - 1], tables):
                word[count - 1] = letter
            together |= tables.properties[letter] & VIETNAMESE
            position += size
            word_end = position
        elif kind == IGNORED:
            position += size
        elif (point == _FULL_STOP or point == _COMMA) and all_digits and count < LONGEST_WORD - 1 and not in_hashtag:
            if (_next_property(data, position + size, end, tables) & 15) != DIGIT:
                break
            word[count] = point
            count += 1
            previous_plain = np.int64(-1)
            run = 0
            position += size
        else:
            break
    return position, word_end, count, longest, together, first, all_digits, all_upper


@njit(**_OPTIONS)
def _read_unspaced(data, position, end, base, tables, output, count):
    """Overlapping trigrams of code points of a run in a script without spaces; a shorter run is one token."""
    window = np.empty(3, dtype=np.int64)
    window_starts = np.empty(3, dtype=np.int64)
    held = 0
    written = 0
    word_end = position
    while position < end:
        point, size = decode(data, position, end, tables)
        kind = property_of(point, tables) & 15
        if kind == UNSPACED:
            if held == 3:
                window[0], window[1] = window[1], window[2]
                window_starts[0], window_starts[1] = window_starts[1], window_starts[2]
                held = 2
            window[held] = point
            window_starts[held] = position
            held += 1
            word_end = position + size
            if held == 3:
                hashed = hash_points(window, 3)
                output.plain[count] = hashed
                output.marked[count] = hashed
                output.starts[count] = window_starts[0] - base
                output.ends[count] = word_end - base
                output.flags[count] = 0
                count += 1
                written += 1
        elif kind != COMBINING and kind != IGNORED:
            break
        position += size
    if written == 0:
        hashed = hash_points(window, held)
        output.plain[count] = hashed
        output.marked[count] = hashed
        output.starts[count] = window_starts[0] - base
        output.ends[count] = word_end - base
        output.flags[count] = 0
        count += 1
    return position, count


@njit(**_OPTIONS)
def _read_emoji(data, position, end, tables, word):
    """One emoji: a flag is two letters; what a joiner ties to the first picture is left out."""
    point, size = decode(data, position, end, tables)
    word[0] = point
    letters = 1
    position += size
    if _REGIONAL_FIRST <= point <= _REGIONAL_LAST and position < end:
        point, size = decode(data, position, end, tables)
        if _REGIONAL_FIRST <= point <= _REGIONAL_LAST:
            word[1] = point
            return position + size, 2
        return position, 1
    joined = False
    while position < end:
        point, size = decode(data, position, end, tables)
        kind = property_of(point, tables) & 15
        if kind == IGNORED or kind == COMBINING:
            joined = point == _ZERO_WIDTH_JOINER
        elif (kind == EMOJI or point == 0x2642 or point == 0x2640) and joined:
            joined = False
        else:
            break
        position += size
    return position, letters


@njit(**_OPTIONS)
def tokenize_rows(data, rows, row, tables, lexicon, output, count, word, letters):
    """Cut the texts from `row` on; stop before the first text for which the output may be too short.

    Returns the row to go on with and the number of tokens so far. `word` (int64[LONGEST_WORD]) and `letters`
    (int64[LONGEST_WORD]) are scratch. `rows` are the offsets of the texts in `data`.
    """
    while row < rows.size - 1:
        base = rows[row]
        end = rows[row + 1]
        first_token = count
        if count + (end - base) + 2 > output.plain.size:
            return row, count
        position = base
        has_candidate = False
        last_letters = 0  # of the token before: "K." and "tp." do not end a sentence
        last_end = np.int64(-1)
        no_closing = 0
        settled = base  # nothing before is looked at again
        while position < end:
            point, size = decode(data, position, end, tables)
            found = property_of(point, tables)
            kind = found & 15
            if kind == LETTER or kind == DIGIT:
                start = position
                position, word_end, size, longest, together, first, all_digits, all_upper = _read_word(
                    data, position, end, tables, word, False
                )
                if position < end:
                    after = link_end(data, start, position, end, tables, word, size)
                    if after > position:
                        position = after
                        # Left of a hyphen stands the first part of the same host name.
                        begin = local_part_start(data, start, settled, tables)
                        while count > first_token and output.starts[count - 1] >= begin - base:
                            count -= 1
                        last_end = np.int64(-1)
                        settled = position
                        continue
                plain, marked, size = finish_word(word, letters, size, longest, together, all_upper, tables)
                flag = 0
                if all_digits:
                    flag = NUMBER
                if (first & UPPER) != 0:
                    flag |= CAPITAL
                if (together & VIETNAMESE) != 0:
                    flag |= MARKED
                if not all_digits and not (size == 1 and longest >= 3):
                    if candidate(plain, lexicon) and (
                        size > 1 or _stands_alone(data, start, position, base, end, tables)
                    ):
                        flag |= _CANDIDATE
                        has_candidate = True
                output.plain[count] = plain
                output.marked[count] = marked
                output.starts[count] = start - base
                output.ends[count] = word_end - base
                output.flags[count] = flag
                count += 1
                last_letters = size
                last_end = position
            elif kind == IDEOGRAPH:
                word[0] = point if point > 0xFFFF else (found >> 16) & 0xFFFF
                hashed = hash_points(word, 1)
                output.plain[count] = hashed
                output.marked[count] = hashed
                output.starts[count] = position - base
                position += size
                output.ends[count] = position - base
                output.flags[count] = 0
                count += 1
                last_letters = 2
            elif kind == EMOJI:
                start = position
                position, size = _read_emoji(data, position, end, tables, word)
                hashed = hash_points(word, size)
                output.plain[count] = hashed
                output.marked[count] = hashed
                output.starts[count] = start - base
                output.ends[count] = position - base
                output.flags[count] = EMOJI_FLAG
                count += 1
                last_letters = 2
            elif kind == UNSPACED:
                position, count = _read_unspaced(data, position, end, base, tables, output, count)
                last_letters = 2
            elif kind == SENTENCE_END:
                position += size
                if count > first_token:
                    ends = True
                    if point == _FULL_STOP:
                        following = _next_property(data, position, end, tables) & 15
                        short = last_letters == 1 or (output.flags[count - 1] & _CANDIDATE) != 0
                        ends = following != LETTER and following != DIGIT and not short
                    if ends:
                        output.flags[count - 1] |= ENDS_SENTENCE
            elif kind == SPECIAL:
                if size == 1 and data[position] == 0x3C:
                    position, is_block, no_closing = skip_markup(data, position, end, tables, no_closing)
                    if is_block and count > first_token:
                        output.flags[count - 1] |= ENDS_SENTENCE
                elif point == _AT_SIGN or point == 0xFF20:
                    if last_end == position:
                        after = email_end(data, position + size, end, tables)
                        if after > 0:
                            begin = local_part_start(data, position, settled, tables)
                            while count > first_token and output.starts[count - 1] >= begin - base:
                                count -= 1
                            position = after
                            settled = after
                            continue
                    position = mention_end(data, position + size, end, tables)
                elif point == _HASH_SIGN or point == 0xFF03:
                    position += size
                    while position < end:
                        point, size = decode(data, position, end, tables)
                        found = property_of(point, tables)
                        kind = found & 15
                        if kind == LETTER or kind == DIGIT:
                            start = position
                            position, word_end, size, longest, together, first, all_digits, all_upper = _read_word(
                                data, position, end, tables, word, True
                            )
                            plain, marked, size = finish_word(word, letters, size, longest, together, all_upper, tables)
                            flag = HASHTAG
                            if all_digits:
                                flag |= NUMBER
                            if (first & UPPER) != 0:
                                flag |= CAPITAL
                            if (together & VIETNAMESE) != 0:
                                flag |= MARKED
                            if not all_digits and size > 1 and candidate(plain, lexicon):
                                flag |= _CANDIDATE
                                has_candidate = True
                            output.plain[count] = plain
                            output.marked[count] = marked
                            output.starts[count] = start - base
                            output.ends[count] = word_end - base
                            output.flags[count] = flag
                            count += 1
                            last_letters = 2
                        elif point == _UNDERSCORE or kind == COMBINING or kind == IGNORED:
                            position += size
                        else:
                            break
                else:
                    position += size
            else:
                position += size
        if count > first_token:
            output.flags[count - 1] |= ENDS_SENTENCE
        if has_candidate:
            after = expand(output, first_token, count, lexicon)
            if after < 0:
                return row, first_token
            count = after
        row += 1
        output.offsets[row] = count
    return row, count


@njit(**_OPTIONS)
def _stands_alone(data, start, position, base, end, tables):
    """Whether a single letter is a word of its own and no part of K-pop, m/s, vitamin-k, p.12 or R&B."""
    if start > base:
        before = data[start - 1]
        if before in (0x2D, 0x2F, 0x2E, 0x27, 0x26, 0x2B, 0x3B, 0x3A, 0x3D, 0x5C, 0x99):
            return False
    if position < end:
        after = data[position]
        if after in (0x2D, 0x2F, 0x2E, 0x27, 0x2B, 0x3D, 0x5C, 0xE2):
            following = _next_property(data, position + 1, end, tables) & 15
            return following != LETTER and following != DIGIT and after != 0xE2
        if after == 0x26 or after == 0x2A or after == 0x25:
            return False
    return True
