"""A house that is really visited: the application on a port of this machine, Chromium, the sample province.

`--pictures DIR` also takes the pictures of the guide.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from nhipcau.network.actions.sample_province import make_sample_province
from nhipcau.network.models.people import Person
from nhipcau.running.application import make_application
from tests.journeys.visitor import House
from tests.needs import chromium

PASSWORD = "a word that opens the sample"


@pytest.fixture(scope="module", autouse=True)
def database_beside_a_browser() -> Iterator[None]:
    """Playwright's loop runs in the thread of the test: Django would take every question for one of a coroutine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for the tests of a file: while it is open, its loop runs in their thread, and nobody else's may."""
    program = chromium()
    assert program is not None, "Chromium is missing: python tests/needs.py installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def open_house(
    transactional_db: None, browser: Browser, pictures: Path | None, settings: object
) -> Iterator[Callable[..., House]]:
    """Make the sample province and open it: `open_house(language="en")`."""
    houses: list[House] = []
    with _served() as address:

        def opened(*, language: str = "vi") -> House:
            make_sample_province(password=PASSWORD)
            Person.objects.update(language=language)
            houses.append(House(address, browser, PASSWORD, language=language, pictures=pictures))
            return houses[-1]

        yield opened
        for house in houses:
            house.close()


@pytest.fixture(scope="session")
def pictures(pytestconfig: pytest.Config) -> Path | None:
    folder = pytestconfig.getoption("--pictures", default=None)
    return Path(folder) if folder else None


@contextmanager
def _served() -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        config = uvicorn.Config(make_application().application, log_level="error", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(20)
            connections.close_all()
