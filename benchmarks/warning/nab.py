"""The Numenta Anomaly Benchmark: its series, and its scoring rule (Lavin and Ahmad 2015), written from the paper.

Within a labelled window the earliest detection earns up to 1, more the earlier it comes; a window without any costs 1;
each detection elsewhere costs up to 0.11, less soon after a window (standard profile). The first 15 % of a series (at
most 750 points) are not scored. One threshold serves all series: the best for their sum. 100 is perfect, 0 is silence.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

TRUE_POSITIVE, FALSE_NEGATIVE, FALSE_POSITIVE = 1.0, 1.0, 0.11
"""Weights of the standard profile."""


@dataclass(frozen=True)
class Labelled:
    """A series and the windows (first and last row) in which something happened."""

    name: str
    times: Longs
    values: Floats
    windows: list[tuple[int, int]]

    @property
    def category(self) -> str:
        """Folder that the series stands in."""
        return self.name.split("/")[0]


@dataclass(frozen=True)
class Score:
    """Normalised scores at one threshold, by group; None for a group without windows."""

    threshold: float
    by_series: dict[str, float]
    whole: float | None

    def of(self, series: Mapping[str, Labelled], *, category: str) -> float | None:
        """Score of one category at the same threshold."""
        return _normalised({n: s for n, s in self.by_series.items() if series[n].category == category}, series)


def read(folder: Path) -> dict[str, Labelled]:
    """Read the series that have labels, from `data/` and `labels/combined_windows.json`, gzipped or not."""
    windows = json.loads((folder / "labels" / "combined_windows.json").read_text())
    return {name: _series(folder / "data" / name, name, spans) for name, spans in sorted(windows.items())}


def _series(path: Path, name: str, spans: list[tuple[str, str]]) -> Labelled:
    packed = path.with_name(path.name + ".gz")
    text = path.read_text() if path.exists() else gzip.decompress(packed.read_bytes()).decode()
    rows = list(csv.DictReader(text.splitlines()))
    written = [row["timestamp"][:19] for row in rows]
    return Labelled(
        name,
        np.array([int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp()) for time in written]),
        np.array([float(row["value"]) for row in rows]),
        [(written.index(first[:19]), written.index(last[:19])) for first, last in spans],
    )


def worth(rows: int, windows: list[tuple[int, int]]) -> tuple[Longs, Floats]:
    """Give each row its window (-1: none) and what a detection there is worth (NaN where nothing is scored)."""
    window = np.full(rows, -1)
    worths = np.full(rows, -FALSE_POSITIVE)
    for number, (first, last) in enumerate(windows):
        until = windows[number + 1][0] if number + 1 < len(windows) else rows
        after = np.arange(last + 1, until)
        worths[after] = _sigmoid((after - last) / (last - first)) * FALSE_POSITIVE
        inside = np.arange(first, last + 1)
        window[inside] = number
        worths[inside] = _sigmoid((inside - last - 1) / (last - first + 1)) / _sigmoid(np.array(-1.0)) * TRUE_POSITIVE
    worths[: min(math.floor(0.15 * rows), 750)] = np.nan
    return window, worths


def _sigmoid(position: Floats) -> Floats:
    return np.where(position > 3.0, -1.0, 2.0 / (1.0 + np.exp(5.0 * np.minimum(position, 3.0))) - 1.0)


def score(series: Mapping[str, Labelled], scores: Mapping[str, Floats]) -> Score:
    """Score all series at the threshold that is best for their sum (a point at the threshold is a detection)."""
    gains = [gain for name, one in series.items() for gain in _gains(name, one, scores[name])]
    gains.sort(key=lambda gain: -gain[0])
    missed = {name: -FALSE_NEGATIVE * len(one.windows) for name, one in series.items()}
    best, taken, running = 0.0, 0, 0.0
    for place, (value, _, gain) in enumerate(gains):
        running += gain
        is_last_of_its_value = place + 1 == len(gains) or gains[place + 1][0] < value
        if is_last_of_its_value and running > best:
            best, taken = running, place + 1
    for _, name, gain in gains[:taken]:
        missed[name] += gain
    return Score(gains[taken - 1][0] if taken else math.inf, missed, _normalised(missed, series))


def _gains(name: str, one: Labelled, scored: Floats) -> list[tuple[float, str, float]]:
    """List what lowering the threshold to each score adds to the sum."""
    window, worths = worth(len(scored), one.windows)
    counted = ~np.isnan(worths)
    gains = [(float(scored[row]), name, float(worths[row])) for row in np.flatnonzero(counted & (window < 0))]
    for number in range(len(one.windows)):
        earned = -FALSE_NEGATIVE
        rows = np.flatnonzero(counted & (window == number))
        for row in rows[np.argsort(-scored[rows], kind="stable")]:
            if worths[row] > earned:
                gains.append((float(scored[row]), name, float(worths[row]) - earned))
                earned = float(worths[row])
    return gains


def _normalised(sums: Mapping[str, float], series: Mapping[str, Labelled]) -> float | None:
    windows = sum(len(series[name].windows) for name in sums)
    if not windows:
        return None
    silent = -FALSE_NEGATIVE * windows
    return 100.0 * (sum(sums.values()) - silent) / (TRUE_POSITIVE * windows - silent)
