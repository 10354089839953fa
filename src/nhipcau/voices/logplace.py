"""Where the files of the voice log lie: a folder, or an address of object storage. Nothing here knows what a voice is.

A file appears whole or not at all and is never changed. What is in the files is in `segmentfile.py`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.fs as pafs
from django.conf import settings

from nhipcau.engine.disk import sync

SPOOL: Final = ".part"
"""A folder of what is being written; after a kill something may be left in it."""
BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Place:
    """Files by their paths below a base; `spool` is a folder of this machine in which they are made."""

    filesystem: pafs.FileSystem
    base: str
    spool: Path
    is_local: bool

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Give a path to write a new file to; it is gone afterwards unless it was put in place."""
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.spool)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def put(self, made: Path, path: str) -> None:
        """Let a file that was made appear under its path, and be there after a power cut."""
        with made.open("rb") as file:
            os.fsync(file.fileno())
        if not self.is_local:
            with made.open("rb") as source, self.filesystem.open_output_stream(self._full(path)) as target:
                shutil.copyfileobj(source, target, BLOCK)
            return
        target_path = Path(self._full(path))
        _make_folder(target_path.parent, above=Path(self.base))
        made.replace(target_path)
        sync(target_path.parent)

    def open(self, path: str) -> pa.NativeFile:
        """Open a file to read; FileNotFoundError where it is not there."""
        return self.filesystem.open_input_file(self._full(path))

    def remove(self, path: str) -> None:
        """Remove a file, which may be gone already; a local folder that it leaves empty goes too."""
        try:
            self.filesystem.delete_file(self._full(path))
        except FileNotFoundError:
            return
        if self.is_local:
            folder = Path(self._full(path)).parent
            sync(folder)
            if folder != Path(self.base) and not any(folder.iterdir()):
                folder.rmdir()

    def sizes(self, below: str = "") -> dict[str, int]:
        """All files with their sizes in bytes, but for what is being written."""
        top = self._full(below) if below else self.base
        selector = pafs.FileSelector(top, recursive=True, allow_not_found=True)
        found = (info for info in self.filesystem.get_file_info(selector) if info.type == pafs.FileType.File)
        named = {info.path[len(self.base) :].lstrip("/"): info.size for info in found}
        return {name: size for name, size in named.items() if not name.startswith(f"{SPOOL}/")}

    def folders(self) -> list[str]:
        """The names of the folders at its top."""
        selector = pafs.FileSelector(self.base, allow_not_found=True)
        found = (info for info in self.filesystem.get_file_info(selector) if info.type == pafs.FileType.Directory)
        return sorted(info.base_name for info in found if info.base_name != SPOOL)

    def _full(self, path: str) -> str:
        return f"{self.base}/{path}" if self.base else path


def place_of_log() -> Place:
    """Where the segments lie: below the data folder, or where `NHIPCAU_VOICE_LOG` says."""
    return _place(settings.VOICE_LOG, settings.DATA_FOLDER, "")


def place_of_sides() -> Place:
    """Where what is derived from the segments lies: beside them."""
    return _place(settings.VOICE_LOG, settings.DATA_FOLDER, "-derived")


@cache
def _place(address: str, folder: Path, ending: str) -> Place:
    if "://" not in address:
        return local_place(Path(f"{address or folder / 'voices'}{ending}"))
    filesystem, base = pafs.FileSystem.from_uri(address)
    base = base.rstrip("/") + ending
    if isinstance(filesystem, pafs.LocalFileSystem):
        return local_place(Path(base))
    return Place(filesystem, base, folder / f"voices{ending}{SPOOL}", is_local=False)


def local_place(folder: Path) -> Place:
    """A folder of this machine."""
    return Place(pafs.LocalFileSystem(), str(folder), folder / SPOOL, is_local=True)


def _make_folder(folder: Path, *, above: Path) -> None:
    if folder.is_dir():
        return
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    while folder != above:
        folder = folder.parent
        sync(folder)
    sync(above.parent)
