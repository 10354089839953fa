"""`python -m benchmarks.listening [--kept 300000] [--rate 50] [--seconds 60] [--backlog 20000]`.

From the answer of the push API to the picture that shows the voice in its issue, with voices of days in memory; how
fast history and a backlog are caught up with; peak memory of the listener. On PostgreSQL:
`python -m tests.postgresql --durable python -m benchmarks.listening`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.installations import Installation, environment, processor_seconds
from benchmarks.intake.__main__ import CHANGES, SETTINGS, batches_of
from benchmarks.listening.measures import Watch, catch_up, peak_megabytes, stream
from nhipcau.running.loading import load

EVERY_SECONDS = 0.5


def _run(module: str, *arguments: object) -> bytes:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    changes = environment(DJANGO_SETTINGS_MODULE=SETTINGS)
    return subprocess.run(command, env=changes, stdout=subprocess.PIPE, check=True).stdout


def measure(place: Path, *, kept: int, days: int, rate: int, seconds: int, backlog: int, seed: int) -> dict[str, str]:
    """Measure once; what was found, by what it is."""
    folder = place / "data"
    folder.mkdir(mode=0o700)
    [token] = json.loads(_run("benchmarks.intake.cast", folder, 1))
    _run("benchmarks.listening.history", folder, kept, days, seed)
    each = max(1, round(rate * EVERY_SECONDS))
    streamed = batches_of(place, voices=each * round(seconds / EVERY_SECONDS), batch=each, seed=seed + 1)
    waiting = batches_of(place, voices=backlog, batch=1_000, seed=seed + 2)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    load(folder)
    centre = Installation(folder, DJANGO_SETTINGS_MODULE=SETTINGS, **CHANGES)
    try:
        begun = time.perf_counter()
        centre.wait_until_ready()
        watch = Watch()
        watch.wait_for(kept)
        history_seconds = time.perf_counter() - begun
        listener = centre.children("listener")
        before = processor_seconds(listener)
        sent = stream(centre, token, streamed, every_seconds=EVERY_SECONDS)
        watch.wait_for(kept + sent.voices[-1])
        used = processor_seconds(listener) - before
        shown = np.array([watch.when(kept + count) for count in sent.voices])
        late, whole = shown - np.array(sent.answered), shown - np.array(sent.asked)
        stood, stood_seconds = catch_up(centre, token, waiting, watch, shown=kept + sent.voices[-1])
        watch.stop()
        memory = peak_megabytes(listener[0])
    finally:
        centre.stop()
    middle, most, longest = np.quantile(late, (0.5, 0.95, 1.0))
    return {
        "voices of the last days in memory": f"{kept:,} of {days} days",
        "caught up with as they were, each hour noted": f"{kept / history_seconds:,.0f} a second",
        "stream": f"{rate:,} voices a second for {seconds} s (at most {sent.behind_seconds:.1f} s behind)",
        "accepted → shown in its issue: median, p95, longest": f"{middle:.2f}, {most:.2f}, {longest:.2f} s",
        "asked → shown in its issue: p95": f"{np.quantile(whole, 0.95):.2f} s",
        "listener's processor time under the stream": f"{used / (sent.answered[-1] - sent.asked[0]):.0%} of one",
        "backlog": f"{stood:,} voices: {stood_seconds:.1f} s, {stood / stood_seconds:,.0f} a second",
        "peak memory of the listener": f"{memory:,.0f} MB",
    }


def main() -> None:
    """Measure once and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=int, default=300_000, help="voices that it has heard before")
    parser.add_argument("--days", type=int, default=5, help="over so many days")
    parser.add_argument("--rate", type=int, default=50, help="voices a second that are pushed")
    parser.add_argument("--seconds", type=int, default=60, help="for so long")
    parser.add_argument("--backlog", type=int, default=20_000, help="voices that wait while the listener stands still")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = measure(Path(place), **vars(options))
    load_before = os.getloadavg()[2]
    print(f"| what | {'PostgreSQL' if os.environ.get('DATABASE_URL') else 'SQLite'} |\n|---|---|")
    for name, value in found.items():
        print(f"| {name} | {value} |")
    print(f"| load of the machine (15 minutes) | {load_before:.1f} |")


if __name__ == "__main__":
    main()
