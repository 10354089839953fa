"""A process that answers pages does not go through all it has loaded; what refers to itself still leaves."""

from __future__ import annotations

import subprocess
import sys

SCENE = """
import gc, weakref
from nhipcau.running.collecting import NEW_OBJECTS, YOUNG_ROUNDS, OLD_ROUNDS, collect_seldom
loaded = [[] for _ in range(1000)]
collect_seldom()
assert gc.get_freeze_count() > 1000
class Knot:
    def __init__(self):
        self.me = self
gone = weakref.ref(Knot())
kept = []
for _ in range(2 * NEW_OBJECTS):
    kept.append([])
assert gone() is None
"""


def test_what_is_loaded_is_left_alone_and_knots_still_leave() -> None:
    subprocess.run([sys.executable, "-c", SCENE], check=True)
