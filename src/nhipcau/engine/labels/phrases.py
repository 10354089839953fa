"""Words and set phrases of an issue, by how often, how rare in the stream, and how firmly their words hang together.

What becomes a keyword, and how it is written, is decided in `keywords.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning.tokens import CAPITAL, EMOJI, HASHTAG, NUMBER
from nhipcau.engine.labels.words import CLAUSE_ENDS, IssueWords

LONGEST: Final = 5
CANDIDATES: Final = 60
"""Of each length."""
COHESION: Final = 0.3
"""A phrase holds together from this share of the uses of its first and of its last word on (geometric mean)."""
ABSORBED: Final = 0.7
"""A phrase that stands inside a longer one in this share of its uses is a piece of that one."""
HALF: Final = 0.7
"""A phrase that has one and the same neighbour in this share of its uses is half of something."""
HALF_SYLLABLE: Final = 0.4
"""The same for a single word."""
_LENGTHS: Final = (0.55, 1.0, 1.1, 1.1, 1.0)


@dataclass(frozen=True)
class Phrase:
    """One to five words.

    Attributes
    ----------
    words
        Numbers of the words in `IssueWords`.
    heavy
        Those that are not stop-words.
    score
        Share of the texts, rarity and cohesion in one number.
    share
        Weighted share of the texts that have it.
    places
        int64[k], the tokens where it starts.
    """

    words: tuple[int, ...]
    heavy: frozenset[int]
    score: float
    share: float
    places: npt.NDArray[np.int64]


class _Uses(NamedTuple):
    """All phrases of one length: where they start (grouped), and per phrase first place in that list, uses, share,
    cohesion.
    """

    places: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    uses: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]
    cohesion: npt.NDArray[np.float64]


def phrases_of(words: IssueWords, *, may_quote: bool) -> list[Phrase]:
    """Candidates, best first, without the pieces of longer phrases.

    Without `may_quote` they occur in two posts or more, and have no number and no hashtag.
    """
    count = len(words.word)
    if not count:
        return []
    floor = max(2, len(words.texts) // 30) if len(words.texts) > 1 or not may_quote else 1
    by_size = {
        size: _uses(words, size, places, runs, floor)
        for size, places, runs in _repeated(words, floor, may_quote=may_quote)
    }
    uses_at = {size: _spread(uses, count) for size, uses in by_size.items()}
    heavy = ~words.is_stop
    rarity_sum = np.concatenate([[0.0], np.cumsum(words.rarity[words.word] * heavy)])
    heavy_sum = np.concatenate([[0], np.cumsum(heavy)])
    found = []
    for size, uses in by_size.items():
        if not len(uses.starts):
            continue
        first = uses.places[uses.starts]
        rarity = (rarity_sum[first + size] - rarity_sum[first]) / (heavy_sum[first + size] - heavy_sum[first])
        score = uses.share**0.75 * rarity * _LENGTHS[size - 1] * np.sqrt(uses.cohesion)
        score[_absorbed(words, uses, size, uses_at)] = 0.0
        for one in np.argsort(-score, kind="stable")[:CANDIDATES].tolist():
            if score[one] > 0.0:
                here = uses.places[uses.starts[one] : uses.starts[one] + uses.uses[one]]
                numbers = words.word[here[0] : here[0] + size]
                kept = frozenset(numbers[heavy[here[0] : here[0] + size]].tolist())
                found.append(Phrase(tuple(numbers.tolist()), kept, float(score[one]), float(uses.share[one]), here))
    return sorted(found, key=lambda phrase: (-phrase.score, phrase.words))


def _repeated(
    words: IssueWords, floor: int, *, may_quote: bool
) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """For each length the places where a repeated run of words of one clause starts, and the number of the run.

    A run of five is repeated only where its first four words are, so few places are left for the longer ones.
    """
    flags = words.tokens.flags
    avoided = (flags & (EMOJI if may_quote else EMOJI | NUMBER | HASHTAG)) != 0
    joined = _joined(words)
    places = np.flatnonzero(~avoided & ~words.is_stop & ((flags & NUMBER) == 0))
    runs = words.word[places]
    for size in range(1, LONGEST + 1):
        if size > 1:
            ends = places + size - 1
            kept = joined[ends - 1]
            kept[kept] &= ~avoided[ends[kept]]
            places = places[kept]
            keys = runs[kept] * np.int64(len(words.rarity)) + words.word[places + size - 1]
            _, runs = np.unique(keys, return_inverse=True)
        kept = np.bincount(runs, minlength=1)[runs] >= floor
        places, runs = places[kept], runs[kept]
        whole = ~words.is_stop[places + size - 1]
        yield size, places[whole], runs[whole]


def _uses(
    words: IssueWords, size: int, places: npt.NDArray[np.int64], runs: npt.NDArray[np.int64], floor: int
) -> _Uses:
    """Those of the runs that occur in `floor` posts and hang together."""
    order = np.argsort(runs, kind="stable")
    runs, places = runs[order], places[order]
    new = np.append(True, runs[1:] != runs[:-1])[: len(runs)]
    phrase = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    uses = np.bincount(phrase, minlength=len(starts))
    first_in_post = new.copy()
    first_in_post[1:] |= words.post[places[1:]] != words.post[places[:-1]]
    posts = np.bincount(phrase[first_in_post], minlength=len(starts))
    parts = words.weights[words.post[places]] * first_in_post
    share: npt.NDArray[np.float64] = np.bincount(phrase, parts, len(starts)).astype(np.float64)
    cut = np.bincount(phrase, weights=_cuts_name(words, places, size), minlength=len(starts))
    total = np.bincount(words.word, minlength=len(words.rarity))
    head = places[starts]
    ends = total[words.word[head]] * total[words.word[head + size - 1]]
    cohesion = uses / np.sqrt(ends) if size > 1 else np.ones(len(starts))
    half = np.maximum(*(_commonest_neighbour(words, places, phrase, uses, step) for step in (-1, size)))
    half *= HALF / HALF_SYLLABLE if size == 1 else 1.0
    keep = (posts >= floor) & (cohesion >= COHESION) & (2 * cut <= uses) & ((half < HALF) | (uses < 3))
    return _Uses(places, starts[keep], uses[keep], share[keep], cohesion[keep])


def _joined(words: IssueWords) -> npt.NDArray[np.bool_]:
    """bool[m]: the next token belongs to the same clause."""
    joined = np.zeros(len(words.word), dtype=np.bool_)
    joined[:-1] = ((words.borders[:-1] & CLAUSE_ENDS) == 0) & (words.post[:-1] == words.post[1:])
    return joined


def _cuts_name(words: IssueWords, places: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.bool_]:
    """Whether the phrase at each place stops in the middle of a run of capitals ("thể tại Hà" of "Hà Nội")."""
    capital = (words.tokens.flags & CAPITAL) != 0
    joined = _joined(words)
    last = places + size - 1
    following = np.minimum(last + 1, len(capital) - 1)
    right = capital[last] & joined[last] & capital[following]
    before = np.maximum(places - 1, 0)
    left = capital[places] & joined[before] & capital[before] & (places > 0)
    return np.asarray(right | left)


def _commonest_neighbour(
    words: IssueWords,
    places: npt.NDArray[np.int64],
    phrase: npt.NDArray[np.int64],
    uses: npt.NDArray[np.int64],
    step: int,
) -> npt.NDArray[np.float64]:
    """Share of the uses of each phrase that stand beside one and the same word; `step` is where it stands.

    Half a compound, or a piece of a phrase of more than five words, has such a neighbour.
    """
    joined = _joined(words)
    beside = np.clip(places + step, 0, len(words.word) - 1)
    bond = joined[np.maximum(places - 1, 0)] & (places > 0) if step < 0 else joined[places + step - 1]
    held = bond & ~words.is_stop[beside]
    pairs, number = np.unique(phrase[held] * np.int64(len(words.rarity)) + words.word[beside[held]], return_counts=True)
    most = np.zeros(len(uses))
    owner = pairs // len(words.rarity)
    runs = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])[: len(owner)])
    if len(runs):
        most[owner[runs]] = np.maximum.reduceat(number, runs)
    return np.asarray(most / np.maximum(uses, 1))


def _spread(uses: _Uses, count: int) -> npt.NDArray[np.int64]:
    """int64[m]: how often the phrase that starts at a token is used, 0 where none starts."""
    result = np.zeros(count + LONGEST, dtype=np.int64)
    for start, number in zip(uses.starts.tolist(), uses.uses.tolist(), strict=True):
        result[uses.places[start : start + number]] = number
    return result


def _absorbed(
    words: IssueWords, uses: _Uses, size: int, uses_at: dict[int, npt.NDArray[np.int64]]
) -> npt.NDArray[np.bool_]:
    """Phrases that mostly stand inside one longer phrase."""
    largest = np.zeros(len(words.word), dtype=np.int64)
    for longer in range(size + 1, LONGEST + 1):
        for shift in range(min(longer - size + 1, len(largest))):
            largest[shift:] = np.maximum(largest[shift:], uses_at[longer][: len(largest) - shift])
    inside = np.array(
        [
            largest[uses.places[start : start + number]].max()
            for start, number in zip(uses.starts.tolist(), uses.uses.tolist(), strict=True)
        ]
    )
    return np.asarray(inside >= ABSORBED * uses.uses)
