"""Teencode and common abbreviations, with what they mean: a table that an operator can extend.

The shipped table is `engine/data/teencode.csv`; the words that show a post to be Vietnamese are in
`engine/data/vietnamese_signs.csv`. How they are applied: `_expansion.py`.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import numpy as np

from nhipcau.engine.cleaning._typing import Words
from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.text import normalize
from nhipcau.engine.errors import EngineError

if TYPE_CHECKING:
    from nhipcau.engine.cleaning._seen import Seen

_MOST_WORDS: Final = 12
_LONGEST_KEY: Final = 24
_WEAK, _STRONG = 1, 2


@dataclass(frozen=True)
class Lexicon:
    """Words that are written out, and words that only Vietnamese has; both are matched without diacritics.

    Parameters
    ----------
    meanings
        Word without diacritics in lower case → meaning in full.
    signs
        Syllables, without diacritics, that show a post to be Vietnamese.

    Examples
    --------
    >>> Lexicon.load().meanings["ubnd"]
    'ủy ban nhân dân'
    """

    meanings: dict[str, str]
    signs: frozenset[str]

    @classmethod
    def load(cls, extra: Path | None = None) -> Lexicon:
        """Read the shipped table and, over it, an operator's.

        The operator's CSV has a heading `word,meaning`; an empty meaning leaves a shipped word as it is written.

        Raises
        ------
        EngineError
            `lexicon.unreadable` (file, reason), `lexicon.no-heading` (file), `lexicon.bad-line` (file,
            line, field, reason: a code).
        """
        data = files("nhipcau.engine") / "data"
        with (data / "teencode.csv").open(encoding="utf-8") as stream:
            meanings = dict(_entries(stream, "teencode.csv"))
        with (data / "vietnamese_signs.csv").open(encoding="utf-8") as stream:
            signs = frozenset(strip_diacritics(row["syllable"]) for row in csv.DictReader(stream))
        if extra is not None:
            try:
                with extra.open(encoding="utf-8-sig", newline="") as stream:
                    meanings.update(_entries(stream, str(extra)))
            except (OSError, UnicodeDecodeError) as error:
                raise EngineError("lexicon.unreadable", file=str(extra), reason=str(error)) from error
        return cls(meanings={word: meaning for word, meaning in meanings.items() if meaning}, signs=signs)

    @classmethod
    def empty(cls) -> Lexicon:
        """Make a lexicon that changes nothing."""
        return cls(meanings={}, signs=frozenset())

    @cached_property
    def tables(self) -> Words:
        """The arrays that the kernel reads."""
        from nhipcau.engine.cleaning._tables import hash_table

        words = [*self.meanings, *sorted(self.signs - self.meanings.keys())]
        expansions = [self.meanings.get(word, "").split() for word in words]
        flat = [word for expansion in expansions for word in expansion]
        size = 64
        while size < 4 * len(words):
            size *= 2
        keys, entries = hash_table({token_hash(word): place for place, word in enumerate(words)}, size)
        sieve = np.zeros(4096, dtype=np.bool_)
        sieve[[token_hash(word) >> 52 for word in self.meanings]] = True
        return Words(
            keys=keys,
            entries=entries,
            offsets=np.cumsum([0, *map(len, expansions)], dtype=np.int64),
            plain=np.array([token_hash(strip_diacritics(word)) for word in flat], dtype=np.uint64),
            marked=np.array([token_hash(word) for word in flat], dtype=np.uint64),
            strength=np.array([self._strength(word) for word in words], dtype=np.int64),
            letters=np.array([len(word) for word in words], dtype=np.int64),
            sieve=sieve,
        )

    def seen(self) -> Seen:
        """Give the words that this thread has cut before with this lexicon; the kernel changes it."""
        from nhipcau.engine.cleaning._seen import nothing_seen

        local = self._of_thread
        if not hasattr(local, "seen"):
            local.seen = nothing_seen()
        found: Seen = local.seen
        return found

    @cached_property
    def _of_thread(self) -> threading.local:
        return threading.local()

    def _strength(self, word: str) -> int:
        if word in self.signs:
            return _STRONG
        return {1: 0, 2: _WEAK}.get(len(word), _STRONG)


def _entries(stream: IO[str], file: str) -> Iterator[tuple[str, str]]:
    """Yield the checked entries of one table; the line is named where one is wrong."""
    rows = csv.reader(stream)
    heading = [name.strip().lower() for name in next(rows, [])]
    if heading[:2] != ["word", "meaning"]:
        raise EngineError("lexicon.no-heading", file=file)
    seen: dict[str, str] = {}
    for row in rows:
        if not row or row[0].lstrip().startswith("#"):
            continue

        def bad(field: str, reason: str) -> EngineError:
            return EngineError("lexicon.bad-line", file=file, line=rows.line_num, field=field, reason=reason)

        if len(row) != 2:
            raise bad("word,meaning", "two-columns")
        word = strip_diacritics(normalize(row[0])).lower()
        meaning = normalize(row[1]).lower()
        if not word or not word.isalnum() or word.isdigit() or len(word) > _LONGEST_KEY:
            raise bad("word", "one-word")
        parts = meaning.split()
        if len(parts) > _MOST_WORDS or not all(part.isalnum() for part in parts):
            raise bad("meaning", "plain-words")
        if seen.setdefault(word, meaning) != meaning:
            raise bad("word", "word-twice")
        yield word, meaning
