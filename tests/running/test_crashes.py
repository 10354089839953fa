"""Processes are killed at random while directives are sent, acknowledged and reminded: nothing is lost or doubled.

A few kills here; fifty with `python -m benchmarks.crashes`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.crashes.driver import run
from benchmarks.installations import free_port


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_or_half_written(tmp_path: Path, own_database: None) -> None:
    outcome = run(tmp_path / "data", kills=10, seed=3, port=free_port())
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == 10
    assert outcome.figures["directives"] >= 12
    assert outcome.figures["acknowledgements"] > 20
    assert outcome.figures["reminders"] > 20
    assert outcome.figures["mails uncertain"] <= 10
