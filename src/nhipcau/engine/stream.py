"""The engine as it runs: batches of posts in, grouped posts in the log, issues that are revised on the way.

read → **clean → represent → fold → group → place** → log. What a brief makes of it is in `brief.assemble`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.redaction import redact
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.grouping.grouper import (
    Features,
    Folded,
    fold,
    group_features,
    issues_of,
    represent,
    revise,
    revised,
)
from nhipcau.engine.grouping.state import GroupSettings, GroupState
from nhipcau.engine.grouping.words import words_of
from nhipcau.engine.kinds.cues import CueTable
from nhipcau.engine.log import Log, PostLog
from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.posts import LOGGED_SCHEMA
from nhipcau.engine.reading.arrays import flag_array, number_array, numbers_of, validity_of
from nhipcau.engine.threads import helper

STEP_ROWS = 2048
"""Posts that are cleaned and grouped at a time. It changes speed and memory, never the issues."""


@dataclass(frozen=True)
class _Prepared:
    """A batch that needs only its order to be grouped."""

    batch: pa.RecordBatch
    features: Features
    folded: Folded
    times: NDArray[np.int64]
    places: pa.ListArray


class Engine:
    """A stream of posts and its issues.

    Parameters
    ----------
    log
        Where grouped posts go; a temporary one if not given.
    state
        The present of grouping, from a checkpoint; empty if not given.
    seq
        Posts taken so far.
    author_epoch
        Number of the day's author key.
    lexicon, gazetteer, cues
        The operator's tables; the shipped ones if not given.
    keep
        Whether posts are logged. Without a log there is no brief, only threads.

    Examples
    --------
    >>> Engine().seq
    0
    """

    def __init__(
        self,
        *,
        log: Log | None = None,
        state: GroupState | None = None,
        settings: GroupSettings | None = None,
        seq: int = 0,
        author_epoch: int = 0,
        lexicon: Lexicon | None = None,
        gazetteer: Gazetteer | None = None,
        cues: CueTable | None = None,
        keep: bool = True,
    ) -> None:
        self.log: Log = PostLog() if log is None else log
        self.state = state or GroupState.empty(settings)
        self.seq = seq
        self.copies = 0
        self.author_epoch = author_epoch
        self.lexicon = lexicon or Lexicon.load()
        # its truth would be its length, which is known only once its tables are made
        self.gazetteer = Gazetteer.load() if gazetteer is None else gazetteer
        self.cues = cues
        self.keep = keep
        self._revised: tuple[int, GroupState] | None = None
        self._has_ended = False
        self.is_settled = True

    def take(self, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.Array, NDArray[np.int64]]]:
        """Group the posts of batches of `POST_SCHEMA`; give the ids and thread numbers of each step as it is done.

        The next steps are cleaned and folded in another thread while one is grouped; the order is kept. So the state
        is whole only once all is taken (`is_settled`): not before can it be saved.

        Raises
        ------
        ValueError
            After `end`.
        """
        if self._has_ended:
            raise ValueError("the stream has ended: no more posts can be taken")
        self.is_settled = False
        with helper("preparing") as pool:
            waiting: deque[Future[_Prepared]] = deque()
            for batch in batches:
                for start in range(0, batch.num_rows, STEP_ROWS):
                    waiting.append(pool.submit(self._prepare, batch.slice(start, STEP_ROWS)))
                    if len(waiting) > 3 or (len(waiting) > 1 and waiting[0].done()):
                        yield self._group(waiting.popleft().result())
            while waiting:
                yield self._group(waiting.popleft().result())
        self.is_settled = True

    def run(self, batches: Iterable[pa.RecordBatch]) -> None:
        """`take` for those who need only the log."""
        for _ in self.take(batches):
            pass

    def end(self) -> None:
        """No more posts will come: revise the issues where they are, which spares `issues_of` a copy of the state."""
        if not self._has_ended:
            self._has_ended = True
            revise(self.state, seq=self.seq)
            self._revised = (self.seq, self.state)

    def issues_of(self, threads: NDArray[np.int64]) -> NDArray[np.int64]:
        """Today's issue of each thread number, the posts that wait for a revision included."""
        return issues_of(self._today(), threads)

    @property
    def history(self) -> list[tuple[int, int, int, int]]:
        """Merges and splits of today's issues: kind, issue, other, stream position."""
        return self._today().history

    def _today(self) -> GroupState:
        """The state in which no post waits for a revision."""
        if self._revised is None or self._revised[0] != self.seq:
            over = self._revised[1] if self._revised and self._revised[1] is not self.state else None
            self._revised = (self.seq, revised(self.state, seq=self.seq, over=over))
        return self._revised[1]

    def _prepare(self, batch: pa.RecordBatch) -> _Prepared:
        texts = redact(batch.column("text"))
        tokens = tokenize(texts, lexicon=self.lexicon)
        column = batch.column("time")
        times = np.where(validity_of(column), numbers_of(column) // 1_000_000, -1)
        offsets, rows = self._places(batch, texts, tokens) if self.keep else (np.zeros(batch.num_rows + 1), np.zeros(0))
        places = pa.ListArray.from_arrays(
            number_array(offsets.astype(np.int32), pa.int32()), number_array(rows.astype(np.int32), pa.int32())
        )
        renamed = batch.set_column(batch.schema.get_field_index("text"), "text", texts)
        features = represent(tokens.offsets, words_of(tokens, texts), self.state.settings)
        return _Prepared(renamed, features, fold(self.state, features), times, places)

    def _places(
        self, batch: pa.RecordBatch, texts: pa.Array, tokens: object
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The place column where it is filled, else what the text names."""
        found = self.gazetteer.find(tokens, texts)  # type: ignore[arg-type]
        column = batch.column("place")
        if column.null_count == len(column):
            return found.offsets, found.rows
        told = self.gazetteer.resolve(column)
        counts = np.where(told >= 0, 1, np.diff(found.offsets))
        offsets = np.concatenate([[0], np.cumsum(counts)])
        rows = np.empty(int(offsets[-1]), np.int32)
        rows[offsets[:-1][told >= 0]] = told[told >= 0]
        from_text = np.repeat(told < 0, counts)
        rows[from_text] = found.rows[np.repeat(told < 0, np.diff(found.offsets))]
        return offsets, rows

    def _group(self, prepared: _Prepared) -> tuple[pa.Array, NDArray[np.int64]]:
        batch = prepared.batch
        grouped = group_features(
            self.state, prepared.features, prepared.folded, times=prepared.times, first_seq=self.seq
        )
        rows = batch.num_rows
        if self.keep:
            self.log.append(
                pa.RecordBatch.from_arrays(
                    [
                        number_array(np.arange(self.seq, self.seq + rows), pa.int64()),
                        number_array(grouped.threads, pa.int64()),
                        flag_array(~grouped.is_head),
                        number_array(np.full(rows, self.author_epoch, np.int32), pa.int32()),
                        prepared.places,
                        *batch.columns,
                    ],
                    schema=LOGGED_SCHEMA,
                )
            )
        self.seq += rows
        self.copies += int((~grouped.is_head).sum())
        return batch.column("id"), grouped.threads
