"""One run: voices are pushed and heard, briefs go out, processes are killed; then all is compared with an unbroken run.

The unbroken run is a listener of its own that has an empty database and the same log (`unbroken.py`).
"""

from __future__ import annotations

import itertools
import json
import random
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson

from benchmarks.crashes.driver import SETTLE_SECONDS, Centre, Outcome, run_part
from benchmarks.crashes.listening.clients import Leader, Program, bodies_of
from benchmarks.installations import eventually
from nhipcau.engine.sample.writing import write_sample

VICTIMS = ("web", "worker", "listener", "listener", "parent", "tree")
"""The listener twice as often: it is what this is about."""
SHOWN = re.compile(r"^nhipcau_voices_shown (\S+)$", re.MULTILINE)
PAUSE_SECONDS = (0.1, 2.5)
BATCH = 20
HOURS = 6
"""Over so many hours before now the voices were said: all are in the window of the picture, none leaves it."""


def run(folder: Path, *, kills: int, seed: int, port: int, voices: int | None = None) -> Outcome:
    """Kill so many processes, one after the other, and say what was wrong in the end."""
    folder.mkdir(mode=0o700, exist_ok=True)
    told = voices_of(folder.parent, count=voices or max(1_200, kills * 240), seed=seed)
    cast = json.loads(run_part("listening.cast", folder))
    centre = Centre(folder, port)
    try:
        return _use_and_kill(centre, cast, told, kills=kills, seed=seed)
    finally:
        centre.stop()


def voices_of(folder: Path, *, count: int, seed: int) -> list[dict[str, str]]:
    """Made-up voices, in order, with times before now."""
    write_sample(folder / "sample.jsonl", days=2, posts_per_day=-(-count // 2), seed=seed)
    begin = datetime.now(UTC) - timedelta(hours=HOURS)
    found = []
    with (folder / "sample.jsonl").open("rb") as lines:
        for number, line in enumerate(itertools.islice(lines, count)):
            row: dict[str, Any] = orjson.loads(line)
            said_at = begin + timedelta(hours=HOURS) * number / count
            kept = {name: row[name] for name in ("id", "text", "place", "channel") if row.get(name)}
            if row.get("author"):
                kept |= {"author_id": row["author"], "author": f"Người {row['author']}"}
            found.append(kept | {"time": said_at.isoformat()})
    return found


def _use_and_kill(
    centre: Centre, cast: dict[str, str], voices: list[dict[str, str]], *, kills: int, seed: int
) -> Outcome:
    chance, outcome, folder = random.Random(seed), Outcome(), centre.folder
    centre.wait_until_ready()
    program = Program(lambda: centre.address, cast["token"], bodies_of(voices, batch=BATCH), pause=0.5)
    leader = Leader(lambda: centre.address, (cast["cookie"], cast["session"]), pause=5.0)
    program.start()
    leader.start()
    while (done := sum(outcome.kills.values())) < kills:
        if done % 2:  # every other kill comes while the listener listens, the others while it may still begin
            _wait_until_something_is_heard(centre, program)
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        victim = chance.choice(VICTIMS)
        outcome.kills[victim] += centre.kill(victim, chance)
    leader.finish()
    program.finish()
    centre.wait_until_ready()
    _wait_until_settled(folder)
    centre.stop()
    told = {"accepted": program.accepted, "sent": leader.sent}
    unbroken = run_part("listening.unbroken", folder)
    found = json.loads(run_part("listening.verdict", folder, given=json.dumps({"told": told, "unbroken": unbroken})))
    outcome.figures = found["figures"] | {"pushes repeated": program.repeated}
    outcome.faults = [*found["faults"], *filter(None, [program.fault, leader.fault])]
    return outcome


def _wait_until_something_is_heard(centre: Centre, program: Program) -> None:
    before = _shown(centre)
    what = "something is heard since the last kill"
    eventually(lambda: program.is_through or _shown(centre) > before, what=what, seconds=SETTLE_SECONDS)


def _wait_until_settled(folder: Path) -> None:
    """All is heard and told, and one more picture is made, in which levels are judged of all of it."""
    eventually(lambda: run_part("listening.state", folder), what="all is heard and told", seconds=SETTLE_SECONDS)
    made_at = run_part("listening.state", folder)
    what = "one more picture is made"
    eventually(lambda: run_part("listening.state", folder) not in ("", made_at), what=what, seconds=SETTLE_SECONDS)


def _shown(centre: Centre) -> float:
    """How many voices the picture shows, asked until there is an answer."""
    while True:
        try:
            found = SHOWN.search(httpx.get(f"{centre.address}/metrics", timeout=10).text)
            if found is not None:
                return float(found[1])
        except httpx.TransportError:
            pass
        time.sleep(0.2)
