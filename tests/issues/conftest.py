"""What the tests of this room share."""

from __future__ import annotations

import pytest

from tests.network.tasks.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The offices and people."""
    return make_cast()
