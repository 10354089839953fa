"""Backup and restore of an installation on PostgreSQL, with PostgreSQL's own programs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import psycopg
import pytest

from benchmarks.installations import COMMAND, Installation, environment, eventually, run_command
from tests.postgresql import new_database

pytestmark = [pytest.mark.slow, pytest.mark.processes]


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
