"""How often a process that answers pages looks for garbage that refers to itself.

By its defaults Python does so every 700 new objects, and now and then goes through all that was ever loaded: .15 s in
the middle of a page. What is loaded at the start stays for good, and a page makes tens of thousands of objects that
leave by themselves.
"""

from __future__ import annotations

import gc
from typing import Final

NEW_OBJECTS: Final = 50_000
YOUNG_ROUNDS: Final = 20
OLD_ROUNDS: Final = 50


def collect_seldom() -> None:
    """Leave out of account what is there already, and look at the rest after many objects; to be called when loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, OLD_ROUNDS)
