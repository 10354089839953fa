"""The cast of the tests of people: that of directives, on a day that stands still."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.network.tasks.cast import Cast, make_cast


@pytest.fixture
def house(db: None, time_machine: Any) -> Cast:
    """Friday, 27 November 2026, nine o'clock in Việt Nam."""
    zone = datetime.timezone(datetime.timedelta(hours=7))
    time_machine.move_to(datetime.datetime(2026, 11, 27, 9, 0, tzinfo=zone), tick=False)
    return make_cast()
