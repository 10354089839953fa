"""Onsets that are known: a made-up province, whose truth says when each issue begins and what belongs to none."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.warning.peers import COUNT_RULES
from nhipcau.engine.sample.writing import write_sample
from nhipcau.engine.watch.levels import ALERT, URGENT, WATCH, level_history

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rule = Callable[[Longs, int, bool], Flags]
"""Counts, the local hour of the first one, whether the series begins because its subject does."""

FEWEST_POSTS = 20
"""Smaller issues are not looked for: nobody would call for help over them."""


@dataclass(frozen=True)
class Known:
    """An issue of the sample: its voices by hour, and the hours of its onset and peak."""

    counts: Longs
    onset: int
    peak: int


@dataclass(frozen=True)
class Province:
    """The issues of a sample, and by source the chatter that belongs to none: there, every warning is false."""

    first_hour: int
    issues: list[Known]
    chatter: list[Longs]


def province(*, days: int, posts_per_day: int, seed: int) -> Province:
    """Write a sample and count it by hour, copies left out."""
    with tempfile.TemporaryDirectory() as folder:
        summary = write_sample(Path(folder) / "sample.jsonl", days=days, posts_per_day=posts_per_day, seed=seed)
        truth = json.loads(summary.truth.read_text("utf-8"))
        with gzip.open(summary.truth_posts, "rt", encoding="utf-8", newline="") as file:
            of_post = {row["id"]: row for row in csv.DictReader(file)}
        first = _hour(truth["start"])
        hours = _hour(truth["end"]) - first + 1
        by_issue: dict[str, Longs] = defaultdict(lambda: np.zeros(hours, np.int64))
        chatter: dict[str, Longs] = defaultdict(lambda: np.zeros(hours, np.int64))
        with summary.path.open(encoding="utf-8") as lines:
            for line in lines:
                post = json.loads(line)
                said = of_post[post["id"]]
                if not said["copy_of"]:
                    series = by_issue[said["issue"]] if said["issue"] else chatter[post["source"]]
                    series[min(_hour(post["time"]) - first, hours - 1)] += 1
    issues = [
        Known(by_issue[issue["id"]], _hour(issue["onset"]) - first, _hour(issue["peak"]) - first)
        for issue in truth["issues"]
        if issue["posts"] >= FEWEST_POSTS and issue["id"] in by_issue
    ]
    return Province(first, issues, list(chatter.values()))


def _hour(written: str) -> int:
    return int((datetime.fromisoformat(written).replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds() // 3600)  # noqa: DTZ001 - local hours on both sides


def rules() -> dict[str, Rule]:
    """Levels of the engine, and the peers."""

    def at_least(code: int) -> Rule:
        return lambda counts, first, is_new: level_history(counts, first, is_new=is_new).codes >= code

    def peer(rule: Callable[[Longs], Flags]) -> Rule:
        return lambda counts, first, is_new: rule(counts)

    ours = {"ours, watch": at_least(WATCH), "ours, alert": at_least(ALERT), "ours, urgent": at_least(URGENT)}
    return {**ours, **{name: peer(rule) for name, rule in COUNT_RULES.items()}}


def episodes(reached: Flags) -> int:
    """Count the beginnings of warnings; one that comes back within a day is the same."""
    hours = np.flatnonzero(reached)
    return 0 if not len(hours) else 1 + int((np.diff(hours) > 24).sum())


def report(made: Province) -> None:
    """Print one row a rule."""
    hours = len(made.chatter[0])
    weeks = len(made.chatter) * (hours / 168 - 1)
    print(f"{len(made.issues)} issues of {FEWEST_POSTS} posts and more; chatter of {len(made.chatter)} sources")
    print(
        "| rule | warned | hours after onset (median; 90 %) | voices by then | before the peak | false a source-week |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for name, rule in rules().items():
        delays, voices, early = [], [], 0
        for issue in made.issues:
            warned = np.flatnonzero(rule(issue.counts, made.first_hour, True))  # noqa: FBT003 - a callable has no keywords
            if len(warned):
                delays.append(warned[0] - issue.onset)
                voices.append(int(issue.counts[: warned[0] + 1].sum()))
                early += int(warned[0] <= issue.peak)
        # The first week of a record teaches: no rule is counted in it.
        false = sum(episodes(rule(counts, made.first_hour, False)[168:]) for counts in made.chatter)  # noqa: FBT003
        share, ahead = len(delays) / len(made.issues), early / len(made.issues)
        print(
            f"| {name} | {share:.0%} | {np.median(delays):.0f}; {np.quantile(delays, 0.9):.0f}"
            f" | {np.median(voices):.0f} | {ahead:.0%} | {false / weeks:.3f} |",
            flush=True,
        )
