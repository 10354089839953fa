"""Turns drawn posts into lines of a file: every line is a run of pieces, joined by one gather in Arrow.

All strings that can occur (phrases in each way of typing, dates, parts of ids) stand in one pool, already escaped for
JSON; taking them in order leaves the bytes of the file in Arrow's data buffer. No Python runs per post.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.sample.book import Book
from nhipcau.engine.sample.compose import Rows
from nhipcau.engine.sample.grammar import KINDS
from nhipcau.engine.sample.live import Longs, Numbers
from nhipcau.engine.sample.phrases import EMPTY
from nhipcau.engine.sample.plan import Issue
from nhipcau.engine.sample.province import Source, communes
from nhipcau.engine.sample.spelling import STYLES, capitalise, spelt

DAYS_OF_DELAY: Final = 3
_REACH: Final = np.array(
    [*range(100), *range(100, 1000, 10), *range(1000, 10000, 100), *range(10000, 100000, 1000)], np.int64
)


def issue_id(issue: Issue) -> str:
    """Name the issue in the truth: its number in the order of onsets and its scenario."""
    return f"{issue.number + 1:05d}-{issue.key}"


class _Pool:
    def __init__(self) -> None:
        self.strings: list[str] = []

    def add(self, strings: Iterable[str]) -> int:
        """Where the strings begin in the pool."""
        start = len(self.strings)
        self.strings.extend(strings)
        return start

    def freeze(self) -> pa.Array:
        return pa.array(self.strings, pa.string())


def _gathered(pool: pa.Array, pieces: Numbers) -> bytes:
    taken = pool.take(pa.array(pieces.ravel()))
    offsets = np.frombuffer(taken.buffers()[1], np.int32, len(taken) + 1)
    return taken.buffers()[2].slice(int(offsets[0]), int(offsets[-1] - offsets[0])).to_pybytes()


def _digits(pool: _Pool, before: str, after: str) -> tuple[int, int, int]:
    numbers = [f"{number:03d}" for number in range(1000)]
    return (
        pool.add(before + number for number in numbers),
        pool.add(numbers),
        pool.add(number + after for number in numbers),
    )


class PostLines:
    """Posts as JSON lines.

    Parameters
    ----------
    book, places
        What the drawn numbers stand for.
    start
        The beginning of the stream, with its zone; times are written in that zone.
    days
        Length of the stream, for the pool of dates.
    """

    def __init__(self, book: Book, places: tuple[Source, ...], *, start: datetime, days: int) -> None:
        pool = _Pool()
        self._count = len(book.pieces)
        for style in STYLES:
            typed = [spelt(piece, style) for piece in book.pieces]
            pool.add(json.dumps(text, ensure_ascii=False)[1:-1] for text in typed)
            pool.add(json.dumps(capitalise(text), ensure_ascii=False)[1:-1] for text in typed)
        zone = start.isoformat()[-6:]
        self._start = start.hour * 3600 + start.minute * 60 + start.second
        self._id = _digits(pool, '{"id":"sample-', '","time":"')
        first = start.date()
        self._date = pool.add(f"{first + timedelta(days=day)}T" for day in range(days + DAYS_OF_DELAY))
        self._minute = pool.add(f"{minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440))
        self._second_of_time = pool.add(f'{second:02d}{zone}","arrived":"' for second in range(60))
        self._second_of_arrival = pool.add(f'{second:02d}{zone}","source":"' for second in range(60))
        self._source = pool.add(f'{source.name}","channel":"{source.channel}"' for source in places)
        self._place = pool.add(["", *(f',"place":"{commune.full_name}"' for commune in communes())])
        blocks = [f"{number:03x}" for number in range(4096)]
        self._author = (
            pool.add(f',"author":"{block}' for block in blocks),
            pool.add(blocks),
            pool.add(f'{block}"' for block in blocks),
        )
        self._text = pool.add([',"text":"', ',"title":"', '","text":"'])
        self._kind = pool.add(['","kind":"post","reach":', '","kind":"press","reach":'])
        self._end = pool.add(f'{reach},"sample":true}}\n' for reach in _REACH.tolist())
        self._empty = pool.add([""])
        self._pool = pool.freeze()

    def encode(self, rows: Rows) -> bytes:
        """Return the lines of these posts, UTF-8."""
        n = len(rows.seconds)
        row_number = rows.first_row + np.arange(n)
        style = rows.style.astype(np.int32) * 2 * self._count
        text = np.where(rows.text == EMPTY, self._empty, rows.text + style[:, None] + rows.upper * self._count)
        first = np.zeros(rows.title.shape[1], np.int32)
        first[0] = self._count
        title = np.where(rows.title == EMPTY, self._empty, rows.title + first)
        known = rows.author > 0
        low, middle, high = self._author
        starts = (low, middle, middle, high)
        author = [
            np.where(
                known,
                start + ((rows.author >> np.uint64(36 - 12 * place)) & np.uint64(4095)).astype(np.int64),
                self._empty,
            )
            for place, start in enumerate(starts)
        ]
        columns: list[npt.NDArray[np.integer]] = [
            self._id[0] + row_number // 1_000_000,
            self._id[1] + row_number // 1000 % 1000,
            self._id[2] + row_number % 1000,
            *self._moment(rows.seconds, self._second_of_time),
            *self._moment(rows.arrived, self._second_of_arrival),
            self._source + rows.source,
            self._place + np.where(rows.has_place, rows.commune + 1, 0),
            *author,
            np.where(rows.is_press, self._text + 1, self._text),
            *title.T,
            np.where(rows.is_press, self._text + 2, self._empty),
            *text.T,
            self._kind + rows.is_press,
            self._end + np.searchsorted(_REACH, rows.reach, side="right") - 1,
        ]
        pieces = np.empty((n, len(columns)), np.int32)
        for number, column in enumerate(columns):
            pieces[:, number] = column
        return _gathered(self._pool, pieces)

    def _moment(self, seconds: Longs, second_pool: int) -> tuple[Longs, Longs, Longs]:
        clock = seconds + self._start
        return (
            self._date + clock // 86400,
            self._minute + clock % 86400 // 60,
            second_pool + clock % 60,
        )


class TruthLines:
    """What is true of each post, as CSV: `id,issue,kind,copy_of,twin_of,style`."""

    HEADER: Final = b"id,issue,kind,copy_of,twin_of,style\n"

    def __init__(self, issues: list[Issue]) -> None:
        pool = _Pool()
        self._id = _digits(pool, "sample-", ",")
        self._issue = pool.add([",", *(f"{issue_id(issue)}," for issue in issues)])
        self._kind = pool.add(f"{kind}," for kind in KINDS)
        self._style = pool.add(f"{style}\n" for style in STYLES)
        self._empty = pool.add([""])
        self._comma = pool.add([","])
        self._pool = pool.freeze()

    def encode(self, rows: Rows) -> bytes:
        """Return the lines of these posts, UTF-8."""
        n = len(rows.seconds)
        columns: list[npt.NDArray[np.integer]] = [
            *self._row_id(rows.first_row + np.arange(n)),
            self._issue + rows.issue + 1,
            self._kind + rows.kind.astype(np.int32),
            *self._row_id(rows.copy_of),
            *self._row_id(rows.twin_of),
            self._style + rows.style.astype(np.int32),
        ]
        pieces = np.empty((n, len(columns)), np.int32)
        for number, column in enumerate(columns):
            pieces[:, number] = column
        return _gathered(self._pool, pieces)

    def _row_id(self, row: Longs) -> tuple[Longs, Longs, Longs]:
        here = row >= 0
        return (
            np.where(here, self._id[0] + row // 1_000_000, self._empty),
            np.where(here, self._id[1] + row // 1000 % 1000, self._empty),
            np.where(here, self._id[2] + row % 1000, self._comma),
        )
