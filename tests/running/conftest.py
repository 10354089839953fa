"""Installations that tests start, and a PostgreSQL server for those that need one beside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.installations import Installation
from tests.postgresql import new_database


@pytest.fixture
def start(tmp_path: Path, own_database: None) -> Iterator[Callable[..., Installation]]:
    """Start installations; they are stopped at the end."""
    started: list[Installation] = []

    def start_one(name: str = "data", *options: str, **changes: str) -> Installation:
        started.append(Installation(tmp_path / name, *options, **changes))
        return started[-1]

    yield start_one
    for installation in started:
        installation.stop()


@pytest.fixture
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the processes that a test starts a database of their own, where the tests run on PostgreSQL."""
    if url := os.environ.get("DATABASE_URL"):
        monkeypatch.setenv("DATABASE_URL", new_database(url))
