"""Writing an archive: the database first, then the files, so that every file a row names is in it."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from django.db import connection

from nhipcau.authorkeys import NEVER_COPIED
from nhipcau.engine.errors import EngineError
from nhipcau.running.backup.keeping import files_kept
from nhipcau.running.backup.manifest import DATABASES, FILES, NAME, Manifest
from nhipcau.running.backup.postgresql import dump_database
from nhipcau.running.backup.sqlite import copy_database
from nhipcau.running.folder import UPLOADS_FOLDER
from nhipcau.running.serving import METRICS_FOLDER

# what belongs to the running processes, the day's secret of authors, and files of voices as they were handed in
NOT_KEPT: Final = {METRICS_FOLDER, *NEVER_COPIED, UPLOADS_FOLDER}
LOCK_ENDING: Final = ".lock"
UNFINISHED: Final = ".part"
MOVED: Final = ".sqlite3.moved"
"""The database that was moved to another (`running/moving.py`): all that was in it is there."""


def write_backup(archive: Path, *, folder: Path, now: datetime) -> Manifest:
    """Write everything under the data folder, and the database, to an archive that appears whole or not at all.

    Files that vanish meanwhile are left out: no row of the database's snapshot needs them any more or yet.

    Raises
    ------
    EngineError
        ``run.archive-exists``, and ``run.dump-failed`` or ``run.no-program`` of PostgreSQL's programs.
    """
    if archive.exists():
        raise EngineError("run.archive-exists", file=str(archive))
    manifest = Manifest(database=connection.vendor, made_at=now.isoformat(timespec="seconds"))
    with (
        files_kept(folder),
        tempfile.TemporaryDirectory(dir=archive.absolute().parent, prefix=f".{archive.name}.") as work,
    ):
        snapshot = Path(work) / DATABASES[connection.vendor]
        snapshot.touch(0o600)
        _take_snapshot(snapshot)
        part = Path(work) / "archive"
        with _private(part) as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
            _add(tar, manifest, snapshot.name, snapshot)
            for path in _kept(folder, leave_out={archive.absolute(), Path(work).absolute()}):
                _add(tar, manifest, FILES + path.relative_to(folder).as_posix(), path)
            _add_bytes(tar, NAME, manifest.to_json(), now)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(archive)
    return manifest


def _take_snapshot(target: Path) -> None:
    if connection.vendor == "postgresql":
        dump_database(connection.settings_dict, target)
    else:
        copy_database(Path(connection.settings_dict["NAME"]), target)


def _kept(folder: Path, *, leave_out: set[Path]) -> Iterator[Path]:
    """Give the files to keep, sorted: all but the live database and what belongs to processes."""
    database = str(connection.settings_dict["NAME"])
    live = {Path(database + ending).absolute() for ending in ("", "-wal", "-shm", "-journal")} | leave_out
    for root, folders, names in os.walk(folder):
        here = Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if (here / name).absolute() not in live
            and not name.endswith(UNFINISHED)
            and (here != folder or name not in NOT_KEPT)
        )
        for name in sorted(names):
            path = here / name
            if path.absolute() not in live and not (here == folder and _is_of_processes(name)):
                yield path


def _is_of_processes(name: str) -> bool:
    return name in NOT_KEPT or name.endswith((LOCK_ENDING, MOVED))


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    """Add a file as long as it was when it was opened, and note its digest."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), 0o600
        counting = _Digesting(file)
        tar.addfile(entry, counting)
    manifest.files[name] = (counting.digest.hexdigest(), status.st_size)


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes, now: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(now.timestamp()), 0o600
    tar.addfile(entry, io.BytesIO(content))


class _Digesting:
    """A file that is digested as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        block = self._file.read(size)
        self.digest.update(block)
        return block
