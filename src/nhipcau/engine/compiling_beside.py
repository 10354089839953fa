"""A first run on two processors: grouping is compiled in a process of its own while this one compiles the rest.

Numba compiles one kernel at a time in a process. What the other process keeps is found here when it is asked for.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import numpy as np


@contextlib.contextmanager
def grouping_compiled_beside() -> Iterator[None]:
    """Have the kernels of grouping compiled by another process, where they are not kept; it ends with the block."""
    from nhipcau.engine.compiling import is_kept

    if is_kept("nhipcau.engine.grouping._arrival"):
        yield
        return
    beside = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.DEVNULL)  # noqa: S603  # ourselves
    try:
        yield
    finally:
        beside.terminate()
        beside.wait()


def compile_grouping() -> None:
    """Group two posts, which makes every kernel of grouping."""
    from nhipcau.engine.grouping.grouper import group, issues_of, revise
    from nhipcau.engine.grouping.state import GroupState

    state = GroupState.empty()
    grouped = group(
        state,
        offsets=np.array([0, 3, 6], np.int64),
        words=np.arange(1, 7, dtype=np.uint64),
        times=np.zeros(2, np.int64),
        first_seq=0,
    )
    revise(state, seq=2)
    issues_of(state, grouped.threads)


if __name__ == "__main__":
    compile_grouping()
