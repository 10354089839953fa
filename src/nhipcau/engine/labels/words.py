"""The words of one issue in columns: which, where, how common in the issue and in the stream. Labels and keywords
are made from it, in `candidates.py`, `label.py` and `keywords.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning.tokens import EMOJI, MARKED, Tokens, tokenize, utf8_buffers
from nhipcau.engine.kinds.cues import built_in_lexicon
from nhipcau.engine.labels.stopwords import marked_stop_hashes, stop_hashes
from nhipcau.engine.reading.arrays import text_array

DocumentFrequency: TypeAlias = Callable[[npt.NDArray[np.uint64]], npt.NDArray[np.float64]]
"""From plain hashes of words to the share of the stream's posts that have them, float64, 0 to 1."""

RAREST: Final = 1e-5
"""Rarer words do not weigh more: a slip of the pen is rare too."""
SLIP: Final = 0.25
"""A spelling is a slip of the pen below this part of what its twin with other diacritics is used."""
CLAUSE_ENDS: Final = 1
SENTENCE_ENDS: Final = 2
ASKS: Final = 4


@dataclass(frozen=True)
class IssueWords:
    """The tokens of the texts of an issue (m tokens, v distinct words, n texts).

    Attributes
    ----------
    texts
        The texts as UTF-8, to cut surfaces from.
    tokens
        Their tokens.
    post
        int64[m], the text of a token.
    word
        int64[m], its word, told apart by diacritics: a number below v.
    borders
        uint8[m], the punctuation behind it: `CLAUSE_ENDS`, `SENTENCE_ENDS`, `ASKS`.
    is_stop
        bool[m]; emoji count as stop-words.
    rarity
        float64[v], logarithm of one over the share in the stream.
    share
        float64[v], weighted share of the texts that have the word.
    weights
        float64[n], of the texts; they add up to 1.
    without_accents
        bool[n], written without diacritics.
    """

    texts: tuple[bytes, ...]
    tokens: Tokens
    post: npt.NDArray[np.int64]
    word: npt.NDArray[np.int64]
    borders: npt.NDArray[np.uint8]
    is_stop: npt.NDArray[np.bool_]
    rarity: npt.NDArray[np.float64]
    share: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    without_accents: npt.NDArray[np.bool_]

    def surface(self, first: int, behind: int) -> str:
        """Cut out the letters from token `first` to before token `behind`, of one text."""
        content = self.texts[self.post[first]]
        return content[self.tokens.starts[first] : self.tokens.ends[behind - 1]].decode("utf-8", errors="replace")


def issue_words(
    texts: Sequence[str], weights: Sequence[float] | None, document_frequency: DocumentFrequency
) -> IssueWords:
    """Cut the texts of an issue and weigh its words."""
    from nhipcau.engine.kinds._kernels import borders_of_posts

    array = text_array(texts)
    tokens = tokenize(array, lexicon=built_in_lexicon())
    data, bounds = utf8_buffers(array)
    borders = borders_of_posts(data, bounds, tokens.offsets, tokens.starts, tokens.ends)
    rarity = _rarity(tokens.plain, document_frequency)
    tokens, borders, rarity = _folded(tokens, borders, rarity)
    post = np.repeat(np.arange(len(texts)), np.diff(tokens.offsets))
    marks = np.bincount(post[(tokens.flags & MARKED) != 0], minlength=len(texts))
    without_accents = marks * 5 < np.diff(tokens.offsets)
    _, first, word = np.unique(_written(tokens, without_accents[post]), return_index=True, return_inverse=True)
    light = is_in(tokens.marked, _sorted_hashes("marked"))
    light |= without_accents[post] & is_in(tokens.plain, _sorted_hashes("plain"))
    light |= (tokens.flags & EMOJI) != 0
    count = max(1, len(texts))
    given = np.ones(len(texts)) if weights is None else np.asarray(weights, dtype=np.float64)
    part = given / given.sum() if given.sum() > 0 else np.full(len(texts), 1.0 / count)
    pairs = np.unique(word * np.int64(count) + post)
    share: npt.NDArray[np.float64] = np.bincount(pairs // count, part[pairs % count], len(first)).astype(np.float64)
    return IssueWords(
        texts=tuple(text.encode("utf-8", errors="replace") for text in texts),
        tokens=tokens,
        post=post,
        word=word.astype(np.int64),
        borders=borders,
        is_stop=light,
        rarity=rarity[first],
        share=share,
        weights=part,
        without_accents=without_accents,
    )


def _rarity(plain: npt.NDArray[np.uint64], document_frequency: DocumentFrequency) -> npt.NDArray[np.float64]:
    """float64[m]: logarithm of one over the share of the stream's posts that have the word of each token."""
    distinct, place = np.unique(plain, return_inverse=True)
    known = np.asarray(document_frequency(distinct), dtype=np.float64) if len(distinct) else np.zeros(0)
    return np.asarray(-np.log(np.clip(known, RAREST, 1.0))[place])


def _folded(
    tokens: Tokens, borders: npt.NDArray[np.uint8], rarity: npt.NDArray[np.float64]
) -> tuple[Tokens, npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """Make one token again of an abbreviation that was written out, for a reader sees one word: THPT, UBND.

    Its hashes are the sums of those of its words, its rarity is their mean.
    """
    count = len(tokens.plain)
    opens = np.ones(count, dtype=np.bool_)
    opens[1:] = (tokens.starts[1:] != tokens.starts[:-1]) | (tokens.ends[1:] != tokens.ends[:-1])
    inner = tokens.offsets[(tokens.offsets > 0) & (tokens.offsets < count)]
    opens[inner] = True
    if opens.all():
        return tokens, borders, rarity
    first = np.flatnonzero(opens)
    last = np.append(first[1:], count) - 1
    folded = Tokens(
        offsets=np.searchsorted(first, tokens.offsets).astype(np.int64),
        plain=np.add.reduceat(tokens.plain, first),
        marked=np.add.reduceat(tokens.marked, first),
        starts=tokens.starts[first],
        ends=tokens.ends[first],
        flags=tokens.flags[first],
    )
    return folded, borders[last], np.add.reduceat(rarity, first) / (last - first + 1)


def _written(tokens: Tokens, is_bare: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    """uint64[m]: hashes with diacritics; a word of a post without any gets those that its twins mostly have here."""
    written = tokens.marked.copy()
    if not is_bare.any() or is_bare.all():
        return written
    marked, first, uses = np.unique(tokens.marked[~is_bare], return_index=True, return_counts=True)
    plain = tokens.plain[~is_bare][first]
    order = np.lexsort((marked, -uses, plain))
    plain, marked = plain[order], marked[order]
    best = np.flatnonzero(np.append(True, plain[1:] != plain[:-1]))
    plain, marked = plain[best], marked[best]
    place = np.minimum(np.searchsorted(plain, tokens.plain[is_bare]), len(plain) - 1)
    written[is_bare] = np.where(plain[place] == tokens.plain[is_bare], marked[place], written[is_bare])
    return written


def slips_of_the_pen(words: IssueWords) -> npt.NDArray[np.bool_]:
    """Mark the tokens that most texts write with other diacritics, bool[m]: "xả" where nearly all write "xã"."""
    if not len(words.word):
        return np.zeros(0, dtype=np.bool_)
    _, plain = np.unique(words.tokens.plain, return_inverse=True)
    share = words.share[words.word]
    usual = np.zeros(int(plain.max()) + 1)
    np.maximum.at(usual, plain, share)
    is_marked = (words.tokens.flags & MARKED) != 0
    return np.asarray(is_marked & (share < SLIP * usual[plain]))


def is_in(hashes: npt.NDArray[np.uint64], known: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether each hash is among the sorted `known`; faster than `numpy.isin` where these are few."""
    return np.asarray(known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes)


@cache
def _sorted_hashes(which: str) -> npt.NDArray[np.uint64]:
    return np.array(sorted(marked_stop_hashes() if which == "marked" else stop_hashes()), dtype=np.uint64)


def language_of(words: IssueWords) -> str:
    """``vi``, ``en`` or ``und``: which stop-words and diacritics the texts have."""
    from nhipcau.engine.labels.stopwords import language_hashes

    if not len(words.word):
        return "und"
    marked = float(((words.tokens.flags & MARKED) != 0).mean())
    vietnamese = float(is_in(words.tokens.plain, language_hashes("vi")).mean())
    english = float(is_in(words.tokens.plain, language_hashes("en")).mean())
    if marked > 0.15 or (vietnamese > 1.2 * english and vietnamese > 0.1):
        return "vi"
    return "en" if english > 0.05 else "und"
