"""A series from a CSV file, scored, to a CSV file: what `nhipcau detect` does. The scores are made in `detect.py`."""

from __future__ import annotations

import csv
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt

from nhipcau.engine.errors import EngineError
from nhipcau.engine.watch.detect import ALARM_SCORE, detect


@dataclass(frozen=True, kw_only=True)
class Detected:
    """What `detect_csv` did: rows scored, and how many of them were alarms."""

    rows: int
    alarms: int


def detect_csv(source: Path, out: Path) -> Detected:
    """Score the series in `source` and write it to `out`, completely or not at all.

    Parameters
    ----------
    source
        CSV with a header that names ``timestamp`` and ``value``, in order of time. A timestamp is ISO 8601 (with or
        without an offset; the daily rhythm is learned in the time that is written) or whole seconds since 1970. The
        encoding is UTF-8.
    out
        Written as ``timestamp,value,anomaly_score,label``: timestamp and value exactly as given, the score with six
        decimals. The label is the input's own ``label`` where it has that column; else 1 where the score is at least
        `ALARM_SCORE`, else 0.

    Returns
    -------
    Detected
        Alarms are rows that score at least `ALARM_SCORE`, whatever the labels say.

    Raises
    ------
    EngineError
        ``watch.unreadable``, ``watch.no-header``, ``watch.empty``, ``watch.bad-row`` (with the line and the reason:
        ``timestamp``, ``value`` or ``columns``: a series with a hole or a wrong number is not guessed at).
    """
    series = _read(source)
    scores = detect(np.array(series.times, dtype=np.int64), np.array(series.values, dtype=np.float64))
    alarms = scores >= ALARM_SCORE
    labels = series.labels if series.labels is not None else [str(int(alarm)) for alarm in alarms]
    with _whole_file(out) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["timestamp", "value", "anomaly_score", "label"])
        scored = (f"{score:.6f}" for score in scores)
        writer.writerows(zip(series.written_times, series.written_values, scored, labels, strict=True))
    return Detected(rows=len(scores), alarms=int(np.count_nonzero(alarms)))


@dataclass
class _Series:
    written_times: list[str]
    written_values: list[str]
    times: list[int]
    values: list[float]
    labels: list[str] | None


def _read(source: Path) -> _Series:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            series = _parse(source, file)
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError("watch.unreadable", file=str(source), reason=str(error)) from error
    if not series.times:
        raise EngineError("watch.empty", file=str(source))
    return series


def _parse(source: Path, file: TextIO) -> _Series:
    rows = csv.reader(file)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if "timestamp" not in header or "value" not in header:
            raise EngineError("watch.no-header", file=str(source), found=", ".join(header))
        time_column, value_column = header.index("timestamp"), header.index("value")
        label_column = header.index("label") if "label" in header else None
        series = _Series([], [], [], [], None if label_column is None else [])
        for row in rows:
            if not row:
                continue
            if len(row) != len(header):
                raise _bad_row(source, rows.line_num, "columns", ",".join(row))
            series.times.append(_seconds(row[time_column], source, rows.line_num))
            series.values.append(_number(row[value_column], source, rows.line_num))
            series.written_times.append(row[time_column])
            series.written_values.append(row[value_column])
            if series.labels is not None and label_column is not None:
                series.labels.append(row[label_column])
    except csv.Error as error:
        raise _bad_row(source, rows.line_num, "columns", str(error)) from error
    return series


def _bad_row(source: Path, line: int, reason: str, found: str) -> EngineError:
    return EngineError("watch.bad-row", file=str(source), line=line, reason=reason, found=found[:80])


def _seconds(written: str, source: Path, line: int) -> int:
    text = written.strip()
    try:
        if text.lstrip("-").isdecimal():
            return int(np.int64(int(text)))
        # The wall clock as written: a series that names its offset has its daily rhythm in that offset.
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError) as error:
        raise _bad_row(source, line, "timestamp", written) from error


def _number(written: str, source: Path, line: int) -> float:
    try:
        value = float(written)
    except ValueError as error:
        raise _bad_row(source, line, "value", written) from error
    if not math.isfinite(value):
        raise _bad_row(source, line, "value", written)
    return value


@contextmanager
def _whole_file(out: Path) -> Iterator[TextIO]:
    """Open a file that takes its name only when it is complete, so that a reader never sees half of it."""
    descriptor, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # A temporary file is private; what the user asked for has the usual permissions.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def read_series(source: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Read the times (seconds, int64) and values (float64) of a series file; errors as in `detect_csv`."""
    series = _read(source)
    return np.array(series.times, dtype=np.int64), np.array(series.values, dtype=np.float64)
