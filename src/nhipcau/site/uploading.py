"""Large files on their way in: they have no name on the disk, so nothing of them is left when a process dies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class NamelessFiles(TemporaryFileUploadHandler):
    """Takes the name of a temporary file away as soon as it is open."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the file."""
        super().new_file(*args, **kwargs)
        Path(self.file.temporary_file_path()).unlink()
