"""`python -m benchmarks.crashes.listening [--kills 50] [--seed 1]`: what was killed, heard and told; what went wrong.

On PostgreSQL: `python -m tests.postgresql python -m benchmarks.crashes.listening`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.crashes.listening.driver import run
from benchmarks.installations import free_port


def main() -> None:
    """Run once and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
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
    print(f"| lost, doubled, grouped twice, or otherwise than unbroken | {len(outcome.faults)} |")
    print(f"| seconds | {time.monotonic() - begun:.0f} |")
    if outcome.faults:
        sys.exit("\n".join(outcome.faults))


if __name__ == "__main__":
    main()
