"""Backup and restore of an installation on PostgreSQL, with PostgreSQL's own programs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest

from benchmarks.installations import COMMAND, Installation, environment, eventually, run_command
from benchmarks.intake.cast import SOURCE
from tests.postgresql import new_database

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(900)]


def mails(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT key, state FROM running_outgoingmail ORDER BY key").fetchall()


def test_an_installation_moves_to_another_server(
    start: Callable[..., Installation], postgresql_server: str, tmp_path
) -> None:
    old, new = new_database(postgresql_server), new_database(postgresql_server)
    installation = start("data", "--web", "2", DATABASE_URL=old)
    installation.wait_until_ready()
    with psycopg.connect(old) as connection:
        connection.execute(
            'INSERT INTO running_outgoingmail (key, "to", subject, text, html, error, state,'
            " attempts, attachments, created_at, due_at)"
            " VALUES ('one', 'a@example.org', '', '', '', '', 'sent', 1, '[]', now(), now())"
        )
    archive = tmp_path / "backup.tar.gz"
    made = run_command("backup", archive, "--data", installation.folder, DATABASE_URL=old)
    assert made.returncode == 0, made.stderr
    installation.stop()

    target = tmp_path / "moved"
    refused = run_command("restore", archive, "--data", target, "--lang", "en", DATABASE_URL="")
    assert refused.returncode == 2
    assert "Set DATABASE_URL" in refused.stderr
    occupied = run_command("restore", archive, "--data", target, "--lang", "en", DATABASE_URL=old)
    assert occupied.returncode == 2
    assert "has tables already" in occupied.stderr
    assert not target.exists()

    done = run_command("restore", archive, "--data", target, DATABASE_URL=new)
    assert done.returncode == 0, done.stderr
    assert mails(new) == [("one", "sent")]
    moved = start("moved", DATABASE_URL=new)
    moved.wait_until_ready()
    assert run_command("check", "--data", target, "--lang", "en", DATABASE_URL=new).stdout.count("PostgreSQL") == 1


def test_voices_and_what_the_listener_knows_move_along(
    start: Callable[..., Installation], postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = new_database(postgresql_server), new_database(postgresql_server)
    folder, target, archive = tmp_path / "data", tmp_path / "moved", tmp_path / "backup.tar.gz"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("DATABASE_URL", old)
    cast = [sys.executable, "-m", "benchmarks.intake.cast", folder, "1"]
    (token,) = json.loads(subprocess.run(cast, env=environment(), stdout=subprocess.PIPE, check=True).stdout)
    installation = start("data")
    installation.wait_until_ready()
    _push(installation, token, number=1)
    eventually(lambda: heard(old) == (20, 20), what="the voices are in the log and in the picture", seconds=240)
    made = run_command("backup", archive, "--data", folder)
    assert made.returncode == 0, made.stderr
    _push(installation, token, number=2)
    installation.stop()

    monkeypatch.setenv("DATABASE_URL", new)
    done = run_command("restore", archive, "--data", target)
    assert done.returncode == 0, done.stderr
    assert heard(new) == (20, 20), "of the moment of the backup"
    for path, digest in segments(new):
        assert hashlib.sha256((target / "voices" / path).read_bytes()).hexdigest() == digest
    moved = start("moved")
    moved.wait_until_ready()
    _push(moved, token, number=2)
    _push(moved, token, number=3)
    eventually(lambda: heard(new) == (60, 60), what="listening goes on where it was", seconds=240)
    checked = run_command("check", "--data", target, "--lang", "en")
    assert "missing" not in checked.stdout


def _push(installation: Installation, token: str, *, number: int) -> None:
    voices = [{"id": f"{number}-{row}", "text": f"Nước ngập thôn {number}, nhà {row}."} for row in range(20)]
    answer = httpx.post(
        f"{installation.address}/api/v1/sources/{SOURCE}/voices",
        json={"voices": voices},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"batch-{number:04}"},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text


def heard(url: str) -> tuple[int, int]:
    """How many voices are in the log, and how many the picture counts."""
    with psycopg.connect(url) as connection:
        logged = connection.execute("SELECT coalesce(sum(voices), 0) FROM voices_logsegment").fetchone()
        shown = connection.execute("SELECT coalesce(max(seq), 0) FROM issues_picture").fetchone()
    assert logged is not None
    assert shown is not None
    return int(logged[0]), int(shown[0])


def segments(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT path, sha256 FROM voices_logsegment").fetchall()


def test_an_archive_of_sqlite_is_not_restored_beside_a_postgresql_database(
    start: Callable[..., Installation], postgresql_server: str, tmp_path
) -> None:
    installation = start("data", DATABASE_URL="")
    installation.wait_until_ready()
    archive = tmp_path / "backup.tar.gz"
    assert run_command("backup", archive, "--data", installation.folder, DATABASE_URL="").returncode == 0
    url = new_database(postgresql_server)
    refused = run_command("restore", archive, "--data", tmp_path / "moved", "--lang", "en", DATABASE_URL=url)
    assert refused.returncode == 2
    assert "Unset DATABASE_URL" in refused.stderr


def test_workers_alone_work_beside_a_serve(
    start: Callable[..., Installation], postgresql_server: str, tmp_path
) -> None:
    url = new_database(postgresql_server)
    installation = start("data", "--workers", "0", DATABASE_URL=url)
    eventually(lambda: installation.get("/healthz").status_code == 200, what="pages are answered")
    assert installation.get("/readyz").json() == {"ready": False, "missing": ["worker"], "lacking": []}
    beside = subprocess.Popen(
        [*COMMAND, "worker", "--data", tmp_path / "beside", "--workers", "2"], env=environment(DATABASE_URL=url)
    )
    try:
        installation.wait_until_ready()
        eventually(lambda: "nhipcau_workers 2.0" in installation.get("/metrics").text, what="both workers live")
    finally:
        beside.terminate()
        assert beside.wait(60) == 0
