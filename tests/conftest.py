"""What most tests stand on: a small sample of the made-up province, written once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from tests.emptying import log_that_tests_can_empty

from nhipcau.engine.sample.writing import SampleSummary, write_sample

__all__ = ["log_that_tests_can_empty"]  # a fixture of every test

# the first example may compile a kernel: no time limit for one example, pytest-timeout guards the test
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """Four days of 400 posts."""
    return write_sample(tmp_path_factory.mktemp("sample") / "sample.jsonl", days=4, posts_per_day=400, seed=7)


@pytest.fixture
def sample_lines(sample: SampleSummary) -> list[str]:
    """The sample's lines."""
    return Path(sample.path).read_text("utf-8").splitlines(keepends=True)
