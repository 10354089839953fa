"""The data folder: everything that an installation keeps lies under it, and nobody else on the machine reads it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nhipcau.engine.errors import EngineError
from nhipcau.running.checks import Finding, problem, warning, well

LEAST_FREE_BYTES: Final = 200 * 2**20
FEW_FREE_BYTES: Final = 2 * 2**30
UPLOADS_FOLDER: Final = "uploads"
"""Where files of voices lie as they were handed in, with all that is personal in them: briefly, and in no backup."""
OTHERS: Final = stat.S_IRWXO
GROUP: Final = stat.S_IRWXG


def make_folder(path: Path) -> Path:
    """Give the data folder, made where it was missing; only its owner may look into it."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise EngineError("run.not-a-folder", folder=str(path)) from error
    except OSError as error:
        raise EngineError("run.folder-not-writable", folder=str(path), reason=error.strerror or str(error)) from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise EngineError("run.folder-not-writable", folder=str(path), reason=os.strerror(13))
    return path.resolve()


def check_folder(path: Path) -> Iterator[Finding]:
    """Look at the folder itself: there, ours, private, with room left. Needs no database."""
    if not path.is_dir():
        yield problem("folder.missing", folder=str(path))
        return
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield problem("folder.not-writable", folder=str(path))
        return
    mode = path.stat().st_mode
    if mode & OTHERS:
        yield problem("folder.open-to-all", folder=str(path))
    elif mode & GROUP:
        yield warning("folder.open-to-group", folder=str(path))
    else:
        yield well("folder.private", folder=str(path))
    yield from _check_files(path, is_private=not mode & (OTHERS | GROUP))
    yield _check_space(path)


def _check_files(path: Path, *, is_private: bool) -> Iterator[Finding]:
    """Look at the files at its top: in an open folder, an open key or database can be read by anybody."""
    for file in sorted(path.iterdir()):
        status = file.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_mode & OTHERS and not is_private:
            yield problem("file.open-to-all", file=str(file))
        if stat.S_ISREG(status.st_mode) and status.st_uid != os.geteuid() and os.geteuid() != 0:
            yield problem("file.of-another", file=str(file))


def _check_space(path: Path) -> Finding:
    free = shutil.disk_usage(path).free
    values = {"gigabytes": f"{free / 2**30:.1f}", "folder": str(path)}
    if free < LEAST_FREE_BYTES:
        return problem("space.gone", **values)
    return warning("space.little", **values) if free < FEW_FREE_BYTES else well("space.enough", **values)
