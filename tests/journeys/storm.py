"""A storm of the sample province as it is heard: quiet days, then people speak of a flood, evening to morning.

Which voices are of the flood is what the sample says to be true; that they are one matter is for the listener to find.
"""

from __future__ import annotations

import csv
import gzip
import json
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from nhipcau.engine.sample.province import gazetteer_path
from nhipcau.engine.sample.writing import write_sample
from nhipcau.engine.tables import TableFiles
from nhipcau.issues.listener import Listener, begin
from nhipcau.network.models.offices import Office
from nhipcau.voices import samplevoices
from nhipcau.voices.actions import sample_voices
from nhipcau.voices.models.sources import Source, SourceKind
from nhipcau.voices.samplevoices import Said, code_of

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
BEFORE: Final = datetime(2026, 11, 29, 18, 30, tzinfo=ZONE)
QUIET_DAYS: Final = 6
QUIET_VOICES_A_DAY: Final = 150
QUIET_SEED: Final = 9
"""No flood in its first days."""
STORM_START: Final = datetime(2026, 11, 23, tzinfo=ZONE)
STORM_DAYS: Final = 8
STORM_VOICES_A_DAY: Final = 10_000
STORM_SEED: Final = 924
"""A flood begins at 19:15 of the seventh day, in four communes of one area."""
PAPER: Final = "Báo Hoài Giang (mẫu)"
LAST_ITEM: Final = datetime(2026, 11, 29, 23, 58, tzinfo=ZONE)


class Storm:
    """The sources, the listener, and what is said until a moment."""

    def __init__(self, *, hub: Office, folder: Path, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(samplevoices, "DAYS", QUIET_DAYS)
        patch.setattr(samplevoices, "VOICES_A_DAY", QUIET_VOICES_A_DAY)
        patch.setattr(samplevoices, "SEED", QUIET_SEED)
        sample_voices.make_sample_past(hub=hub, now=BEFORE)
        Source.objects.update(rhythm_minutes=None)
        self.sources = Source.objects.in_bulk(field_name="code")
        self.heard_until = BEFORE
        self._said = [*_flood(folder), *_others()]
        paper = self.sources[code_of(PAPER)]
        Source.objects.filter(pk=paper.pk).update(
            kind=SourceKind.FEED, address="https://bao.hoaigiang.example/rss", rhythm_minutes=300
        )
        item = {"id": "last", "time": LAST_ITEM.isoformat(), "text": "Mưa lớn ở Lộc Cát, Suối Sến: nhiều nơi ngập sâu"}
        self._said = sorted([*self._said, Said(paper.code, LAST_ITEM, item)], key=lambda one: one.at)
        kept = folder / "listener"
        kept.mkdir()
        TableFiles(gazetteer=gazetteer_path()).keep(kept)
        self._listening = begin(kept)
        self._listening.next_hour = BEFORE.replace(minute=0)
        self._listener = Listener(threading.Event(), folder=kept)
        self.listen()

    def goes_on(self, until: datetime) -> None:
        """What people say until then comes in, and the listener goes round."""
        due = [one for one in self._said if self.heard_until < one.at <= until]
        sample_voices._take(self.sources, due, at=until)
        self.heard_until = until
        self.listen()

    def listen(self) -> None:
        """Go round until nothing is new, and judge."""
        waiting = -1
        while self._listener.turn(self._listening) or waiting != len(self._listening.to_describe):
            waiting = len(self._listening.to_describe)
        self._listener._judge_at = 0.0
        self._listener.turn(self._listening)


def _flood(folder: Path) -> list[Said]:
    """What is said of the flood, but for what the paper says."""
    written = write_sample(
        folder / "storm.jsonl", days=STORM_DAYS, posts_per_day=STORM_VOICES_A_DAY, seed=STORM_SEED, start=STORM_START
    )
    truth: dict[str, Any] = json.loads(written.truth.read_text("utf-8"))
    floods = {one["id"] for one in truth["issues"] if one["scenario"] == "flood"}
    found = []
    with written.path.open(encoding="utf-8") as lines, gzip.open(written.truth_posts, "rt", encoding="utf-8") as rows:
        for line, row in zip(lines, csv.DictReader(rows), strict=True):
            if row["issue"] not in floods:
                continue
            said = json.loads(line)
            at = datetime.fromisoformat(said["time"]).astimezone(ZONE)
            if said["source"] == PAPER or not BEFORE < at < BEFORE + timedelta(hours=14):
                continue
            fields = {name: said[name] for name in ("title", "text", "author", "place", "reach") if name in said}
            found.append(
                Said(code_of(said["source"]), at, fields | {"id": f"storm-{said['id']}", "time": said["time"]})
            )
    return found


def _others() -> list[Said]:
    """What is said of everything else meanwhile."""
    start = (BEFORE - timedelta(days=QUIET_DAYS)).replace(minute=0)
    written = samplevoices._written(start=start, days=QUIET_DAYS + 1, voices_a_day=QUIET_VOICES_A_DAY, seed=QUIET_SEED)
    return [one for one in written if one.at > BEFORE and one.source != code_of(PAPER)]
