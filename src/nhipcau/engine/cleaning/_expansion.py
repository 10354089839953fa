"""Abbreviations and teencode written out, after a post is read and only where it is Vietnamese. Kernels only."""

from __future__ import annotations

import numpy as np
from numba import njit

_OPTIONS = {"cache": True, "nogil": True}
_NUMBER_OR_EMOJI = 1 | 4
_ENDS_SENTENCE = 8
_CAPITAL = 16
_CANDIDATE = 64

# Shares of words, in fifths: a post is Vietnamese when one word in five is one that only Vietnamese has.
_WORDS_A_SIGN = 5


@njit(**_OPTIONS)
def _entry(plain, lexicon):
    """The entry of a word in the lexicon, or -1."""
    mask = np.uint64(lexicon.keys.size - 1)
    slot = plain & mask
    while lexicon.keys[slot] != 0:
        if lexicon.keys[slot] == plain:
            return lexicon.entries[slot]
        slot = (slot + np.uint64(1)) & mask
    return np.int64(-1)


@njit(**_OPTIONS)
def candidate(plain, lexicon):
    """Whether the lexicon writes this word out."""
    entry = _entry(plain, lexicon)
    return entry >= 0 and lexicon.offsets[entry + 1] > lexicon.offsets[entry]


@njit(**_OPTIONS)
def _is_vietnamese(output, first, last, lexicon):
    """Whether enough words of a post are signs of Vietnamese; no diacritic is looked at, so that twins agree."""
    words = 0
    signs = 0
    strong = 0
    for place in range(first, last):
        if output.flags[place] & _NUMBER_OR_EMOJI:
            continue
        words += 1
        entry = _entry(output.plain[place], lexicon)
        if entry >= 0 and lexicon.strength[entry] > 0:
            signs += 1
            strong += lexicon.strength[entry] - 1
    return signs * _WORDS_A_SIGN >= words and (strong > 0 or signs >= 2)


@njit(**_OPTIONS)
def _expands(output, place, first, lexicon):
    """The entry that a token is written out by, or -1; a single capital counts only where a sentence begins."""
    if not output.flags[place] & _CANDIDATE:
        return np.int64(-1)
    entry = _entry(output.plain[place], lexicon)
    single = lexicon.letters[entry] == 1
    if single and output.flags[place] & _CAPITAL and place > first and not output.flags[place - 1] & _ENDS_SENTENCE:
        return np.int64(-1)
    return entry


@njit(**_OPTIONS)
def expand(output, first, last, lexicon):
    """Write out the candidates of one post, in place; the new number of tokens, or -1 where the output is too short.

    The words of an expansion share the byte span of what was written. The flags stay with the first word, the end of
    the sentence goes to the last.
    """
    keep = np.uint8(0xFF ^ _CANDIDATE)
    if not _is_vietnamese(output, first, last, lexicon):
        for place in range(first, last):
            output.flags[place] &= keep
        return np.int64(last)
    growth = 0
    for place in range(first, last):
        entry = _expands(output, place, first, lexicon)
        if entry >= 0:
            growth += lexicon.offsets[entry + 1] - lexicon.offsets[entry] - 1
    if last + growth > output.plain.size:
        return np.int64(-1)
    to = last + growth
    for place in range(last - 1, first - 1, -1):
        entry = _expands(output, place, first, lexicon)
        flags = output.flags[place] & keep
        start = output.starts[place]
        end = output.ends[place]
        if entry < 0:
            to -= 1
            output.plain[to] = output.plain[place]
            output.marked[to] = output.marked[place]
            output.starts[to] = start
            output.ends[to] = end
            output.flags[to] = flags
            continue
        begin = lexicon.offsets[entry]
        for word in range(lexicon.offsets[entry + 1] - 1, begin - 1, -1):
            to -= 1
            output.plain[to] = lexicon.plain[word]
            output.marked[to] = lexicon.marked[word]
            output.starts[to] = start
            output.ends[to] = end
            shared = flags & np.uint8(0xFF ^ _ENDS_SENTENCE ^ _CAPITAL)
            if word == begin:
                shared |= flags & np.uint8(_CAPITAL)
            if word == lexicon.offsets[entry + 1] - 1:
                shared |= flags & np.uint8(_ENDS_SENTENCE)
            output.flags[to] = shared
    return np.int64(last + growth)
