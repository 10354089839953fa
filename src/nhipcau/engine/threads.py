"""Threads that help the one that does the work: reading ahead, preparing, writing behind."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

GIVEN_WAY: Final = 5
"""How much more willing than its process a helper is to wait for a processor (`man 2 setpriority`)."""


def helper(name: str) -> ThreadPoolExecutor:
    """A thread that gives way to the one it works for.

    Where there are more threads than processors, the others share what is left: the work itself is what all wait for.
    """
    return ThreadPoolExecutor(1, thread_name_prefix=name, initializer=_give_way)


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere it would be said of the whole process
        lowest = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(19, lowest + GIVEN_WAY))
