"""Threads that help the one that does the work: reading ahead, preparing, writing behind."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

GIVEN_WAY: Final = 5
"""How much more willing than its process a helper is to wait for a processor (`man 2 setpriority`)."""
LEAST: Final = 19


def helper(name: str) -> ThreadPoolExecutor:
    """A thread that gives way to the one it works for.

    Where there are more threads than processors, the others share what is left: the work itself is what all wait for.
    """
    return ThreadPoolExecutor(1, thread_name_prefix=name, initializer=give_way)


def give_way() -> None:
    """Let other threads go first where there are more of them than processors; asked by the thread itself."""
    if sys.platform != "linux":  # elsewhere it would be said of the whole process
        return
    own = os.getpriority(os.PRIO_PROCESS, os.getpid())
    with contextlib.suppress(OSError):  # a service may be forbidden to ask, and works all the same
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(LEAST, own + GIVEN_WAY))
