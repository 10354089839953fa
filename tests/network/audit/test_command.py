"""`nhipcau audit verify` on a data folder of its own: sound, changed behind its back, cut off."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nhipcau.network.auditguard import SQLITE

MAKE = """
import sys
from pathlib import Path
from nhipcau.running.loading import load
load(Path(sys.argv[1]))
from django.core.management import call_command
from django.db import transaction
call_command("migrate", verbosity=0)
from nhipcau.network.actions.audit import record
for number in range(3):
    with transaction.atomic():
        last = record(by=None, action="task.remind", of=None, values={"number": number})
print(f"{last.seq}:{last.hash}")
"""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
    }
    return subprocess.run(
        [sys.executable, *map(str, command)], env=environment, capture_output=True, text=True, check=False
    )


def verify(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "nhipcau.cli", "audit", "verify", "--data", folder, "--lang", "en", *options)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with three records, and the head of its log."""
    folder = tmp_path_factory.mktemp("made") / "data"
    folder.mkdir()
    done = run("-c", MAKE, folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout.strip()


def changed(made: tuple[Path, str], folder: Path, *statements: str) -> Path:
    """A copy that somebody with the file in hands has changed, and set the triggers again."""
    shutil.copytree(made[0], folder)
    drops = [f"DROP TRIGGER {name}" for name in SQLITE]
    with closing(sqlite3.connect(folder / "nhipcau.sqlite3", isolation_level=None)) as database:
        for statement in (*drops, *statements, *SQLITE.values()):
            database.execute(statement)
    return folder


def test_sound_log_holds_and_its_head_is_printed(made: tuple[Path, str]):
    folder, head = made
    done = verify(folder, "--head", head)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["The chain holds: 3 records proved.", f"Last record: {head}"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE network_auditrecord SET action = 'other' WHERE seq = 2", "Record 2 WAS CHANGED"),
        ("DELETE FROM network_auditrecord WHERE seq = 1", "Record 1 is MISSING"),
    ],
)
def test_change_is_told_with_what_to_do(made: tuple[Path, str], tmp_path: Path, sql: str, said: str):
    done = verify(changed(made, tmp_path / "data", sql))
    assert done.returncode == 1
    assert said in done.stderr
    assert "compare it with the last backup" in done.stderr


def test_cut_off_end_is_told_by_the_head_that_was_noted(made: tuple[Path, str], tmp_path: Path):
    folder = changed(made, tmp_path / "data", "DELETE FROM network_auditrecord WHERE seq = 3")
    done = verify(folder, "--head", made[1])
    assert done.returncode == 1
    assert "CUT OFF from record 3" in done.stderr


def test_head_that_cannot_be_one_is_refused(made: tuple[Path, str]):
    done = verify(made[0], "--head", "3:abc")
    assert done.returncode == 2
    assert "--head 3:abc" in done.stderr


def test_folder_that_is_not_there_is_refused(tmp_path: Path):
    done = verify(tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
