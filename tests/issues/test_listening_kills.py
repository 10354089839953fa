"""Processes are killed at random while voices are pushed, heard and told in briefs: all is as if none had been.

A few kills here; fifty with `python -m benchmarks.crashes.listening`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crashes.listening.driver import run
from benchmarks.installations import free_port
from tests.postgresql import new_database

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(900)]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_voices_issues_and_briefs_are_those_of_an_unbroken_run(
    tmp_path: Path, postgresql_server: str, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database(postgresql_server) if database == "postgresql" else "")
    outcome = run(tmp_path / "data", kills=4, seed=2, port=free_port(), voices=800)
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == 4
    assert outcome.figures["voices"] > 100
    assert outcome.figures["issues"] > 0
    assert outcome.figures["briefs sent"] > 0
