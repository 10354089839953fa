"""What both runs with kills have in common: options, a data folder of their own, the table, the exit code."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Protocol

from benchmarks.crashes.driver import Outcome
from benchmarks.installations import free_port


class Run(Protocol):
    """One run with so many kills."""

    def __call__(self, folder: Path, *, kills: int, seed: int, port: int) -> Outcome:
        """Give what was killed, done and wrong."""


def run_and_tell(run: Run, *, told: str | None, wrong: str) -> None:
    """Run once and print a table; `wrong` names the faults in it. Leaves with an error where there are any."""
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        outcome = run(Path(place) / "data", kills=options.kills, seed=options.seed, port=free_port())
    print("| what | count |\n|---|---:|")
    for name, count in sorted(outcome.kills.items()):
        print(f"| kills of: {name} | {count} |")
    for name, count in outcome.figures.items():
        print(f"| {name} | {count:,} |")
    print(f"| {wrong} | {len(outcome.faults)} |")
    print(f"| seconds | {time.monotonic() - begun:.0f} |")
    if outcome.faults:
        sys.exit("\n".join(outcome.faults))
