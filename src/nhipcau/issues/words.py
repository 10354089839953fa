"""The words of voices: the latest in memory, all others from the voice log, from which they are deleted at their term.

What is in memory is of the last day only, so that nothing outlives a term by more than that of a day.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from nhipcau.engine.brief.figures import DAY, Longs
from nhipcau.engine.reading.arrays import numbers_of
from nhipcau.voices.voicelog import VoiceLog

MOST_BYTES: Final = 64 * 2**20


@dataclass(frozen=True)
class _Kept:
    seqs: Longs
    arrived: int
    texts: pa.StringArray
    links: pa.StringArray


class WordsOfLog:
    """`describing.Texts` over the voice log."""

    def __init__(self) -> None:
        self._kept: deque[_Kept] = deque()
        self._bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Keep the words of a batch of the log for a while."""
        one = _Kept(
            numbers_of(batch.column("seq")).copy(),
            int(numbers_of(batch.column("arrived")).max(initial=0)) // 1_000_000,
            batch.column("text"),
            batch.column("link"),
        )
        self._kept.append(one)
        self._bytes += one.texts.nbytes + one.links.nbytes
        while self._kept and (self._bytes > MOST_BYTES or self._kept[0].arrived < one.arrived - DAY):
            self._drop()

    def forget(self, *, now: int) -> None:
        """Leave out what is older than a day."""
        while self._kept and self._kept[0].arrived < now - DAY:
            self._drop()

    def texts(self, seqs: Longs) -> tuple[list[str], list[str | None]]:
        """Give text and link of each voice, in order; empty for one that is no longer kept."""
        words = [""] * len(seqs)
        links: list[str | None] = [None] * len(seqs)
        first = self._kept[0].seqs[0] if self._kept else np.iinfo(np.int64).max
        for one in self._kept:
            _fill(words, links, seqs, one.seqs, one.texts, one.links)
        older = seqs[seqs < first]
        if len(older):
            log = VoiceLog().batches(
                after_seq=int(older.min()) - 1, until_seq=int(older.max()), columns=["text", "link"]
            )
            for batch in log:
                numbers = numbers_of(batch.column("seq"))
                _fill(words, links, seqs, numbers, batch.column("text"), batch.column("link"))
        return words, links

    def _drop(self) -> None:
        gone = self._kept.popleft()
        self._bytes -= gone.texts.nbytes + gone.links.nbytes


def _fill(
    words: list[str],
    links: list[str | None],
    wanted: Longs,
    numbers: Longs,
    texts: pa.StringArray,
    addresses: pa.StringArray,
) -> None:
    place = np.searchsorted(numbers, wanted)
    place[place == len(numbers)] = 0
    found = np.flatnonzero(numbers[place] == wanted) if len(numbers) else np.zeros(0, np.int64)
    if len(found):
        taken = pa.array(place[found])
        for k, text, link in zip(
            found.tolist(), texts.take(taken).to_pylist(), addresses.take(taken).to_pylist(), strict=True
        ):
            words[k], links[k] = text, link
