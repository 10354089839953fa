"""Abbreviations and teencode written out, after a post is read and only where it is Vietnamese. Kernels only."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.cleaning._typing import Array, Columns, Number, Words
from nhipcau.engine.cleaning._words import OPTIONS
from nhipcau.engine.compiling import njit

NUMBER_FLAG = 1
EMOJI_FLAG = 4
SENTENCE_FLAG = 8
CAPITAL_FLAG = 16
CANDIDATE_FLAG = 64  # may be written out by the lexicon; never leaves the kernel

# A post is Vietnamese when one word in five is one that only Vietnamese has, or all of several words are abbreviations.
_WORDS_A_SIGN = 5


@njit(**OPTIONS)
def entry_of(plain: np.uint64, keys: Array, entries: Array) -> Number:
    """Look a word up in the lexicon: its entry, or -1."""
    mask = np.uint64(keys.size - 1)
    slot = plain & mask
    while keys[slot] != 0 and keys[slot] != plain:
        slot = (slot + np.uint64(1)) & mask
    return entries[slot] if keys[slot] != 0 else np.int64(-1)


@njit(**OPTIONS)
def _is_vietnamese(
    plain: Array, flags: Array, first: int, last: int, keys: Array, entries: Array, strength: Array
) -> bool:
    """Tell whether enough words of a post are signs of Vietnamese; diacritics are no sign, so that twins agree."""
    words = 0
    signs = 0
    strong = 0
    for place in range(first, last):
        if flags[place] & (NUMBER_FLAG | EMOJI_FLAG):
            continue
        words += 1
        entry = entry_of(plain[place], keys, entries)
        if entry >= 0 and strength[entry] > 0:
            signs += 1
            strong += strength[entry] - 1
    if strong > 0:
        return signs * _WORDS_A_SIGN >= words
    return signs == words and signs >= 2


@njit(**OPTIONS)
def is_shouted(data: Array, begin: int, end: int) -> bool:
    """Tell whether a text has no small letter: hardly a Vietnamese syllable is without one of a to z."""
    place = begin
    while place < end and not 0x61 <= data[place] <= 0x7A:
        place += 1
    return place == end


@njit(**OPTIONS)
def expand(output: Columns, first: int, last: int, lexicon: Words, shouted: bool) -> Number:  # noqa: FBT001
    """Write out the candidates of one post, in place: the new number of tokens, or -1 where the output is too short.

    The words of an expansion share the byte span of what was written. A capital stays with the first word, the end of
    the sentence goes to the last. A single letter in capitals (vitamin K) is a word only where a sentence begins, or
    where all is in capitals.
    """
    plain, marked, flags = output.plain, output.marked, output.flags
    starts, ends = output.starts, output.ends
    keys, entries, offsets = lexicon.keys, lexicon.entries, lexicon.offsets
    written = _is_vietnamese(plain, flags, first, last, keys, entries, lexicon.strength)
    growth = 0
    for place in range(first, last):
        if flags[place] & CANDIDATE_FLAG:
            entry = entry_of(plain[place], keys, entries)
            inside = place > first and not flags[place - 1] & SENTENCE_FLAG
            capital = lexicon.letters[entry] == 1 and flags[place] & CAPITAL_FLAG
            if written and (shouted or not (capital and inside)):
                growth += offsets[entry + 1] - offsets[entry] - 1
            else:
                flags[place] &= 0xFF ^ CANDIDATE_FLAG
    if last + growth > plain.size:
        return np.int64(-1)
    to = last + growth
    for place in range(last - 1, first - 1, -1):
        flag = flags[place]
        begin = np.int64(0)
        end = np.int64(1)
        is_written_out = flag & CANDIDATE_FLAG != 0
        if is_written_out:
            entry = entry_of(plain[place], keys, entries)
            begin, end = offsets[entry], offsets[entry + 1]
        for word in range(end - 1, begin - 1, -1):
            to -= 1
            plain[to] = lexicon.plain[word] if is_written_out else plain[place]
            marked[to] = lexicon.marked[word] if is_written_out else marked[place]
            starts[to] = starts[place]
            ends[to] = ends[place]
            flags[to] = flag & (0xFF ^ CANDIDATE_FLAG)
            if word != begin:
                flags[to] &= 0xFF ^ CAPITAL_FLAG
            if word != end - 1:
                flags[to] &= 0xFF ^ SENTENCE_FLAG
    return np.int64(last + growth)
