"""What most tests stand on: a small sample of the made-up province, written once, and the command line in process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from nhipcau.cli import main
from nhipcau.engine.sample.writing import SampleSummary, write_sample
from tests.emptying import log_that_tests_can_empty
from tests.postgresql import running_server

__all__ = ["log_that_tests_can_empty"]  # a fixture of every test

# the first example may compile a kernel: no time limit for one example, pytest-timeout guards the test
settings.register_profile("house", deadline=None)
settings.load_profile("house")

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "brief.schema.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """Four days of 400 posts."""
    return write_sample(tmp_path_factory.mktemp("sample") / "sample.jsonl", days=4, posts_per_day=400, seed=7)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server: that on which the tests run already, else one of their own."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with running_server() as started:
        yield started


@pytest.fixture
def sample_lines(sample: SampleSummary) -> list[str]:
    """The sample's lines."""
    return Path(sample.path).read_text("utf-8").splitlines(keepends=True)


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run a command line; its arguments may be anything that is written as a word of it."""
    return run_command


@pytest.fixture
def briefed() -> Callable[..., dict[str, Any]]:
    """Make a brief as JSON and read it: `briefed(file, *arguments)`. It keeps to the schema."""
    return made_brief


def run_command(*arguments: object, fed: str | None = None) -> Result:
    """Run a command line in this process, `fed` on its standard input."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=fed)


def made_brief(out: Path, *arguments: object) -> dict[str, Any]:
    """Run `nhipcau brief` with JSON written to `out`."""
    result = run_command("brief", *arguments, "--json", out)
    assert result.exit_code == 0, result.output
    made: dict[str, Any] = json.loads(out.read_text("utf-8"))
    jsonschema.validate(made, SCHEMA)
    return made


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--pictures DIR`: the journeys also take the pictures of the guide."""
    parser.addoption("--pictures", default=None, help="folder for the pictures of the guide")
