"""Installations that tests start, and a PostgreSQL server for those that need one beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgresql import PostgresqlServer, running_server
from tests.running.installations import Installation


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Start installations; they are stopped at the end."""
    started: list[Installation] = []

    def start_one(name: str = "data", *options: str, **environment: str) -> Installation:
        started.append(Installation(tmp_path / name, *options, **environment))
        return started[-1]

    yield start_one
    for installation in started:
        installation.stop()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    with running_server() as server:
        yield server
