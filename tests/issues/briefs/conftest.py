"""What the tests of briefs share: the cast of directives, on a morning that stands still, with two issues heard."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from nhipcau.issues.models import Issue
from tests.issues.briefs.cast import make_issue, make_picture
from tests.network.tasks.cast import Cast, make_cast

ZONE = datetime.timezone(datetime.timedelta(hours=7))
MORNING = datetime.datetime(2026, 11, 27, 6, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """Friday, 27 November 2026, six o'clock in Việt Nam; `clock.move_to(…)` goes on."""
    time_machine.move_to(MORNING, tick=False)
    return time_machine


@pytest.fixture
def cast(db: None, clock: Any) -> Cast:
    """The offices and people."""
    return make_cast()


@pytest.fixture
def issues(cast: Cast) -> list[Issue]:
    """One issue that may be quoted, and one that too few people speak of."""
    make_picture(MORNING)
    few = {
        "distinct_authors": 4,
        "voices": 5,
        "heat": 11.0,
        "level": 0,
        "status": "new",
        "heat_parts": {"volume": 11.0},
    }
    return [make_issue(MORNING), make_issue(MORNING, "rác ở chợ Đình", **few)]
