"""Phrases that could be the label of an issue: titles, sentences, runs of clauses of its voices, as token ranges."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.tokens import EMOJI, HASHTAG
from nhipcau.engine.labels.words import ASKS, CLAUSE_ENDS, SENTENCE_ENDS, IssueWords, is_in

FEWEST_WORDS: Final = 3
_RUN: Final = 3


class Candidates(NamedTuple):
    """Token ranges: int64[c] `first` and `behind`, and bool[c] for each trait."""

    first: npt.NDArray[np.int64]
    behind: npt.NDArray[np.int64]
    starts_sentence: npt.NDArray[np.bool_]
    ends_sentence: npt.NDArray[np.bool_]
    in_title: npt.NDArray[np.bool_]
    asks: npt.NDArray[np.bool_]
    whole_clauses: npt.NDArray[np.bool_]


def candidates_of(words: IssueWords, *, limit_words: int) -> Candidates:
    """List all runs of one to three clauses of a sentence within the length, and cut clauses where one is too long."""
    borders = words.borders.tolist()
    offsets = words.tokens.offsets.tolist()
    clause = np.flatnonzero((words.borders & (CLAUSE_ENDS | SENTENCE_ENDS)) != 0).tolist()
    unusable = np.concatenate([[0], np.cumsum((words.tokens.flags & (EMOJI | HASHTAG)) != 0)])
    soft = is_in(words.tokens.marked, _soft_hashes()).tolist()
    rows: list[tuple[int, int, bool, bool, bool, bool, bool]] = []
    position = 0
    for post, content in enumerate(words.texts):
        begin, end = offsets[post], offsets[post + 1]
        if begin == end:
            continue
        line = content.find(b"\n")
        title_end = begin
        if line > 0:
            title_end = begin + int(np.searchsorted(words.tokens.starts[begin:end], line))
        cuts = [begin]
        while position < len(clause) and clause[position] < end:
            cuts.append(clause[position] + 1)
            position += 1
        if cuts[-1] != end:
            cuts.append(end)
        for place in range(len(cuts) - 1):
            first = cuts[place]
            opens = first == begin or bool(borders[first - 1] & SENTENCE_ENDS)
            for last in range(place + 1, min(place + 1 + _RUN, len(cuts))):
                behind = cuts[last]
                closes = behind == end or bool(borders[behind - 1] & SENTENCE_ENDS)
                size = behind - first
                if size <= limit_words:
                    if size >= FEWEST_WORDS:
                        asks = bool(borders[behind - 1] & ASKS)
                        rows.append((first, behind, opens, closes, behind <= title_end, asks, True))
                elif last == place + 1:
                    for cut in range(first + 5, min(first + limit_words, behind - 1) + 1):
                        if soft[cut]:
                            rows.append((first, cut, opens, False, cut <= title_end, False, False))
                if closes or size > limit_words:
                    break
    table = np.array(rows, dtype=np.int64).reshape(-1, 7)
    first, behind = table[:, 0], table[:, 1]
    clean = unusable[first] == unusable[behind]
    table = table[clean]
    return Candidates(
        table[:, 0],
        table[:, 1],
        *(table[:, column].astype(np.bool_) for column in range(2, 7)),
    )


@cache
def _soft_hashes() -> npt.NDArray[np.uint64]:
    """Return the words before which a long clause may be cut."""
    text = files("nhipcau.engine.data").joinpath("clause_words.csv").read_text(encoding="utf-8")
    return np.array(sorted({token_hash(word) for word in text.split()[1:]}), dtype=np.uint64)
