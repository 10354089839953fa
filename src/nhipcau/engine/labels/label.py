"""The label of an issue: the phrase of its own voices that says best what they are about, or a neutral one.

Phrases come from `candidates.py`, keywords from `keywords.py`, the words and their weights from `words.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.cleaning.shorthand import written_out
from nhipcau.engine.cleaning.text import has_diacritics
from nhipcau.engine.cleaning.tokens import CAPITAL
from nhipcau.engine.kinds.cues import built_in_lexicon
from nhipcau.engine.kinds.wording import reading_form, wording_quality
from nhipcau.engine.labels.candidates import FEWEST_WORDS, Candidates, candidates_of
from nhipcau.engine.labels.keywords import PUBLIC_NAME, keywords_of
from nhipcau.engine.labels.people import is_coarse, names_in
from nhipcau.engine.labels.stopwords import StopWord, stop_words
from nhipcau.engine.labels.words import DocumentFrequency, IssueWords, issue_words, language_of, slips_of_the_pen

MOST_TEXTS: Final = 200
LIMIT_WORDS: Final = 14
_SHORTLIST: Final = 120
_BEST_QUALITY: Final = 1.08
_NEUTRAL_KEYWORDS: Final = 3
_PRIVATE_NAME: Final = 0.45
_SLIP: Final = 0.8
_ABOUT_ONESELF: Final = 0.8
"""A sentence whose subject is who writes it tells a story; one about the matter names it."""
_HOME: Final = frozenset({"nhà", "xóm", "khu", "bên", "chỗ", "đứa", "con", "nha", "xom"})

_WORD: Final = re.compile(r"[^\W_]+")
_LAST_WORD: Final = re.compile(r"[^\W_]+$")
_EDGE_MARKS: Final = " .,;:!…-–—'\"“”‘’"
_CALL: Final = re.compile(r"(?:\w+ ){1,3}ơi\b[\s,!.:]*", re.IGNORECASE)
"""Who is spoken to, before what is said: "Mọi người ơi, …"."""
_ODD: Final = re.compile(r"[\[\]{}<>⟨⟩⟦⟧@#*=|\\]|https?:|www\.")
_FIRST_PERSON: Final = frozenset(
    {
        "tôi",
        "tui",
        "tao",
        "em",
        "mình",
        "tớ",
        "con",
        "cháu",
        "mày",
        "nó",
        "chúng",
        "tụi",
        "bọn",
        "e",
        "m",
        "t",
        "toi",
        "minh",
        "i",
        "me",
        "my",
        "we",
        "our",
        "you",
        "your",
        "u",
    }
)


@dataclass(frozen=True)
class Label:
    """A readable phrase, the keywords beside it, and the language of both (``vi``, ``en`` or ``und``)."""

    text: str
    keywords: tuple[str, ...]
    lang: str


def label_issue(
    texts: Sequence[str],
    weights: Sequence[float] | None,
    *,
    document_frequency: DocumentFrequency,
    limit_words: int = LIMIT_WORDS,
    may_quote: bool = True,
    places: Sequence[str] = (),
) -> Label:
    """Find the label and the keywords of one issue.

    Parameters
    ----------
    texts
        Redacted voices of the issue, at most about 200; a first line is a title.
    weights
        How much each text counts, for example how many copies were folded into it; None for all the same.
    document_frequency
        Share of the stream's posts that have a word, for an array of plain token hashes.
    limit_words
        Greatest length of a label, in words (Vietnamese: syllables).
    may_quote
        Whether people's words may be shown. Where not, the label is made of keywords, and these are only words that
        occur in two posts or more, without numbers and hashtags, and without capitals but those of `places` and of
        acronyms.
    places
        Names of places for the neutral label.

    Returns
    -------
    Label
        An empty text where there are no words at all, or where none may be quoted and the one keyword is a syllable.

    Notes
    -----
    A phrase is as good as its cosine with the mean of the texts (words and pairs of words weighted by rarity in the
    stream), times how well it reads. No randomness; ties go to the shorter, then to the alphabet. About 5 ms for 200
    texts of 40 words.

    Examples
    --------
    >>> voices = ["Ngập sâu ở chợ Mới", "Chợ Mới ngập sâu, xe không qua được", "Ngập sâu ở chợ Mới từ sáng"]
    >>> label_issue(voices, None, document_frequency=lambda words: np.full(len(words), 0.01)).text
    'Ngập sâu ở chợ Mới'
    """
    words = issue_words(texts[:MOST_TEXTS], None if weights is None else weights[:MOST_TEXTS], document_frequency)
    lang = language_of(words)
    keywords = keywords_of(words, lang=lang, may_quote=may_quote, places=places)
    # one Vietnamese syllable is mostly half a word and names nothing
    named = () if lang == "vi" and len(keywords) == 1 and " " not in keywords[0] else keywords
    neutral = Label(label_from_keywords(named, places), keywords, lang)
    if not may_quote:
        return neutral
    found = _best_phrase(words, candidates_of(words, limit_words=limit_words), lang)
    # of two wordings the one without teencode was chosen; what is left of it is written out for readers
    return Label(written_out(found, lexicon=built_in_lexicon()), keywords, lang) if found else neutral


def label_from_keywords(keywords: Sequence[str], places: Sequence[str] = ()) -> str:
    """Make a label that quotes nobody: the first keywords, and where.

    Examples
    --------
    >>> label_from_keywords(("mất điện", "trạm biến áp", "ấp 4", "máy phát"), ("Tân Khai",))
    'Mất điện, trạm biến áp, ấp 4 (Tân Khai)'
    """
    here = {place.lower() for place in places}
    chosen = [word for word in keywords if word.lower() not in here][:_NEUTRAL_KEYWORDS]
    text = ", ".join(chosen)
    where = ", ".join(places[:2])
    if text and where:
        text = f"{text} ({where})"
    text = text or where
    return text[:1].upper() + text[1:]


def _best_phrase(words: IssueWords, candidates: Candidates, lang: str) -> str:
    if not len(candidates.first):
        return ""
    scores = _centrality(words, candidates)
    scores *= 0.55 + 0.30 * candidates.starts_sentence + 0.12 * candidates.ends_sentence + 0.10 * candidates.in_title
    scores *= np.where(candidates.whole_clauses, 1.0, 0.85) * np.where(candidates.asks, 0.85, 1.0)
    slips = np.concatenate([[0], np.cumsum(slips_of_the_pen(words))])
    scores *= _SLIP ** (slips[candidates.behind] - slips[candidates.first])
    order = np.argsort(-scores, kind="stable")[:_SHORTLIST].tolist()
    best: tuple[float, int, str] | None = None
    for place in order:
        if best is not None and float(scores[place]) * _BEST_QUALITY < -best[0]:
            break
        first, behind = int(candidates.first[place]), int(candidates.behind[place])
        surface = words.surface(first, behind)
        text = _trimmed(reading_form(surface), lang, is_whole=bool(candidates.whole_clauses[place]))
        quality = _readability(text, surface, lang)
        if quality <= 0:
            continue
        names = list(names_in(_WORD.findall(text)))
        # A comment that opens with a name mostly answers that person.
        answers = bool(names) and names[0][0] == 0 and not candidates.in_title[place]
        if answers or (names and not _is_about_person(words, first, behind)):
            quality *= _PRIVATE_NAME
        key = (-float(scores[place]) * quality, len(text), text)
        best = key if best is None or key < best else best
    return best[2] if best else ""


def _is_about_person(words: IssueWords, first: int, behind: int) -> bool:
    """Whether the name in a phrase stands in so many texts that the matter is public: two capitals in a row there."""
    capital = (words.tokens.flags[first:behind] & CAPITAL) != 0
    pairs = capital[:-1] & capital[1:]
    share = np.minimum(words.share[words.word[first : behind - 1]], words.share[words.word[first + 1 : behind]])
    return bool((share[pairs] >= PUBLIC_NAME).any())


def _centrality(words: IssueWords, candidates: Candidates) -> npt.NDArray[np.float64]:
    """Cosine of each candidate with the mean text, over words and pairs of words; float64[candidates]."""
    rarity = np.where(words.is_stop, 0.25, 1.0) * words.rarity[words.word]
    share = words.share[words.word]
    pair_share = _pair_share(words)
    pair_rarity = np.zeros(len(rarity))
    pair_rarity[:-1] = (rarity[:-1] + rarity[1:]) / 2
    centre = np.sqrt(np.square(words.rarity * words.share).sum())
    single = _ranges(rarity**2 * share, candidates.first, candidates.behind)
    length = np.sqrt(_ranges(rarity**2, candidates.first, candidates.behind))
    pairs = _ranges(pair_rarity**2 * pair_share, candidates.first, candidates.behind - 1)
    pair_length = np.sqrt(_ranges(pair_rarity**2, candidates.first, candidates.behind - 1))
    cosine = single / (np.maximum(length, 1e-9) * max(centre, 1e-9))
    pair_cosine = pairs / (np.maximum(pair_length, 1e-9) * max(centre, 1e-9))
    size = candidates.behind - candidates.first
    brevity = np.clip(0.7 + 0.06 * size, None, 1.0) * np.clip(1.2 - 0.02 * size, None, 1.0)
    return np.asarray((cosine + 0.7 * pair_cosine) * brevity)


def _ranges(
    values: npt.NDArray[np.float64], first: npt.NDArray[np.int64], behind: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums[behind] - sums[first])


def _pair_share(words: IssueWords) -> npt.NDArray[np.float64]:
    """Weighted share of the texts that have the pair of a token and the next one, float64[m]."""
    result = np.zeros(len(words.word))
    if len(words.word) < 2:
        return result
    texts = np.int64(len(words.texts))
    keys = words.word[:-1] * np.int64(len(words.rarity)) + words.word[1:]
    inside = words.post[:-1] == words.post[1:]
    keys = np.where(inside, keys, -1)
    _, pair = np.unique(keys, return_inverse=True)
    once = np.unique(pair * texts + words.post[:-1])
    share = np.bincount(once // texts, weights=words.weights[once % texts])
    result[:-1] = np.where(inside, share[pair], 0.0)
    return result


def _trimmed(text: str, lang: str, *, is_whole: bool) -> str:
    """Without function words that dangle at either end, and without the last mark.

    A whole clause may end with any word but a particle: "nước lên trở lại".
    """
    edges = stop_words(lang) if lang in {"vi", "en"} else {}
    text = text.strip(_EDGE_MARKS)
    if lang == "vi" and (call := _CALL.match(text)):
        text = text[call.end() :]
    dangling = {"particle"} if is_whole else {"end", "both", "particle"}
    while (head := _WORD.match(text)) and _edge(edges, head) in {"start", "both", "particle"}:
        text = text[head.end() :].lstrip(_EDGE_MARKS)
    while (tail := _LAST_WORD.search(text)) and _edge(edges, tail) in dangling:
        text = text[: tail.start()].rstrip(_EDGE_MARKS)
    for opening, closing in (("“", "”"), ("‘", "’"), ("(", ")")):
        if text.count(opening) == text.count(closing) + 1 and closing == ")":
            text += closing
        elif text.count(opening) != text.count(closing):
            text = text.replace(opening, "").replace(closing, "")
    for quote in "\"'":
        if text.count(quote) % 2:
            text = text.replace(quote, "")
    return text[:1].upper() + text[1:]


def _edge(edges: Mapping[str, StopWord], word: re.Match[str]) -> str:
    known = edges.get(word.group().lower())
    return known.edge if known else ""


def _readability(text: str, surface: str, lang: str) -> float:
    """0 = not to be shown, about 1 = reads well."""
    parts = _WORD.findall(text)
    if len(parts) < FEWEST_WORDS or _ODD.search(surface):
        return 0.0
    small = [part.lower() for part in parts]
    if is_coarse(text):
        return 0.0
    quality = 1.0 + 0.35 * min(0.0, wording_quality(text))
    if lang == "vi" and not any(has_diacritics(part) for part in parts):
        quality *= 0.6
    quality *= 1.0 - 0.25 * min(1.0, 2.0 * sum(part in _FIRST_PERSON for part in small) / len(small))
    if small[0] in _FIRST_PERSON or (small[0] in _HOME and small[1] in _FIRST_PERSON):
        quality *= _ABOUT_ONESELF
    if len(parts) < 4:
        quality *= 0.85
    if sum(part.isdigit() for part in parts) > 2:
        quality *= 0.85
    if surface[:1].isupper():
        quality *= _BEST_QUALITY
    return quality
