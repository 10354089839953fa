"""Keywords of an issue: distinctive words and set phrases of one to five words, as they are mostly written.

Which of the phrases hold together is in `phrases.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from nhipcau.engine.cleaning.shorthand import written_out
from nhipcau.engine.cleaning.text import normalize
from nhipcau.engine.cleaning.tokens import CAPITAL
from nhipcau.engine.kinds.cues import built_in_lexicon
from nhipcau.engine.labels.people import is_coarse, is_name, numbered_words, weak_keywords
from nhipcau.engine.labels.phrases import Phrase, phrases_of
from nhipcau.engine.labels.words import IssueWords

MOST: Final = 8
FEWEST: Final = 4
PUBLIC_NAME: Final = 0.4
"""A name of a person is a keyword only where the issue is about that person: this share of the texts has it."""
_NUMBER_AT_END: Final = re.compile(r"([^\W\d_]+)\s+\d+$")
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_SYLLABLES: Final = 2
_COMMON: Final = 0.3
"""A lone Vietnamese syllable is often half a word: few are taken, and only such as this share of the texts has."""


def keywords_of(
    words: IssueWords, *, lang: str, may_quote: bool, places: Sequence[str] = (), most: int = MOST
) -> tuple[str, ...]:
    """Up to `most` keywords, best first.

    Without `may_quote` only words that occur in two posts or more, no numbers, no hashtags, and no capitals but those
    of `places` and of acronyms: what is left cannot be the name of a person.
    """
    known = {place.lower() for place in places}
    chosen: list[str] = []
    used: set[int] = set()
    syllables = 0
    phrases = phrases_of(words, may_quote=may_quote)
    later: list[Phrase] = []
    for turn in (phrases, later):
        for phrase in turn:
            if len(chosen) >= (most if turn is phrases else FEWEST):
                break
            if used & phrase.heavy:
                continue
            is_syllable = lang == "vi" and len(phrase.words) == 1
            if turn is phrases and is_syllable and (phrase.share < _COMMON or syllables >= _MOST_SYLLABLES):
                later.append(phrase)
                continue
            surface = _surface(words, phrase)
            if (number := _NUMBER_AT_END.search(surface)) and not _is_numbered(number.group(1)):
                continue
            if len(surface) < 2 or "/" in surface or is_coarse(surface) or surface.lower() in weak_keywords():
                continue
            if not may_quote and surface.lower() not in known and _has_name(surface):
                continue
            if is_name(surface) and phrase.share < PUBLIC_NAME:
                continue
            syllables += is_syllable
            used |= phrase.heavy
            chosen.append(written_out(surface, lexicon=built_in_lexicon()))
    return tuple(chosen)


def _is_numbered(word: str) -> bool:
    """Whether a number after the word says which (quốc lộ 28); after other words it says how much or when."""
    return word[0].isupper() or word.lower() in numbered_words()


def _surface(words: IssueWords, phrase: Phrase) -> str:
    """Return the spelling that is used most, in posts with diacritics if there are any.

    A capital stays only where it is not the sentence's.
    """
    size = len(phrase.words)
    raw: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    inside: Counter[bool] = Counter()
    flags, borders, post = words.tokens.flags, words.borders, words.post
    for place in phrase.places[:100].tolist():
        surface = words.surface(place, place + size)
        (bare if words.without_accents[post[place]] else raw)[surface] += 1
        if place and post[place - 1] == post[place] and not borders[place - 1]:
            inside[bool(flags[place] & CAPITAL)] += 1
    spellings: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text, count in (raw or bare).items():
        written = normalize(text)
        spellings[written] += count
        lower[written.lower()] += count
    best = min(lower, key=lambda text: (-lower[text], text))
    written = min((text for text in spellings if text.lower() == best), key=lambda text: (-spellings[text], text))
    capital = inside[True] > inside[False] if inside else written[:1].isupper()
    if written.isupper() and max(map(len, _WORD.findall(written))) > 5:  # shouting, not an acronym
        written = written.title() if capital else best
    return written if capital or written[1:2].isupper() else written[:1].lower() + written[1:]


def _has_name(surface: str) -> bool:
    """Whether a word has a capital without being an acronym."""
    return any(part[:1].isupper() and not (part.isupper() and len(part) > 1) for part in _WORD.findall(surface))
