"""The listener: takes voices from the queue into the log and from the log into the picture, for as long as it runs.

The log is the truth. Grouping is a function of it whatever the borders of batches, so after a kill the last checkpoint
is loaded and the log taken again from there: the same threads, each voice once. One listener works at a time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from nhipcau.engine.reading.arrays import numbers_of
from nhipcau.issues.actions.beats import beat, note_failed_round
from nhipcau.issues.actions.picture import renew_picture
from nhipcau.issues.listenermemory import begin, bring_sides_up, forget_old, save, take
from nhipcau.issues.listening import Listening
from nhipcau.issues.mapping import version_of_overlay
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.loglocks import held
from nhipcau.voices.logsteps import reached
from nhipcau.voices.models.intake import IntakeBatch
from nhipcau.voices.voicelog import VoiceLog

REST_SECONDS: Final = 0.5
SAVE_SECONDS: Final = 300.0
SAVE_VOICES: Final = 200_000
JUDGE_SECONDS: Final = 20.0
"""Levels, places and sources are judged so often, less often where that takes long."""
JUDGE_SHARE: Final = 5.0
"""Judging may take one part in so many of the time."""
BEAT_SECONDS: Final = 10.0
FOLDER: Final = "listener"
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

log = logging.getLogger(__name__)


class Listener:
    """The one process that listens.

    Parameters
    ----------
    stopping
        Set from outside; what is at hand is finished.
    folder
        Where checkpoints are kept; below the data folder if not given.
    clock
        Now.
    """

    def __init__(
        self,
        stopping: threading.Event,
        *,
        folder: Path | None = None,
        clock: Callable[[], datetime] = timezone.now,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._stopping = stopping
        self._folder = folder or Path(settings.DATA_FOLDER) / FOLDER
        self._clock = clock
        self._rest = rest_seconds
        self._started_at = clock()
        self._beat_at = self._saved_at = 0.0
        self._judge_at = 0.0
        self._saved_seq = 0
        self._failures = 0
        self._slowest = 0.0  # seconds of the longest round since the last beat

    def run(self) -> None:
        """Listen until told to stop. Whatever goes wrong, it begins again from the last checkpoint."""
        while not self._stopping.is_set():
            rest = 5.0
            try:
                close_old_connections()
                with held("listening") as is_ours:
                    if is_ours:
                        self._listen()
            except Exception as error:
                self._failures += 1
                rest = min(2.0**self._failures, 60.0)
                # a database that is gone says so itself, every second, until it is back
                log.log(
                    logging.WARNING if isinstance(error, DatabaseError) else logging.ERROR,
                    "listening failed",
                    exc_info=True,
                )
                with suppress(DatabaseError):
                    note_failed_round(error, started_at=self._started_at, now=self._clock())
            self._stopping.wait(rest)

    def _listen(self) -> None:
        while not self._stopping.is_set() and not self._has_voices():
            self._beat(None, "listening")
            self._stopping.wait(self._rest)
        if self._stopping.is_set():
            return
        self._beat(None, "compiling", at_once=True)
        listening = begin(self._folder)
        self._saved_seq, self._saved_at = listening.engine.seq, time.monotonic()
        while not self._stopping.is_set():
            begun = time.monotonic()
            done = self.turn(listening)
            self._slowest = max(self._slowest, time.monotonic() - begun)
            self._beat(listening, "listening", at_once=self._failures > 0, is_whole=True)
            self._failures = 0
            if not done:
                self._stopping.wait(self._rest)
        self._save(listening)
        self._beat(listening, "stopped", at_once=True)

    def _has_voices(self) -> bool:
        return IntakeBatch.objects.exists() or VoiceLog().next_seq > 0

    def turn(self, listening: Listening) -> int:
        """Go round once: queue, log, threads, picture; gives how many voices were grouped."""
        now = self._clock()
        logged = self._log_all(now)
        reached("logged")
        before = listening.engine.seq
        for batch in _cut(VoiceLog().batches(after_seq=before - 1), listening):
            take(listening, batch)
            reached("grouped")
            if listening.engine.seq - self._saved_seq >= SAVE_VOICES:
                self._save(listening)
            self._beat(listening, "catching-up" if listening.engine.seq - before > SAVE_VOICES // 4 else "listening")
            if self._stopping.is_set():
                return 0
        taken = listening.engine.seq - before
        bring_sides_up(listening)
        self._renew(listening, self._clock(), has_new=bool(taken))
        if listening.engine.seq > self._saved_seq and time.monotonic() - self._saved_at >= SAVE_SECONDS:
            self._save(listening)
        return max(logged, taken)

    def _log_all(self, now: datetime) -> int:
        """Take into the log all that waited when this began: of a backlog, too, every hour is then noted."""
        last = IntakeBatch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        logged = 0
        while not self._stopping.is_set() and IntakeBatch.objects.filter(pk__lte=last).exists():
            taken = log_waiting(now=now)
            if not taken:  # another process is writing
                break
            logged += taken
        return logged

    def _renew(self, listening: Listening, now: datetime, *, has_new: bool) -> None:
        """Make the picture anew where something is new; note the end of an hour; judge now and then."""
        end = listening.next_hour
        if end is not None and now >= end:
            last = now.replace(minute=0, second=0, microsecond=0)
            renew_picture(listening=listening, now=last, hour_end=True)
            listening.next_hour = last + HOUR
            forget_old(listening, now)
        is_due = time.monotonic() >= self._judge_at
        if has_new or is_due or listening.to_describe or _is_overlay_moved(listening):
            begun = time.monotonic()
            renew_picture(listening=listening, now=now, judge=is_due)
            if is_due:
                took = time.monotonic() - begun
                self._judge_at = time.monotonic() + max(JUDGE_SECONDS, took * JUDGE_SHARE)
            reached("shown")
        if listening.next_hour is None:
            listening.next_hour = now.replace(minute=0, second=0, microsecond=0) + HOUR

    def _save(self, listening: Listening) -> None:
        save(listening, self._folder)
        self._saved_seq, self._saved_at = listening.engine.seq, time.monotonic()

    def _beat(self, listening: Listening | None, doing: str, *, at_once: bool = False, is_whole: bool = False) -> None:
        if not at_once and time.monotonic() - self._beat_at < BEAT_SECONDS:
            return
        self._beat_at = time.monotonic()
        beat(
            doing=doing,
            seq=listening.engine.seq if listening else None,
            started_at=self._started_at,
            now=self._clock(),
            listening=listening,
            round_seconds=self._slowest,
            is_whole=is_whole,
        )
        self._slowest = 0.0


def _is_overlay_moved(listening: Listening) -> bool:
    """Whether people have merged, split or named something since the last picture."""
    return listening.overlay is None or listening.overlay.version != version_of_overlay()


def _cut(batches: Iterator[pa.RecordBatch], listening: Listening) -> Iterator[pa.RecordBatch]:
    """Cut where the author key changes, a voice is missing, or an hour of arrival ends; then the hour is noted."""
    for batch in batches:
        seqs = numbers_of(batch.column("seq"))
        epochs = np.array(batch.column("author_epoch"), np.int64)
        hours = np.maximum.accumulate(numbers_of(batch.column("arrived")) // 3_600_000_000)
        cuts = np.flatnonzero((np.diff(seqs) != 1) | (np.diff(epochs) != 0) | (np.diff(hours) > 0)) + 1
        for start, stop in pairwise([0, *cuts.tolist(), len(seqs)]):
            _note_hours(listening, datetime.fromtimestamp(int(hours[start]) * 3600, UTC))
            yield batch.slice(start, stop - start)


def _note_hours(listening: Listening, hour: datetime) -> None:
    """Before voices of a later hour are taken: note how issues stood at the end of the hours before it; forget."""
    if listening.next_hour is None:
        listening.next_hour = hour + HOUR
    if hour >= listening.next_hour:
        renew_picture(listening=listening, now=listening.next_hour, hour_end=True, describe=False)
        listening.next_hour = hour + HOUR
        reached("hour-noted")
    if listening.forget_at is None or hour >= listening.forget_at:
        if listening.forget_at is not None:
            forget_old(listening, hour)
        listening.forget_at = hour + DAY


def run(stopping: threading.Event) -> None:
    """What the process tree starts."""
    Listener(stopping).run()
