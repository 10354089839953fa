"""What is measured: one function a figure, each run in a process of its own. The table of them is in `__main__`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

MILLION = 1_000_000
TEXTS_AT_A_TIME = 65_536
"""The vectoriser gets so many texts at once, so that its result need not fit into memory."""


class Clock:
    """Adds up the seconds, on the clock and of processors, within its `with` blocks.

    Parameters
    ----------
    of_all_threads
        Whether the processor time of other threads counts too.
    """

    def __init__(self, *, of_all_threads: bool) -> None:
        self.wall = self.processor = 0.0
        self._spent = time.process_time if of_all_threads else time.thread_time
        self._begun = (0.0, 0.0)

    def __enter__(self) -> Clock:
        self._begun = (time.perf_counter(), self._spent())
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._begun[0]
        self.processor += self._spent() - self._begun[1]

    def figures(self, posts: int, **more: float) -> dict[str, float]:
        """Give what was measured."""
        return {"posts": posts, "wall": self.wall, "processor": self.processor, "peak": peak_megabytes(), **more}


def peak_megabytes() -> float:
    """Give the most memory this process ever had, in 2**20 bytes; that of its parent is not counted."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    msg = "no VmHWM in /proc/self/status"
    raise OSError(msg)


def batches_of(path: Path) -> Iterator[pa.RecordBatch]:
    """Read posts as `nhipcau` does."""
    from nhipcau.engine.reading import PostReader, ReadOptions

    yield from PostReader([path], ReadOptions(author_key=bytes(32))).batches()


def whole(path: Path) -> dict[str, float]:
    """Read → brief, with the cost of the last million posts against the first."""
    from nhipcau.engine.brief.assemble import BriefOptions, assemble
    from nhipcau.engine.stream import Engine

    clock = Clock(of_all_threads=True)
    marks = [(0, 0.0, 0.0)]
    with clock:
        wall, processor = time.perf_counter(), time.process_time()
        engine = Engine()
        for _ in engine.take(batches_of(path)):
            if engine.seq >= len(marks) * MILLION:
                marks.append((engine.seq, time.perf_counter() - wall, time.process_time() - processor))
        engine.end()
        assemble(engine, BriefOptions())
    more = {}
    if len(marks) > 2:
        cost = [(after[2] - before[2]) / (after[0] - before[0]) for before, after in pairwise(marks)]
        pace = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(marks)]
        more = {"growth": cost[-1] / cost[0], "growth_wall": pace[-1] / pace[0]}
    return clock.figures(engine.seq, **more)


def read(path: Path) -> dict[str, float]:
    """Bytes → batches of posts."""
    clock = Clock(of_all_threads=True)
    with clock:
        posts = sum(batch.num_rows for batch in batches_of(path))
    return clock.figures(posts)


def redact(path: Path) -> dict[str, float]:
    """Black out personal numbers and addresses."""
    from nhipcau.engine.cleaning.redaction import redact

    return _over_batches(path, lambda batch: batch.column("text"), lambda texts: redact(texts))


def tokenize(path: Path) -> dict[str, float]:
    """Texts → hashes of words."""
    from nhipcau.engine.cleaning.lexicon import Lexicon
    from nhipcau.engine.cleaning.tokens import tokenize

    lexicon = Lexicon.load()
    return _over_batches(path, lambda batch: batch.column("text"), lambda texts: tokenize(texts, lexicon=lexicon))


def places(path: Path) -> dict[str, float]:
    """Words → units."""
    from nhipcau.engine.cleaning.lexicon import Lexicon
    from nhipcau.engine.cleaning.tokens import tokenize
    from nhipcau.engine.places.gazetteer import Gazetteer

    lexicon, gazetteer = Lexicon.load(), Gazetteer.load()

    def cut(batch: pa.RecordBatch) -> tuple[Any, pa.Array]:
        texts = batch.column("text")
        return tokenize(texts, lexicon=lexicon), texts

    return _over_batches(path, cut, lambda made: gazetteer.find(*made))


def group(path: Path) -> dict[str, float]:
    """Words → threads and issues."""
    import numpy as np

    from nhipcau.engine.cleaning.lexicon import Lexicon
    from nhipcau.engine.cleaning.tokens import tokenize
    from nhipcau.engine.grouping.grouper import group
    from nhipcau.engine.grouping.state import GroupState
    from nhipcau.engine.grouping.words import words_of
    from nhipcau.engine.reading.arrays import numbers_of, validity_of

    lexicon, state = Lexicon.load(), GroupState.empty()
    taken = 0

    def cut(batch: pa.RecordBatch) -> tuple[Any, Any, Any]:
        texts, times = batch.column("text"), batch.column("time")
        tokens = tokenize(texts, lexicon=lexicon)
        seconds = np.where(validity_of(times), numbers_of(times) // 1_000_000, -1)
        return tokens.offsets, words_of(tokens, texts), seconds

    def grow(made: tuple[Any, Any, Any]) -> None:
        nonlocal taken
        offsets, words, times = made
        group(state, offsets=offsets, words=words, times=times, first_seq=taken)
        taken += len(times)

    return _over_batches(path, cut, grow)


def brief(path: Path) -> dict[str, float]:
    """Log → brief."""
    from nhipcau.engine.brief.assemble import BriefOptions, assemble
    from nhipcau.engine.stream import Engine

    engine = Engine()
    engine.run(batches_of(path))
    clock = Clock(of_all_threads=False)
    with clock:
        assemble(engine, BriefOptions())
    return clock.figures(engine.seq)


def page(path: Path) -> dict[str, float]:
    """Brief → HTML."""
    from nhipcau.engine.brief.assemble import BriefOptions, assemble
    from nhipcau.engine.brief.html import to_html
    from nhipcau.engine.stream import Engine

    engine = Engine()
    engine.run(batches_of(path))
    made = assemble(engine, BriefOptions())
    clock = Clock(of_all_threads=False)
    with clock:
        to_html(made, lang="vi")
    return clock.figures(engine.seq)


def polars_read(path: Path) -> dict[str, float]:
    """Merely read the file: the floor."""
    import polars

    clock = Clock(of_all_threads=True)
    with clock:
        rows = len(polars.read_ndjson(path, infer_schema_length=10_000))
    return clock.figures(rows)


def vectorize(path: Path) -> dict[str, float]:
    """Merely tokenise: words and pairs of words to hashed counts. Reading is not counted."""
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer = HashingVectorizer(ngram_range=(1, 2))
    waiting: list[str] = []
    clock = Clock(of_all_threads=False)
    posts = 0

    def work() -> None:
        with clock:
            vectorizer.transform(waiting)
        waiting.clear()

    for batch in batches_of(path):
        waiting += batch.column("text").to_pylist()
        posts += batch.num_rows
        if len(waiting) >= TEXTS_AT_A_TIME:
            work()
    if waiting:
        work()
    return clock.figures(posts)


def _over_batches(
    path: Path, prepare: Callable[[pa.RecordBatch], Any], work: Callable[[Any], object]
) -> dict[str, float]:
    """Time `work` on each batch; what comes before it is not counted, and nothing is kept."""
    clock = Clock(of_all_threads=False)
    posts = 0
    for batch in batches_of(path):
        made = prepare(batch)
        with clock:
            work(made)
        posts += batch.num_rows
    return clock.figures(posts)


FLOOR, VECTORIZER, WHOLE = "polars.read_ndjson", "HashingVectorizer(1,2)", "read → brief"
MEASURES: dict[str, Callable[[Path], dict[str, float]]] = {
    FLOOR: polars_read,
    VECTORIZER: vectorize,
    WHOLE: whole,
    "· read": read,
    "· redact": redact,
    "· tokenize": tokenize,
    "· places": places,
    "· group": group,
    "· brief": brief,
    "· html": page,
}
