"""Open questions of an issue: the question sentences of its posts, those that ask the same thing counted together.

Which sentence is a question is decided by `classify.py`; what the words of asking are, by `data/question_words.csv`.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.shorthand import written_out
from nhipcau.engine.kinds.classify import kinds_of
from nhipcau.engine.kinds.cues import KINDS, CueTable, built_in_lexicon
from nhipcau.engine.kinds.wording import reading_form, wording_quality
from nhipcau.engine.reading.arrays import text_array

QUESTION_CODE: Final = KINDS.index("question")
MOST_QUESTIONS: Final = 2_000
SAME: Final = 0.5
"""Two questions are the same from this share of common words on (Dice, rarer words count a little more)."""
CONTAINED: Final = 0.35
"""The same where all words of one are in the other and both want the same form of answer (when, where, ...)."""

_PLACE_PREPOSITIONS: Final = frozenset(token_hash(word) for word in ("o", "tai", "at", "in", "near"))
_PLEAS: Final = frozenset(
    token_hash(word)
    for word in [
        "em",
        "anh",
        "chi",
        "co",
        "chu",
        "bac",
        "con",
        "chau",
        "minh",
        "toi",
        "tui",
        "ad",
        "mong",
        "xin",
        "cho",
        "hoi",
        "biet",
        "giai",
        "dap",
        "giup",
        "tra",
        "loi",
    ]
)
"""Who is asked and that an answer is wanted: a sentence of nothing else asks nothing."""
_SENTENCE: Final = re.compile(r"[^.!?…\n\r]*(?:\.(?=\S)[^.!?…\n\r]*)*[.!?…\n\r]*")


@dataclass(frozen=True)
class Question:
    """One open question.

    Attributes
    ----------
    text
        The clearest wording among those who ask, made ready for reading.
    voices
        How many posts ask it.
    authors
        How many distinct known authors ask it; posts of unknown authors do not count here.
    members
        Places of these posts in the texts given, ascending.
    """

    text: str
    voices: int
    authors: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class _Asked:
    """One question sentence: its post, its words as hashes, and what form of answer it wants."""

    post: int
    text: str
    words: frozenset[int]
    asks: str


def group_questions(
    texts: Sequence[str],
    authors: Sequence[int | None],
    times: Sequence[Any],
    *,
    limit: int = 5,
    lexicon: Lexicon | None = None,
    cues: CueTable | None = None,
) -> list[Question]:
    """Group the questions that the posts of one issue ask, most asked first.

    Parameters
    ----------
    texts
        Redacted posts of one issue; of more than 2,000 the last ones are read.
    authors
        Keys of the authors, None where unknown; as long as `texts`.
    times
        Anything that can be compared; earlier questions stand first among equals. As long as `texts`.
    limit
        How many to return.
    lexicon, cues
        The operator's tables; the shipped ones if not given.

    Returns
    -------
    list of Question
        The same whatever the order of the posts.

    Notes
    -----
    Words of asking and stop-words are put aside; what is left is compared by the Dice coefficient, a little weighted
    by rarity among the questions given. Groups are stars (Aslam, Pelekhov and Rus, "The star clustering algorithm for
    static and dynamic information organization", 2004): the question with the most voices around it first, with all
    that are near it. Quadratic in distinct questions: about 0.1 s for 500.

    Examples
    --------
    >>> texts = ["Khi nào có điện lại?", "Bao giờ có điện lại ạ?"]
    >>> [question.voices for question in group_questions(texts, [1, 2], [1, 2])]
    [2]
    """
    order = sorted(range(len(texts)), key=lambda post: (times[post], texts[post], str(authors[post])))
    asked = _asked(texts, order[-MOST_QUESTIONS:], lexicon or built_in_lexicon(), cues)
    rank = {post: place for place, post in enumerate(order)}
    questions = []
    for group in _groups(asked):
        members = sorted({one.post for one in group})
        known = {authors[post] for post in members} - {None}
        questions.append(
            (
                Question(
                    written_out(_clearest(group), lexicon=lexicon or built_in_lexicon()),
                    len(members),
                    len(known),
                    tuple(members),
                ),
                rank[_first(group, rank)],
            )
        )
    # letters that no font shows leave nothing to read
    readable = [one for one in questions if one[0].text]
    readable.sort(key=lambda one: (-one[0].voices, -one[0].authors, one[1], one[0].text))
    return [question for question, _ in readable[:limit]]


def _first(group: list[_Asked], rank: Mapping[int, int]) -> int:
    return min((one.post for one in group), key=rank.__getitem__)


def _asked(texts: Sequence[str], posts: Sequence[int], lexicon: Lexicon, cues: CueTable | None) -> list[_Asked]:
    """Cut the question sentences out of the posts."""
    from nhipcau.engine.cleaning.tokens import tokenize

    places, sentences = [], []
    for post in posts:
        for match in _SENTENCE.finditer(texts[post]):
            if sentence := match.group().strip():
                places.append(post)
                sentences.append(sentence)
    if not sentences:
        return []
    array = text_array(sentences)
    tokens = tokenize(array, lexicon=lexicon)
    kinds = np.frombuffer(kinds_of(array, tokens=tokens, cues=cues).buffers()[1], np.uint8)
    forms, longest, silent = _question_words()
    found = []
    bounds, plain = tokens.offsets.tolist(), tokens.plain.tolist()
    for place in np.flatnonzero(kinds == QUESTION_CODE).tolist():
        words, asks = _content(plain[bounds[place] : bounds[place + 1]], forms, longest)
        content = frozenset(words) - silent - _PLEAS
        if content:
            found.append(_Asked(places[place], sentences[place], content, asks))
    return found


def _content(words: list[int], forms: Mapping[tuple[int, ...], str], longest: int) -> tuple[list[int], str]:
    """Return the words that do not ask, and the form of answer of the first that do ("" = yes or no).

    Where it is asked about ("ở ấp 4") does not tell questions apart, unless nothing else is left: power and water in
    one hamlet are two questions, power in two hamlets is one.
    """
    left: list[int] = []
    where: list[int] = []
    asks, place, in_place = "", 0, False
    while place < len(words):
        for size in range(longest, 0, -1):
            piece = tuple(words[place : place + size])
            if len(piece) == size and piece in forms:
                asks = asks or forms[piece]
                in_place = False
                place += size
                break
        else:
            if words[place] in _PLACE_PREPOSITIONS:
                in_place = True
            else:
                (where if in_place else left).append(words[place])
            place += 1
    return left or where, asks


def _groups(asked: list[_Asked]) -> list[list[_Asked]]:
    """Stars of questions that are near one another; each question is in one group."""
    alike: dict[tuple[frozenset[int], str], list[_Asked]] = defaultdict(list)
    for one in asked:
        alike[one.words, one.asks].append(one)
    # An order of their own, so that the result does not depend on that of the posts.
    keys = sorted(alike, key=lambda key: (sorted(key[0]), key[1]))
    if not keys:
        return []
    heads = [len({one.post for one in alike[key]}) for key in keys]
    spread: Counter[int] = Counter()
    for (words, _), head in zip(keys, heads, strict=True):
        spread.update(dict.fromkeys(words, head))
    weight = {word: 1.0 / (1.0 + 0.15 * float(np.log(count))) for word, count in spread.items()}
    near = _near(keys, weight)
    support = [sum(heads[other] for other in near[place]) for place in range(len(keys))]
    free = set(range(len(keys)))
    groups = []
    for centre in sorted(free, key=lambda place: (-support[place], -heads[place], place)):
        if centre not in free:
            continue
        star = sorted(other for other in near[centre] if other in free)
        free.difference_update(star)
        groups.append([one for place in star for one in alike[keys[place]]])
    return groups


def _near(keys: Sequence[tuple[frozenset[int], str]], weight: Mapping[int, float]) -> list[list[int]]:
    """For each distinct question the places of those that ask the same, itself among them."""
    holders: dict[int, list[int]] = defaultdict(list)
    for place, (words, _) in enumerate(keys):
        for word in words:
            holders[word].append(place)
    size = [sum(weight[word] for word in sorted(words)) for words, _ in keys]
    near: list[list[int]] = []
    for place, (words, asks) in enumerate(keys):
        common: dict[int, float] = defaultdict(float)
        for word in sorted(words):
            for other in holders[word]:
                common[other] += weight[word]
        same = []
        for other, shared in common.items():
            whole = size[place] + size[other]
            contained = bool(asks) and shared > 0.999 * min(size[place], size[other])
            enough = 2 * shared >= (CONTAINED if contained else SAME) * whole
            if other == place or (enough and asks == keys[other][1]):
                same.append(other)
        near.append(sorted(same))
    return near


def _clearest(group: list[_Asked]) -> str:
    """Choose the wording that reads best and says what most say."""
    spread: Counter[int] = Counter(word for one in group for word in one.words)
    repeated = Counter(reading_form(one.text, question=True).lower() for one in group)
    best: tuple[float, int, str] | None = None
    for one in group:
        text = reading_form(one.text, question=True)
        central = sum(spread[word] for word in sorted(one.words)) / (len(group) * len(one.words))
        score = wording_quality(text) + central + 0.2 * float(np.log(repeated[text.lower()]))
        if best is None or (-score, len(text), text) < best:
            best = (-score, len(text), text)
    return best[2] if best else ""


@cache
def _question_words() -> tuple[dict[tuple[int, ...], str], int, frozenset[int]]:
    """Words of asking as plain hashes with the form of answer they want, their greatest length, and stop-words."""
    from nhipcau.engine.cleaning.tokens import tokenize
    from nhipcau.engine.labels.stopwords import stop_hashes

    text = files("nhipcau.engine.data").joinpath("question_words.csv").read_text(encoding="utf-8")
    rows = [(row["words"], row["asks"]) for row in csv.DictReader(text.splitlines())]
    tokens = tokenize(text_array([words for words, _ in rows]), lexicon=built_in_lexicon())
    bounds, plain = tokens.offsets.tolist(), tokens.plain.tolist()
    forms: dict[tuple[int, ...], str] = {}
    for place, (_, asks) in enumerate(rows):
        forms.setdefault(tuple(plain[bounds[place] : bounds[place + 1]]), asks)
    return forms, max(map(len, forms)), stop_hashes()
