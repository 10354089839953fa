"""What the tests of directives share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.network.tasks.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """The offices and people."""
    return make_cast()
