"""What the tests of the API share: the cast of the directives, and a client that speaks with a token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nhipcau.running.counting import counts
from tests.api.programs import Program, program
from tests.network.tasks.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_FOLDER = tmp_path
    counts().clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The offices and people."""
    return make_cast()


@pytest.fixture
def leader(cast: Cast) -> Program:
    """A program of the hub's leader."""
    return program(cast.leader)


@pytest.fixture
def officer(cast: Cast) -> Program:
    """A program of the first point's officer."""
    return program(cast.officer)
