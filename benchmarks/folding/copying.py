"""Copies as people make them: words changed, marks dropped, a prefix, an address. Seeded; no text is kept here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nhipcau.engine.cleaning.letters import strip_diacritics

EDITED_WORDS = 10
"""From so many words on, a tenth (rounded down) is changed; shorter copies keep their words."""

PREFIXES = ("RT", "Share:", "Chia sẻ:", "Mọi người đọc:")
MARKS = ("!", "...", " -", "?", ",", ";")

Edit = Callable[[list[str], int, Sequence[str], np.random.Generator], list[str]]
Dress = Callable[[str, np.random.Generator], str]


def substitute(words: list[str], at: int, known: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Another word of the same data set in its place."""
    return [*words[:at], known[int(rng.integers(len(known)))], *words[at + 1 :]]


def delete(words: list[str], at: int, known: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Leave a word out."""
    return [*words[:at], *words[at + 1 :]]


def insert(words: list[str], at: int, known: Sequence[str], rng: np.random.Generator) -> list[str]:
    """One word more."""
    return [*words[:at], known[int(rng.integers(len(known)))], *words[at:]]


def swap(words: list[str], at: int, known: Sequence[str], rng: np.random.Generator) -> list[str]:
    """A word and its neighbour change places."""
    at = min(at, len(words) - 2)
    return [*words[:at], words[at + 1], words[at], *words[at + 2 :]]


def mixed(words: list[str], at: int, known: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Any of them."""
    return (substitute, delete, insert, swap)[rng.integers(4)](words, at, known, rng)


def strip(text: str, rng: np.random.Generator) -> str:
    """Without diacritics."""
    return strip_diacritics(text)


def change_case(text: str, rng: np.random.Generator) -> str:
    """In capitals, in small letters or as a title."""
    return (str.upper, str.lower, str.title)[rng.integers(3)](text)


def punctuate(text: str, rng: np.random.Generator) -> str:
    """Marks behind a fifth of the words."""
    return " ".join(word + MARKS[rng.integers(len(MARKS))] if rng.random() < 0.2 else word for word in text.split())


def link(text: str, rng: np.random.Generator) -> str:
    """An address behind the text."""
    return f"{text} https://example.org/{rng.integers(1 << 30):x}?from=share"


def prefix(words: list[str], changes: int, rng: np.random.Generator) -> tuple[list[str], int]:
    """Words before the text, no more than there may be changes; gives the changes that are left too."""
    fitting = [choice.split() for choice in PREFIXES if len(choice.split()) <= changes]
    if not fitting:
        return words, changes
    chosen = fitting[rng.integers(len(fitting))]
    return [*chosen, *words], changes - len(chosen)


KINDS: dict[str, tuple[Edit | None, tuple[Dress, ...]]] = {
    "substituted": (substitute, ()),
    "deleted": (delete, ()),
    "inserted": (insert, ()),
    "neighbours swapped": (swap, ()),
    "mixed": (mixed, ()),
    "no diacritics": (None, (strip,)),
    "case": (None, (change_case,)),
    "punctuation": (None, (punctuate,)),
    "address": (None, (link,)),
    "prefix": (None, ()),
    "prefix, mixed": (mixed, ()),
    "prefix, mixed and dressed": (mixed, (strip, change_case, punctuate, link)),
}
"""What is changed word by word, and what over the whole text afterwards."""

WORDS_KEPT = ("no diacritics", "case", "punctuation", "address")
"""Kinds that a text of a few words can have and stay the same words."""


def copy_of(text: str, kind: str, known: Sequence[str], rng: np.random.Generator) -> str:
    """A copy of the kind; of n words (parted by spaces) it changes `n // 10`, those of a prefix among them."""
    edit, dresses = KINDS[kind]
    words = text.split()
    changes = len(words) // EDITED_WORDS
    if kind.startswith("prefix"):
        words, changes = prefix(words, changes, rng)
    if edit is not None:
        for _ in range(changes):
            words = edit(words, int(rng.integers(len(words))), known, rng)
    copied = " ".join(words)
    for dress in dresses:
        copied = dress(copied, rng)
    return copied


def with_copies(texts: Sequence[str], *, seed: int, farthest: int) -> tuple[list[str], list[int], list[str]]:
    """A stream of the texts in their order, each followed by a copy after at most so many texts.

    Gives the texts, for each the place of its original in the stream (-1: it is one), and the kind of copy.
    """
    rng = np.random.default_rng(seed)
    known = [word for text in texts for word in text.split()]
    names = list(KINDS)
    due: dict[int, list[tuple[str, int, str]]] = {}
    stream: list[str] = []
    originals: list[int] = []
    kinds: list[str] = []
    for turn in range(len(texts) + farthest + 1):
        if turn < len(texts):
            text = texts[turn]
            allowed = names if len(text.split()) >= EDITED_WORDS else WORDS_KEPT
            kind = allowed[turn % len(allowed)]
            later = turn + int(rng.integers(1, farthest + 1))
            due.setdefault(later, []).append((copy_of(text, kind, known, rng), len(stream), kind))
            stream.append(text)
            originals.append(-1)
            kinds.append("")
        for copied, original, kind in due.pop(turn, ()):
            stream.append(copied)
            originals.append(original)
            kinds.append(kind)
    return stream, originals, kinds
