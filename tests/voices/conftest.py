"""What the tests of voices share: offices and people, a source, a data folder of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from nhipcau.voices.models import Source
from tests.network.tasks.cast import Cast, make_cast

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_FOLDER = tmp_path
    cache.clear()
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """The offices and people."""
    return make_cast()


@pytest.fixture
def source(cast: Cast) -> Source:
    """A source of what people say."""
    return Source.objects.create(code="hotline", name="Đường dây nóng", kind="api", owner=cast.hub, created_at=NOW)
