"""A listener over voices in memory: what the log gives it, batch by batch, and where it finds the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from nhipcau.engine.posts import POST_SCHEMA, TIME_TYPE
from nhipcau.engine.stream import Engine
from nhipcau.issues.listening import Listening
from nhipcau.issues.narrowlog import NarrowLog

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 9, 14, 5, tzinfo=UTC)


class WordsInMemory:
    """The words of voices by their numbers; what was deleted is empty."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.links: list[str | None] = []

    def add(self, batch: pa.RecordBatch) -> None:
        self.words += batch.column("text").to_pylist()
        self.links += batch.column("link").to_pylist()

    def texts(self, seqs: np.ndarray) -> tuple[list[str], list[str | None]]:
        return [self.words[seq] for seq in seqs], [self.links[seq] for seq in seqs]


def new_listening(folder: Path) -> Listening:
    """A listener that has heard nothing."""
    engine = Engine(author_epoch=1)
    log = NarrowLog(folder, lexicon=engine.lexicon)
    engine.log = log
    return Listening(engine=engine, log=log, texts=WordsInMemory(), zone=ZONE)


def used_to_talk(folder: Path) -> Listening:
    """A listener that heard 200 voices about anything two days before noon."""
    listening = new_listening(folder)
    hear(listening, voices(talk(200), at=NOON - timedelta(days=2)))
    return listening


def hear(listening: Listening, batch: pa.RecordBatch) -> None:
    """Take a batch as the log would give it."""
    listening.texts.add(batch)
    listening.engine.run([batch])


def voices(
    texts: Sequence[str],
    *,
    at: datetime = NOON,
    every_seconds: int = 60,
    authors: int | None = None,
    source: str = "hotline",
    kind: str = "post",
    first: int = 1_000,
) -> pa.RecordBatch:
    """Voices one after the other, up to `at`, by so many authors in turn (each its own where not said)."""
    count = len(texts)
    times = [datetime.fromtimestamp(at.timestamp() - (count - 1 - k) * every_seconds, UTC) for k in range(count)]
    keys = [first + 1 + (k % authors if authors else k) for k in range(count)]
    columns = {
        "id": pa.array([f"v{first + k}" for k in range(count)]),
        "time": pa.array(times, TIME_TYPE),
        "arrived": pa.array(times, TIME_TYPE),
        "source": pa.array([source] * count),
        "channel": pa.nulls(count, pa.string()),
        "place": pa.nulls(count, pa.string()),
        "author_key": pa.array(keys, pa.uint64()),
        "text": pa.array(list(texts)),
        "kind": pa.array([kind] * count),
        "reach": pa.nulls(count, pa.int64()),
        "link": pa.nulls(count, pa.string()),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in POST_SCHEMA.names], schema=POST_SCHEMA)


_WORDS = [
    *("chợ", "trường", "ngõ", "bến", "cổng", "cầu", "xóm", "khu", "hẻm", "làng", "sáng", "chiều", "tối", "trưa"),
    *("tuần", "tháng", "bà", "ông", "cháu", "nhà", "phường", "tổ", "vòi", "bể", "máy", "bơm", "lọc", "nấu"),
    *("tắm", "giặt", "uống", "nhìn", "nghe", "gọi", "hỏi", "đợi", "báo", "sợ", "mệt", "lo", "mua", "đổ"),
    *("chảy", "vàng", "đen", "cặn", "rác", "mưa", "nắng"),
]


def about(words: str, count: int, *, seed: int = 1) -> list[str]:
    """Different voices about one matter: its words, and as many others."""
    random = np.random.default_rng(seed)
    return [f"{words} {' '.join(random.choice(_WORDS, 5, replace=False))}" for _ in range(count)]


def talk(count: int, *, seed: int = 9) -> list[str]:
    """Voices about nothing in common: what there is of one matter stands out only against others."""
    random = np.random.default_rng(seed)
    starts, ends = (
        ["b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "s", "t", "v", "x", "th", "tr", "ch", "ng", "nh"],
        ["a", "ai", "an", "ang", "anh", "e", "em", "eo", "i", "in", "iu", "o", "oi", "on", "u", "uôi"],
    )
    return [" ".join(random.choice(starts) + random.choice(ends) for _ in range(10)) for _ in range(count)]
