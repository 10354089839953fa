"""What is kept of compiled kernels is used again, and never where a source that went into it has changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numba
import pytest

import nhipcau
from nhipcau.engine.compiling import njit

SOURCES = {
    "__init__": "",
    "shapes": "from typing import NamedTuple\n\nclass Pair(NamedTuple):\n    first: int\n    second: int\n\nSTEP = 1\n",
    "inner": "from nhipcau.engine.compiling import njit\nfrom old.shapes import (\n    STEP,\n)\n\n"
    "@njit(cache=True)\ndef total(pair):\n    return pair.first + pair.second + STEP\n",
    "outer": "from nhipcau.engine.compiling import njit\nfrom old import inner\n\ntotal = inner.total\n\n"
    "@njit(cache=True)\ndef twice(pair):\n    return 2 * total(pair)\n",
    "other": "STEP = 5\n",
}
RUN = """
import json, sys
import numba
import old.other, old.outer, old.shapes
from nhipcau.engine.compiling import digest
pair = getattr(old.shapes, sys.argv[1])(3, 4)
value = old.outer.twice(pair)
print(json.dumps([value, sum(old.outer.twice.stats.cache_hits.values()), digest("old.outer"), numba.config.CACHE_DIR]))
"""


class Package:
    """A package with kernels, used by one process after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "old"
        self.folder.mkdir()
        for name, source in SOURCES.items():
            self.write(name, source)

    def write(self, name: str, source: str) -> None:
        (self.folder / f"{name}.py").write_text(source, "utf-8")

    def run(self, shape: str = "Pair", **environment: str) -> list[object]:
        kept_out = {"NUMBA_CACHE_DIR", "PYTHONDONTWRITEBYTECODE"}
        inherited = {name: value for name, value in os.environ.items() if name not in kept_out}
        done = subprocess.run(
            [sys.executable, "-c", RUN, shape],
            env=inherited | {"PYTHONPATH": str(self.folder.parent)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


TOLD = """
import json
import numba
from nhipcau.engine.compiling import compilations
import old.outer, old.shapes
counts = []
with compilations(counts.append):
    old.outer.twice(old.shapes.Pair(3, 4))
    numba.njit(lambda value: value + 1)(3)
old.outer.twice(old.shapes.Pair(3.0, 4.0))
print(json.dumps(counts))
"""


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return Package(tmp_path)


def test_a_first_run_tells_each_kernel_that_it_compiles_and_no_other_run_does(package: Package) -> None:
    environment = os.environ | {"PYTHONPATH": str(package.folder.parent)}
    counts = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", TOLD], env=environment, capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(2)
    ]
    assert counts == [[1, 2], []]


def test_a_kernel_is_compiled_once_and_anew_when_what_it_calls_changes(package: Package) -> None:
    value, hits, digest, _ = package.run()
    assert (value, hits) == (16, 0)
    package.write("other", "STEP = 6\n")
    assert package.run()[:3] == [16, 1, digest]
    package.write("shapes", SOURCES["shapes"].replace("STEP = 1", "STEP = 2"))
    assert package.run()[:2] == [18, 0]
    package.write("inner", SOURCES["inner"].replace("+ STEP", "- STEP"))
    assert package.run()[:2] == [10, 0]


def test_a_named_tuple_may_be_given_another_name(package: Package) -> None:
    package.run()
    package.write("shapes", SOURCES["shapes"].replace("Pair", "Couple"))
    assert package.run("Couple")[:2] == [16, 0]


def test_the_folder_that_a_user_chose_is_the_one_that_is_filled(package: Package, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    assert package.run(NUMBA_CACHE_DIR=str(chosen))[3] == str(chosen)
    assert list(chosen.rglob("*.nbi"))
    assert not list(package.folder.rglob("*.nbi"))
    assert package.run()[3] == ""


def doubled(number: int) -> int:
    return 2 * number


def test_where_the_installation_cannot_be_written_the_users_folder_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert njit(cache=True)(doubled)(4) == 8
    assert list((tmp_path / "nhipcau").rglob("test_compiling.doubled-*.nbi"))


def test_every_kernel_of_the_engine_is_kept_this_way() -> None:
    imported = re.compile(r"^\s*(?:from|import) numba\b", re.MULTILINE)
    folder = Path(nhipcau.__file__).parent
    found = {path.name for path in folder.rglob("*.py") if imported.search(path.read_text("utf-8"))}
    assert found == {"compiling.py", "_ahead.py"}, "the second makes no kernel, only a part of others"
