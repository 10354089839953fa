"""`nhipcau audit verify` on a data folder of its own: sound, changed behind its back, cut off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = """
import json, sys
from pathlib import Path
from nhipcau.running.loading import load
load(Path(sys.argv[1]))
from django.core.management import call_command
from django.db import connection, transaction
call_command("migrate", verbosity=0)
from nhipcau.network.actions.audit import record
from nhipcau.network.auditguard import guard, unguard
for number in range(3):
    with transaction.atomic():
        last = record(by=None, action="task.remind", of=None, values={"number": number})
if len(sys.argv) > 2:
    unguard(connection)
    connection.cursor().execute(sys.argv[2])
    guard(connection)
print(json.dumps(f"{last.seq}:{last.hash}"))
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


def make(folder: Path, *sql: str) -> str:
    folder.mkdir()
    done = run("-c", MAKE, folder, *sql)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout))


def test_sound_log_holds_and_its_head_is_printed(tmp_path: Path):
    head = make(tmp_path / "data")
    done = verify(tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["The chain holds: 3 records proved.", f"Last record: {head}"]
    assert verify(tmp_path / "data", "--head", head).returncode == 0


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE network_auditrecord SET action = 'other' WHERE seq = 2", "Record 2 WAS CHANGED"),
        ("DELETE FROM network_auditrecord WHERE seq = 1", "Record 1 is MISSING"),
    ],
)
def test_change_is_told_with_what_to_do(tmp_path: Path, sql: str, said: str):
    make(tmp_path / "data", sql)
    done = verify(tmp_path / "data")
    assert done.returncode == 1
    assert said in done.stderr
    assert "compare it with the last backup" in done.stderr


def test_cut_off_end_is_told_by_the_head_that_was_noted(tmp_path: Path):
    head = make(tmp_path / "data", "DELETE FROM network_auditrecord WHERE seq = 3")
    assert verify(tmp_path / "data").returncode == 0
    done = verify(tmp_path / "data", "--head", head)
    assert done.returncode == 1
    assert "CUT OFF from record 3" in done.stderr


def test_head_that_cannot_be_one_is_refused(tmp_path: Path):
    make(tmp_path / "data")
    done = verify(tmp_path / "data", "--head", "3:abc")
    assert done.returncode == 2
    assert "--head 3:abc" in done.stderr


def test_folder_that_is_not_there_is_refused(tmp_path: Path):
    done = verify(tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
