"""`python -m benchmarks.crashes [--kills 50] [--seed 1]`: prints what was killed, what was done, and what went wrong.

On PostgreSQL: `python -m tests.postgresql python -m benchmarks.crashes`.
"""

from __future__ import annotations

from benchmarks.crashes.driver import run
from benchmarks.crashes.telling import run_and_tell

if __name__ == "__main__":
    run_and_tell(run, told=__doc__, wrong="lost, doubled or half-written")
