"""The web server of each test, and the fence around the tests."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from tests.feeds.feed_server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that tries to leave this machine fails, whatever it expected."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        assert str(host).startswith("127.") or host == "::1", f"a test tried to reach {address}"
        connect(self, address)  # type: ignore[arg-type]

    def unresolved(host: str, *arguments: object, **options: object) -> list[object]:
        raise socket.gaierror(f"no names in tests: {host}")

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr("nhipcau.feeds.connections.socket.getaddrinfo", _numeric_only(socket.getaddrinfo, unresolved))


def _numeric_only(real: Callable[..., object], refuse: Callable[..., object]) -> Callable[..., object]:
    def getaddrinfo(host: str, *arguments: object, **options: object) -> object:
        is_number = str(host).replace(".", "").isdecimal() or ":" in str(host)
        return (real if is_number else refuse)(host, *arguments, **options)

    return getaddrinfo
