"""A made-up voice log: files as the house writes them, of voices as many and as long as a province might say.

Texts are words at random, so that files are as large as real ones, or larger; nobody groups them. Threads are made up
too: a new one is named by two in three of its voices within three days, few are long.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from nhipcau.authorkeys import HOUSE_ZONE
from nhipcau.engine.posts import TIME_TYPE
from nhipcau.engine.reading.arrays import number_array, repeated, string_array
from nhipcau.voices.segmentfile import VOICE_SCHEMA
from nhipcau.voices.sides import THREADS_SCHEMA

FIRST_DAY: Final = date(2024, 1, 1)
DAYS: Final = 1_096
THREADS_A_DAY: Final = 20_000
PLACES: Final = 168
ISSUES_AT_A_TIME: Final = 182
DAYS_OF_ISSUES: Final = 40
WORDS: Final = tuple(
    "nước ngập đường khu phố xã phường điện mất trường học bệnh viện thuốc bão mưa lũ sạt lở cầu chợ xe giá dân "  # noqa: SIM905
    "hỏi chưa thấy ai khi nào mới có hôm nay tối qua sáng sớm rất nhiều ít không biết làm sao báo cáo trả lời".split()
)


def issues_of_threads(days: int) -> np.ndarray:
    """The issue of each thread: two in three belong to one, some 180 at a time."""
    rank = np.arange(THREADS_A_DAY, dtype=np.int32)
    issues = np.empty((days + 4, THREADS_A_DAY), np.int32)
    for day in range(len(issues)):
        first = day // DAYS_OF_ISSUES * ISSUES_AT_A_TIME
        issues[day] = np.where(rank % 3 < 2, first + rank % ISSUES_AT_A_TIME, -1)
    return issues.ravel()


class Province:
    """Days of voices, always the same for a seed."""

    def __init__(self, *, voices: int, days: int = DAYS, seed: int = 7) -> None:
        self._random = np.random.default_rng(seed)
        self.days = [FIRST_DAY + timedelta(days=number) for number in range(days)]
        self.voices_a_day = voices // days
        words = [f"{word}{number % 37 or ''}" for number, word in enumerate(WORDS * 30)]
        drawn = self._random.zipf(1.3, 6_000_000) % len(words)
        self._text = np.frombuffer(" ".join(words[number] for number in drawn).encode(), np.uint8)
        self._spaces = np.flatnonzero(self._text == 32)

    def voices(self) -> Iterator[tuple[date, pa.RecordBatch, pa.Table]]:
        """Give each day with its voices and what a listener would derive of them."""
        for number, day in enumerate(self.days):
            count = self.voices_a_day
            seqs = number_array(np.arange(number * count, (number + 1) * count), pa.int64())
            yield day, self._batch(day, count, seqs), self._side(number, count, seqs)

    def _batch(self, day: date, count: int, seqs: pa.Array) -> pa.RecordBatch:
        begin = datetime(day.year, day.month, day.day, tzinfo=HOUSE_ZONE).astimezone(UTC)
        moments = int(begin.timestamp()) * 1_000_000 + np.sort(self._random.integers(0, 86_400_000_000, count))
        time = number_array(moments, TIME_TYPE)
        ids = np.frombuffer(self._random.bytes(16 * count).hex().encode(), np.uint8)
        columns: dict[str, Any] = {
            "seq": seqs,
            "author_epoch": number_array(np.full(count, day.toordinal(), np.int32), pa.int32()),
            "id": string_array(np.arange(count + 1, dtype=np.int32) * 32, ids),
            "time": time,
            "arrived": time,
            "source": repeated("press", count),
            "channel": pa.nulls(count, pa.string()),
            "place": pa.nulls(count, pa.string()),
            "author_key": number_array(self._random.integers(0, 2**63, count), pa.uint64()),
            "text": self._texts(count),
            "kind": repeated("post", count),
            "reach": pa.nulls(count, pa.int64()),
            "link": pa.nulls(count, pa.string()),
        }
        return pa.RecordBatch.from_arrays([columns[name] for name in VOICE_SCHEMA.names], schema=VOICE_SCHEMA)

    def _texts(self, count: int) -> pa.StringArray:
        """Voices of 6 to 60 words, cut out of a long text."""
        ends = np.cumsum(self._random.integers(6, 60, count + 1))
        first = int(self._random.integers(0, len(self._spaces) - ends[-1]))
        cuts = self._spaces[first + ends]
        return string_array((cuts - cuts[0]).astype(np.int32), self._text[cuts[0] : cuts[-1]])

    def _side(self, day: int, count: int, seqs: pa.Array) -> pa.Table:
        age = np.minimum(self._random.geometric(0.66, count) - 1, 3)
        rank = (THREADS_A_DAY * self._random.random(count) ** 3).astype(np.int64)
        named = self._random.choice([0, 1, 2], count, p=[0.4, 0.5, 0.1])
        places = (PLACES * self._random.random(int(named.sum())) ** 2).astype(np.int32)
        offsets = pa.array(np.concatenate([[0], np.cumsum(named)]).astype(np.int32))
        return pa.table(
            {
                "seq": seqs,
                "thread": (day + 3 - age) * THREADS_A_DAY + rank,
                "is_copy": self._random.random(count) < 0.3,
                "places": pa.ListArray.from_arrays(offsets, pa.array(places)),
            },
            schema=THREADS_SCHEMA,
        )
