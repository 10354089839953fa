"""Processes are killed at random while directives are sent, acknowledged and reminded: nothing is lost or doubled.

A few kills here; fifty with `python -m benchmarks.crashes`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crashes.driver import run
from benchmarks.installations import free_port
from tests.postgresql import new_database

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(900)]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_half_written(
    tmp_path: Path, postgresql_server: str, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database(postgresql_server) if database == "postgresql" else "")
    outcome = run(tmp_path / "data", kills=6, seed=3, port=free_port())
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == 6
    assert outcome.figures["directives"] >= 12
    assert outcome.figures["acknowledgements"] > 20
    assert outcome.figures["reminders"] > 20
    assert outcome.figures["mails uncertain"] <= 6
