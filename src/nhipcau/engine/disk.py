"""What stays on disk after a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Let a file that was written stay; of a folder, the names that were added to it or taken out.

    Raises
    ------
    OSError
        It is not there, or the disk could not take it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
