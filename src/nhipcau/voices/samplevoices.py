"""What people of the made-up province say: thirty days up to now, and a day that goes on sixty times as fast.

Only reads and writes files of a temporary folder; what takes the voices in is in `actions/sample_voices.py`.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.sample.province import Source as SampleSource
from nhipcau.engine.sample.province import sources
from nhipcau.engine.sample.writing import write_sample

DAYS: Final = 30
VOICES_A_DAY: Final = 400
SEED: Final = 11
STREAM_SEED: Final = 5
STREAM_VOICES_A_DAY: Final = 1_500
STREAM_SPEED: Final = 60
KINDS: Final = {"page": "page", "hotline": "hotline", "survey": "survey", "press": "api", "radio": "api"}
"""Channels of the sample and the kinds of sources that the register knows."""
_SIGNS: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Said:
    """One voice of the sample: which source gave it, when, and the fields that a program would send."""

    source: str
    at: datetime
    fields: dict[str, Any]


def code_of(name: str) -> str:
    """What the register calls a source of the sample."""
    return f"mau-{_SIGNS.sub('-', strip_diacritics(name.casefold())).strip('-')}"[:60].strip("-")


def sample_sources() -> list[SampleSource]:
    """Where the people of the province speak."""
    return list(sources())


def past_days(*, now: datetime) -> Iterator[tuple[date, list[Said]]]:
    """Give thirty days up to now, day by day in the zone of `now`, each in the order of its moments."""
    start = (now - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0)
    day: date | None = None
    waiting: list[Said] = []
    for said in _written(start=start, days=DAYS + 1, voices_a_day=VOICES_A_DAY, seed=SEED):
        if said.at > now:
            break
        if day is not None and said.at.date() != day:
            yield day, waiting
            waiting = []
        day = said.at.date()
        waiting.append(said)
    if day is not None:
        yield day, waiting


def stream(*, start: datetime) -> Iterator[Said]:
    """Give a day of much talk that begins at `start`; its moments are those of the day, not yet sped up."""
    yield from _written(start=start, days=1, voices_a_day=STREAM_VOICES_A_DAY, seed=STREAM_SEED)


def _written(*, start: datetime, days: int, voices_a_day: int, seed: int) -> Iterator[Said]:
    with tempfile.TemporaryDirectory(prefix="nhipcau-") as folder:
        path = Path(folder) / "sample.jsonl"
        write_sample(path, days=days, posts_per_day=voices_a_day, seed=seed, start=start)
        with path.open(encoding="utf-8") as file:
            for line in file:
                said = json.loads(line)
                fields = {name: said[name] for name in ("title", "text", "author", "place", "reach") if name in said}
                fields |= {"id": f"{seed}-{start:%Y%m%d%H}-{said['id']}", "time": said["time"]}
                yield Said(
                    code_of(said["source"]), datetime.fromisoformat(said["time"]).astimezone(start.tzinfo), fields
                )
