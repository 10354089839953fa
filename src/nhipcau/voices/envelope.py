"""The one envelope: what a source gives becomes redacted posts of the engine, before anything is written. Pure.

Two doors: `read_voices` for mappings (programs, feeds, reports), `seal` for what the engine's readers read from files.
What one voice may hold is judged in `voicefields.py`; accepting an envelope is in `actions/intake.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

import numpy as np
import pyarrow as pa

from nhipcau.authorkeys import AuthorKey
from nhipcau.engine.cleaning.names import hide_author, is_named
from nhipcau.engine.cleaning.redaction import redact
from nhipcau.engine.posts import POST, POST_SCHEMA, PRESS, TIME_TYPE
from nhipcau.engine.reading.arrays import Mask, flag_array, number_array, numbers_of, repeated, text_array, validity_of
from nhipcau.engine.reading.options import ReadOptions
from nhipcau.engine.reading.shaping import shape_rows
from nhipcau.engine.reading.spans import RawRows
from nhipcau.engine.reading.times import microseconds_of
from nhipcau.voices.voicefields import Refused, Voice, judged

FARTHEST_PAST: Final = timedelta(days=3_653)
FARTHEST_FUTURE: Final = timedelta(days=1)
"""What a clock or a zone that is set wrongly may add."""
_COLUMNS: Final = ("id", "time", "text", "author", "place", "channel", "kind", "reach", "link")
_FAULTS: Final = {"text-empty": ("text", "empty"), "time": ("time", "time-unreadable")}


@dataclass(frozen=True, slots=True)
class Origin:
    """What the envelope must know of a source and of the installation."""

    code: str
    is_press: bool
    id_secret: bytes = field(repr=False)
    """Hides the ids of other platforms, which can hold those of accounts; it never changes."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Voices as they will be logged, and the rows that were refused, by number from 1."""

    batch: pa.RecordBatch
    author_epoch: int
    refused: tuple[Refused, ...] = ()


def read_voices(voices: Iterable[object], *, origin: Origin, author_key: AuthorKey, at: datetime) -> Envelope:
    """Make an envelope of mappings.

    Parameters
    ----------
    voices
        Each with the fields of `voicefields.FIELDS`; what is none, or has other fields, is refused.
    origin
        Where they come from.
    author_key
        The secret of the day.
    at
        When they came in; it stands where a voice tells no time.

    Returns
    -------
    Envelope
        In the order of the voices.

    Notes
    -----
    About 50 µs a voice of 200 letters, most of it for looking whether the author is named in it.
    """
    good, refused = judged(voices)
    rows = shape_rows(
        _rows_of(good),
        options=ReadOptions(author_key=author_key.secret, kind=PRESS if origin.is_press else POST),
        stem="",
        has_times=False,
    )
    refused += [Refused(line, *_FAULTS[code]) for line, code in rows.rejects]
    dropped = {line for line, _ in rows.rejects}
    lines = np.array([voice.row for voice in good if voice.row not in dropped], np.int64)
    sealed = seal(rows.batch, origin=origin, author_epoch=author_key.epoch, at=at, lines=lines)
    everything = sorted((*refused, *sealed.refused), key=lambda one: one.row)
    return Envelope(sealed.batch, sealed.author_epoch, tuple(everything))


def seal(
    batch: pa.RecordBatch, *, origin: Origin, author_epoch: int, at: datetime, lines: np.ndarray | None = None
) -> Envelope:
    """Make an envelope of a batch of `POST_SCHEMA`, as the engine's readers give it with the day's secret.

    Parameters
    ----------
    lines
        The number of each row, for those that are refused; from 1 if not given.
    """
    numbers = np.arange(1, batch.num_rows + 1) if lines is None else lines
    refused: list[Refused] = []
    keep = np.ones(batch.num_rows, np.bool_)
    time = batch.column("time")
    micros, told = numbers_of(time), validity_of(time)
    for wrong, code in (
        (told & (micros > microseconds_of(at + FARTHEST_FUTURE)), "time-too-late"),
        (told & (micros < microseconds_of(at - FARTHEST_PAST)), "time-too-early"),
    ):
        refused += [Refused(int(line), "time", code) for line in numbers[wrong]]
        keep &= ~wrong
    if not keep.all():
        batch = batch.filter(flag_array(keep))
    rows = batch.num_rows
    arrived = number_array(np.full(rows, microseconds_of(at)), TIME_TYPE)
    micros, told = numbers_of(batch.column("time")), validity_of(batch.column("time"))
    kind = batch.column("kind") if origin.is_press else repeated(POST, rows)
    sealed = {
        "id": _digests(batch.column("id"), origin),
        "time": number_array(np.where(told, micros, microseconds_of(at)), TIME_TYPE),
        "arrived": arrived,
        "source": repeated(origin.code, rows),
        "channel": _words(batch.column("channel")),
        "place": _words(batch.column("place")),
        "author_key": batch.column("author_key"),
        "text": redact(batch.column("text")),
        "kind": kind,
        "reach": batch.column("reach"),
        "link": _links(batch.column("link"), kind) if origin.is_press else pa.nulls(rows, pa.string()),
    }
    made = pa.RecordBatch.from_arrays([sealed[name] for name in POST_SCHEMA.names], schema=POST_SCHEMA)
    return Envelope(made, author_epoch, tuple(refused))


def _rows_of(voices: list[Voice]) -> RawRows:
    """Give the columns as a reader does, after taking what an author is called out of what the author wrote."""
    texts = redact(text_array([voice.text for voice in voices])).to_pylist()
    good = [_without_author(voice._replace(text=text)) for voice, text in zip(voices, texts, strict=True)]
    columns = dict(zip(Voice._fields, zip(*good, strict=True), strict=True)) if good else {}
    arrays = {name: text_array(columns[name]) for name in _COLUMNS if any(columns.get(name, ()))}
    return RawRows(np.array(columns.get("row", ()), np.int64), arrays)


def _without_author(voice: Voice) -> Voice:
    names, handles = voice.names, voice.handles
    if not (names or handles):
        return voice
    # one look at all of them: an author is seldom named
    if not is_named("\n".join((voice.text, voice.place or "", voice.channel or "")), names=names, handles=handles):
        return voice
    shown = (
        hide_author(one, names=names, handles=handles) for one in (voice.text, voice.place or "", voice.channel or "")
    )
    text, place, channel = shown
    return voice._replace(text=text, place=place or None, channel=channel or None)


def _digests(ids: pa.StringArray, origin: Origin) -> pa.StringArray:
    """What a voice is called here: the same voice of the same source is always called the same."""
    begun = blake2b(origin.code.encode() + b"\0", key=origin.id_secret, digest_size=16)
    made = []
    for one in ids.cast(pa.binary()).to_pylist():
        digest = begun.copy()
        digest.update(one)
        made.append(digest.hexdigest())
    return text_array(made)


def _words(column: pa.StringArray) -> pa.StringArray:
    if column.null_count == len(column):
        return column
    return redact(column)


def _links(links: pa.StringArray, kinds: pa.StringArray) -> pa.StringArray:
    """Keep the addresses of publications, but none of a person's page."""
    keep: Mask = np.array(
        [
            bool(link) and link.startswith(("https://", "http://")) and link == clean and kind == PRESS
            for link, clean, kind in zip(links.to_pylist(), redact(links).to_pylist(), kinds.to_pylist(), strict=True)
        ],
        np.bool_,
    )
    return text_array([link if kept else None for link, kept in zip(links.to_pylist(), keep, strict=True)])
