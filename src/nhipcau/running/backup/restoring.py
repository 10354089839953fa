"""Restoring: everything is unpacked beside the target and checked; only then does the target appear."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from nhipcau.engine.errors import EngineError
from nhipcau.running.backup.manifest import DATABASES, FILES, FORMAT, NAME, Manifest
from nhipcau.running.backup.postgresql import load_database
from nhipcau.running.backup.sqlite import is_sound

BLOCK: Final = 1 << 20
SQLITE_NAME: Final = "nhipcau.sqlite3"
BROKEN: Final = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, KeyError, TypeError)


def restore_backup(archive: Path, *, folder: Path) -> Manifest:
    """Make a data folder from an archive.

    Parameters
    ----------
    archive
        What `write_backup` wrote.
    folder
        A folder that is empty or not there yet.

    Raises
    ------
    EngineError
        ``run.folder-not-empty``, ``run.archive-missing``, ``run.archive-damaged``, ``run.archive-newer``,
        ``run.archive-of-sqlite``, ``run.archive-of-postgresql``, ``run.database-not-empty``; nothing is changed then.
    """
    if not archive.is_file():
        raise EngineError("run.archive-missing", file=str(archive))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EngineError("run.folder-not-empty", folder=str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.restoring-"))
    try:
        manifest = _unpack(archive, work)
        unpacked = work / DATABASES[manifest.database]
        content = work / "files"
        content.mkdir(exist_ok=True, mode=0o700)
        if manifest.database == "sqlite":
            _place_sqlite(archive, unpacked, content)
        else:
            _fill_postgresql(archive, unpacked, content)
        content.replace(folder)  # a rename takes an empty folder's place, and fails on one that has filled up
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _unpack(archive: Path, work: Path) -> Manifest:
    """Unpack all members and compare them with the manifest, which must name each of them and no other."""
    found: dict[str, tuple[str, int]] = {}
    written = None
    try:
        with gzip.open(archive) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            for member in tar:
                file = tar.extractfile(member)
                if file is None or not member.isreg() or not _is_inside(member.name):
                    raise ValueError(f"{member.name} is not a plain file")
                if member.name == NAME:
                    written = file.read()
                else:
                    found[member.name] = _write(file, _private_place(work, member.name))
            while plain.read(BLOCK):
                pass  # to its end, where the checksum of all stands
        if written is None:
            raise ValueError("it ends too early")
        manifest = _manifest(archive, written)
        if manifest.files != found:
            wrong = sorted(name for name in manifest.files | found if manifest.files.get(name) != found.get(name))
            raise ValueError(f"{wrong[0]} is not what was archived")
        if DATABASES.get(manifest.database) not in found:
            raise ValueError("no database is in it")
    except BROKEN as error:
        raise EngineError(
            "run.archive-damaged", file=str(archive), reason=str(error) or type(error).__name__
        ) from error
    return manifest


def _manifest(archive: Path, written: bytes) -> Manifest:
    manifest = Manifest.from_json(written)
    if manifest.format > FORMAT:
        raise EngineError("run.archive-newer", file=str(archive), version=manifest.version)
    return manifest


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    is_ours = name == NAME or name in DATABASES.values() or name.startswith(FILES)
    return is_ours and not path.is_absolute() and ".." not in path.parts


def _private_place(work: Path, name: str) -> Path:
    """Give the path of a member, with the folders above it, each for its owner only."""
    folder = work
    for part in PurePosixPath(name).parts[:-1]:
        folder /= part
        folder.mkdir(exist_ok=True, mode=0o700)
    return work / name


def _write(file: Any, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _place_sqlite(archive: Path, unpacked: Path, content: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        raise EngineError("run.archive-of-sqlite", file=str(archive))
    if not is_sound(unpacked):
        raise EngineError("run.archive-damaged", file=str(archive), reason=unpacked.name)
    unpacked.replace(content / SQLITE_NAME)


def _fill_postgresql(archive: Path, unpacked: Path, content: Path) -> None:
    """Fill the empty database of DATABASE_URL; it is the last step but the rename, and one transaction."""
    settings = _configured_postgresql(content)
    if settings is None:
        raise EngineError("run.archive-of-postgresql", file=str(archive))
    from django.db import connection

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    connection.close()
    if tables:
        raise EngineError("run.database-not-empty", tables=sorted(tables)[:3])
    load_database(settings, unpacked)


def _configured_postgresql(content: Path) -> Mapping[str, Any] | None:
    """Load the settings on what was unpacked, which has the installation's own key."""
    if not os.environ.get("DATABASE_URL"):
        return None
    from nhipcau.running.loading import load

    load(content)
    from django.db import connection

    return connection.settings_dict if connection.vendor == "postgresql" else None
