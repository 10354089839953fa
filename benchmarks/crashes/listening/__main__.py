"""`python -m benchmarks.crashes.listening [--kills 50] [--seed 1]`: what was killed, heard and told; what went wrong.

On PostgreSQL: `python -m tests.postgresql python -m benchmarks.crashes.listening`.
"""

from __future__ import annotations

from benchmarks.crashes.listening.driver import run
from benchmarks.crashes.telling import run_and_tell

if __name__ == "__main__":
    run_and_tell(run, told=__doc__, wrong="lost, doubled, grouped twice, or otherwise than unbroken")
