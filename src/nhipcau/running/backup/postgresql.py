"""PostgreSQL's own programs: `pg_dump` takes one snapshot while others write, `pg_restore` brings it back whole.

The password goes to them in the environment, where other accounts of the machine do not see it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nhipcau.engine.errors import EngineError

PROGRAMS: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version."""
VARIABLES: Final = {
    "NAME": "PGDATABASE",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "HOST": "PGHOST",
    "PORT": "PGPORT",
}


def dump_database(settings: Mapping[str, Any], target: Path) -> None:
    """Write the database to a file."""
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], settings)


def load_database(settings: Mapping[str, Any], source: Path) -> None:
    """Fill an empty database from such a file, in one transaction."""
    name = str(settings["NAME"])
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}"]
    _run("pg_restore", [*options, str(source)], settings)


def program(name: str) -> str:
    """Find a program, the newest where there are several: an older `pg_dump` refuses a newer server."""
    installed = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: _version(path.parent.parent.name))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise EngineError("run.no-program", program=name)
    return found


def _run(name: str, options: list[str], settings: Mapping[str, Any]) -> None:
    given = {VARIABLES[key]: str(settings[key]) for key in VARIABLES if settings.get(key)}
    finished = subprocess.run(  # noqa: S603  # a program of PostgreSQL, no shell
        [program(name), *options],
        env={**os.environ, **given},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        said = finished.stderr.strip().splitlines() or [f"exit code {finished.returncode}"]
        raise EngineError("run.dump-failed", program=name, reason=said[0])


def _version(folder: str) -> int:
    digits = re.match(r"\d+", folder)
    return int(digits[0]) if digits else 0
