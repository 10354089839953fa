"""`python -m benchmarks.rush [--opening 0] [--within 60] [--web 2]`: errors and how long answers took, on one machine.

On PostgreSQL: `python -m tests.postgresql python -m benchmarks.rush`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.installations import Installation, environment, processor_seconds
from benchmarks.rush.cast import Rush
from benchmarks.rush.clients import Measured, rush
from nhipcau.running.commands import web_processes

SETTINGS = "benchmarks.crashes.settings"


def measure(
    folder: Path, *, web: int, opening_seconds: float, within_seconds: float, seed: int
) -> tuple[Measured, Rush]:
    """Start a centre, let the rush come, stop it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.rush.cast", str(folder)],
        env=environment(DJANGO_SETTINGS_MODULE=SETTINGS),
        stdout=subprocess.PIPE,
        check=True,
    )
    values = json.loads(made.stdout)
    cast = Rush(**{**values, "received": {int(one): session for one, session in values["received"].items()}})
    centre = Installation(folder, "--web", str(web), DJANGO_SETTINGS_MODULE=SETTINGS)
    try:
        centre.wait_until_ready()
        processes = centre.children("web")
        before = processor_seconds(processes)
        measured = asyncio.run(
            rush(centre.address, cast, opening_seconds=opening_seconds, within_seconds=within_seconds, seed=seed)
        )
        measured.processor_seconds = processor_seconds(processes) - before
        return measured, cast
    finally:
        centre.stop()


def main() -> None:
    """Measure once and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opening", type=float, default=0.0, help="seconds in which all open their page")
    parser.add_argument("--within", type=float, default=60.0, help="seconds in which all acknowledge")
    parser.add_argument("--web", type=int, default=web_processes(), help="web processes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        measured, cast = measure(
            Path(place) / "data",
            web=options.web,
            opening_seconds=options.opening,
            within_seconds=options.within,
            seed=options.seed,
        )
    print(f"{len(cast.received)} points and {len(cast.watchers)} watchers within {options.within:.0f} s\n")
    print("| what | answers | median ms | p95 ms | longest ms |\n|---|---:|---:|---:|---:|")
    everything = [seconds for each in measured.seconds.values() for seconds in each]
    for what, seconds in [*measured.seconds.items(), ("all", everything)]:
        middle, late = np.quantile(seconds, (0.5, 0.95)) * 1000
        print(f"| {what} | {len(seconds)} | {middle:.0f} | {late:.0f} | {max(seconds) * 1000:.0f} |")
    print(f"\nchanges told to boards: {measured.events}; errors: {len(measured.errors)}")
    spent = measured.processor_seconds
    print(f"processor of the web: {spent:.1f} s, {spent / len(everything) * 1000:.0f} ms an answer, streams included")
    if measured.errors:
        sys.exit("\n".join(measured.errors[:20]))


if __name__ == "__main__":
    main()
