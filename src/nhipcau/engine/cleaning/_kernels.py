"""The token kernel: from UTF-8 bytes to hashes, one pass, no object per token. Imported only when texts are cut.

`tokens.py` is its driver, `_tables.py` makes what it reads, `_words.py` takes a second look at single words,
`_markup.py` knows tags, entities and links, `_expansion.py` the lexicon. The plain version of it all is
`tests/engine/naive_tokens.py`.

Tuples of arrays are passed only on rare paths: numba counts references at each such call.
"""

from __future__ import annotations

import numpy as np

from nhipcau.engine.cleaning._expansion import (
    CANDIDATE_FLAG,
    CAPITAL_FLAG,
    EMOJI_FLAG,
    NUMBER_FLAG,
    SENTENCE_FLAG,
    entry_of,
    expand,
    is_shouted,
)
from nhipcau.engine.cleaning._markup import (
    decode,
    email_end,
    entity,
    link_end,
    local_part_start,
    mention_end,
    property_of,
    skip_markup,
    tag_end,
)
from nhipcau.engine.cleaning._runs import composed, divides, next_property, read_emoji, read_unspaced, stands_alone
from nhipcau.engine.cleaning._seen import WORD_BYTE, Seen, run_from, slot_of
from nhipcau.engine.cleaning._tables import (
    AMPERSAND,
    COMBINING,
    DIGIT,
    EMOJI,
    IDEOGRAPH,
    IGNORED,
    LATIN,
    LETTER,
    LETTER_BIT,
    SENTENCE_END,
    SEPARATOR,
    SPECIAL,
    UNSPACED,
    UPPER,
    VIETNAMESE,
    VOWEL_BIT,
)
from nhipcau.engine.cleaning._typing import Array, Columns, Letters, Number, Words
from nhipcau.engine.cleaning._words import FNV_START, OPTIONS, finalised, finish_word, hash_points, richness, with_point
from nhipcau.engine.compiling import njit

LONGEST_WORD = 64
"""Letters of a token; what is longer is cut, so that a row of ten million letters needs no memory of its own."""

_HASHTAG_FLAG = 2
_MARKED_FLAG = 32
_TONE_BITS = 0x7000

_FULL_STOP = 0x2E
_COMMA = 0x2C
_COLON = 0x3A
_UNDERSCORE = 0x5F
_LESS_THAN = 0x3C
_BRACKET = 0x5B
_HASH_SIGN = 0x23
_WIDE_HASH_SIGN = 0xFF03


@njit(**OPTIONS)
def tokenize_rows(
    data: Array,
    eights: Array,
    rows: Array,
    row: int,
    tables: Letters,
    lexicon: Words,
    seen: Seen,
    output: Columns,
    count: int,
    scratch: Array,
) -> tuple[Number, Number]:
    """Cut the texts from `row` on; stop before the first text for which the output may be too short.

    Returns the row to go on with and the number of tokens so far. `rows` are the offsets of the texts in `data`;
    `eights` is `data`, eight bytes a number; `seen` is the memory of words, which is changed; `scratch` is
    int64[2, LONGEST_WORD].
    """
    properties = tables.properties
    keys, entries, expansion_offsets, sieve = lexicon.keys, lexicon.entries, lexicon.offsets, lexicon.sieve
    out_plain, out_marked, out_flags = output.plain, output.marked, output.flags
    out_starts, out_ends = output.starts, output.ends
    word, letters = scratch[0], scratch[1]
    kinds, known = seen.kinds, seen.words
    while row < rows.size - 1:
        base = rows[row]
        end = rows[row + 1]
        first_token = count
        if count + (end - base) + 2 > out_plain.size:
            return row, count
        position = base
        settled = base  # nothing before is looked at again
        has_candidate = False
        in_hashtag = False
        last_letters: Number = 0  # of the token before: "K." and "tp." do not end a sentence
        last_end = np.int64(-1)
        after: Number = np.int64(0)
        no_closing = 0
        while position < end:
            low = np.uint64(0)
            high = np.uint64(0)
            slot = np.uint64(0)
            run_end = position
            if kinds[data[position]] == WORD_BYTE and not in_hashtag:
                run_end, low, high = run_from(data, eights, position, end, kinds)
                if low != 0:
                    slot = slot_of(low, high)
                    if known[slot, 0] == low and known[slot, 1] == high:
                        about = np.int64(known[slot, 4])
                        out_plain[count] = known[slot, 2]
                        out_marked[count] = known[slot, 3]
                        out_starts[count] = position - base
                        out_ends[count] = run_end - base
                        out_flags[count] = about & 0xFF
                        count += 1
                        last_letters = about >> 8
                        last_end = run_end
                        # Most often a blank follows.
                        position = run_end + 1 if run_end < end and data[run_end] == 0x20 else run_end
                        continue
            point, size = decode(data, position, end)
            found = property_of(point, properties)
            kind = found & 15
            if kind == SEPARATOR:
                position += size
                in_hashtag = in_hashtag and point == _UNDERSCORE
                continue
            is_entity = kind == AMPERSAND
            if is_entity:
                point, size = entity(data, position, end, tables)
                found = property_of(point, properties)
                kind = found & 15
            if kind == LETTER or kind == DIGIT:  # noqa: SIM109 - a tuple is slower here
                start = position
                word_end = position
                length = 0
                run = 1
                longest = 1
                letter = np.int64(0)
                previous = np.int64(0)
                together = np.int64(0)
                common = np.int64(-1)
                pairs = np.int64(0)
                first = found
                second_look = False
                differs = False  # some letter is not plain; until then `marked` is the hash of both
                plain = FNV_START
                marked = FNV_START
                while True:
                    if kind == LETTER or kind == DIGIT:  # noqa: SIM109
                        if in_hashtag and length > 0 and divides(previous, found, data, position + size, end, tables):
                            break
                        letter = (found >> 16) & 0xFFFF
                        plain_letter = found >> 32
                        if plain_letter == previous >> 32 and found & LATIN != 0:
                            run += 1
                            longest = max(longest, run)
                        else:
                            run = 1
                        if run <= 3:
                            if length == LONGEST_WORD:
                                break
                            word[length] = letter
                            length += 1
                        elif richness(letter, properties) > richness(word[length - 1], properties):
                            word[length - 1] = letter
                        if letter != plain_letter and not differs:
                            differs = True
                            plain = marked
                        marked = with_point(marked, letter)
                        if differs:
                            plain = with_point(plain, plain_letter)
                        pairs |= previous & found
                        previous = found
                        together |= found
                        common &= found
                        position += size
                        word_end = position
                    elif kind == COMBINING:
                        letter = composed(letter, point, tables.composed_from, tables.composed_to)
                        if run <= 3 or richness(letter, properties) > richness(word[length - 1], properties):
                            word[length - 1] = letter
                        together |= properties[letter] & (VIETNAMESE | _TONE_BITS)
                        second_look = True
                        position += size
                        word_end = position
                    elif kind == IGNORED:
                        position += size
                    elif kind == AMPERSAND and not is_entity:
                        point, size = entity(data, position, end, tables)
                        found = property_of(point, properties)
                        kind = found & 15
                        is_entity = True
                        continue
                    elif (point == _FULL_STOP or point == _COMMA) and together & LETTER_BIT == 0 and not in_hashtag:  # noqa: SIM109
                        if length >= LONGEST_WORD - 1:
                            break
                        if next_property(data, position + size, end, tables) & 15 != DIGIT:
                            break
                        letter = np.int64(point)
                        word[length] = letter
                        length += 1
                        marked = with_point(marked, letter)
                        plain = with_point(plain, letter)
                        previous = np.int64(0)
                        position += size
                    else:
                        break
                    if position >= end:
                        break
                    is_entity = False
                    byte = data[position]
                    if byte < 0x80:
                        point, size = np.int64(byte), 1
                        found = properties[byte]
                    else:
                        point, size = decode(data, position, end)
                        found = property_of(point, properties)
                    kind = found & 15
                all_digits = together & LETTER_BIT == 0
                if position < end and (point == _COLON or point == _FULL_STOP) and not in_hashtag:  # noqa: SIM109
                    after = link_end(data, position, end, tables, word, length)
                    if after > position:
                        # Left of a hyphen stands the first part of the same host name.
                        begin = local_part_start(data, start, settled, properties)
                        while count > first_token and out_starts[count - 1] >= begin - base:
                            count -= 1
                            last_letters = 2  # not known of the token before
                        position = after
                        settled = after
                        continue
                if longest >= 3 or second_look or (pairs & VOWEL_BIT != 0 and together & _TONE_BITS != 0):
                    all_upper = common & UPPER != 0
                    plain, marked, length = finish_word(
                        word, letters, length, longest, all_upper, properties, tables.toned
                    )
                else:
                    marked = finalised(marked)
                    plain = finalised(plain) if differs else marked
                flag: Number = np.int64(0)
                if all_digits:
                    flag = NUMBER_FLAG
                elif sieve[np.int64(plain >> np.uint64(52))]:
                    entry = entry_of(plain, keys, entries)
                    if (
                        entry >= 0
                        and expansion_offsets[entry + 1] > expansion_offsets[entry]
                        and not (length == 1 and (in_hashtag or longest >= 3))
                    ):
                        low = np.uint64(0)  # what stands around it matters: not to be remembered
                        if length > 2 or stands_alone(data, start, position, base, end, length, tables):
                            flag = CANDIDATE_FLAG
                            has_candidate = True
                if in_hashtag:
                    flag |= _HASHTAG_FLAG
                if first & UPPER != 0:
                    flag |= CAPITAL_FLAG
                if together & VIETNAMESE != 0:
                    flag |= _MARKED_FLAG
                out_plain[count] = plain
                out_marked[count] = marked
                out_starts[count] = start - base
                out_ends[count] = word_end - base
                out_flags[count] = flag
                count += 1
                last_letters = length
                last_end = position
                if low != 0 and position == run_end and word_end == run_end and not all_digits:
                    known[slot, 0], known[slot, 1] = low, high
                    known[slot, 2], known[slot, 3] = plain, marked
                    known[slot, 4] = np.uint64(flag | length << 8)
                continue
            if kind == COMBINING or kind == IGNORED:  # noqa: SIM109
                position += size
                continue
            in_hashtag = False
            if kind == SENTENCE_END:
                position += size
                if count > first_token:
                    ends = True
                    if point == _FULL_STOP:
                        following = next_property(data, position, end, tables) & 15
                        short = last_letters == 1 or out_flags[count - 1] & CANDIDATE_FLAG != 0
                        ends = following != LETTER and following != DIGIT and not short
                    if ends:
                        out_flags[count - 1] |= SENTENCE_FLAG
            elif kind == UNSPACED:
                position, count = read_unspaced(data, position, end, base, tables, output, count)
                last_letters = 2
            elif kind == IDEOGRAPH or kind == EMOJI:  # noqa: SIM109
                start = position
                length = 1
                if kind == EMOJI and data[position] != 0x26:
                    position, length = read_emoji(data, position, end, properties, letters)
                else:
                    letters[0] = point
                    position += size
                hashed = hash_points(letters, length)
                out_plain[count] = hashed
                out_marked[count] = hashed
                out_starts[count] = start - base
                out_ends[count] = position - base
                out_flags[count] = EMOJI_FLAG if kind == EMOJI else 0
                count += 1
                last_letters = 2
            elif kind == SPECIAL and data[position] != 0x26:
                if point == _LESS_THAN:
                    position, is_block, no_closing = skip_markup(data, position, end, tables, no_closing)
                    if is_block and count > first_token:
                        out_flags[count - 1] |= SENTENCE_FLAG
                elif point == _BRACKET:
                    position = tag_end(data, position, end, tables)
                elif point == _HASH_SIGN or point == _WIDE_HASH_SIGN:  # noqa: SIM109
                    position += size
                    in_hashtag = True
                else:
                    after = np.int64(0)
                    if last_end == position:
                        after = email_end(data, position + size, end, tables)
                    if after > 0:
                        begin = local_part_start(data, position, settled, properties)
                        while count > first_token and out_starts[count - 1] >= begin - base:
                            count -= 1
                            last_letters = 2  # not known of the token before
                    else:
                        after = mention_end(data, position + size, end, properties)
                    position = after
                    settled = after
            else:
                position += size
        if count > first_token:
            out_flags[count - 1] |= SENTENCE_FLAG
        if has_candidate:
            count = expand(output, first_token, count, lexicon, is_shouted(data, base, end))
            if count < 0:
                return row, first_token
        row += 1
        output.offsets[row] = count
    return row, count
