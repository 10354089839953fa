"""HTTP connections that go only where they may, and end in time. Which addresses may be visited: `addresses.py`.

The guard sits where the socket is opened, so that there is no way around it: a name is resolved once, every answer is
checked, and the connection goes to exactly a checked address, while `Host` and the TLS name stay those of the URL.
A name that changes its answer between check and use (DNS rebinding) has nothing to gain.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Final

import httpcore
import httpx

from nhipcau import __version__
from nhipcau.feeds.addresses import is_allowed, literal_address
from nhipcau.feeds.errors import FeedError

Resolver = Callable[[str, int], list[str]]
"""Host name and port → addresses as text."""

USER_AGENT: Final = f"nhipcau/{__version__} (reader of public feeds)"
MOST_ADDRESSES: Final = 4
"""A host with many addresses is tried at this many of them."""


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a host by the system's resolver, in its order, each once."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Deadline:
    """The moment at which everything about one fetch must be over, the slowest drip of bytes included."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def limit(self, timeout: float | None) -> float:
        """Return the shorter of a time-out and what is left; raise `httpcore.ReadTimeout` when nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("total time is over")
        return left if timeout is None else min(timeout, left)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.limit(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.limit(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.limit(timeout))
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens sockets for `httpcore`: resolves, checks, then connects to what it checked."""

    def __init__(self, *, deadline: Deadline, resolver: Resolver, allow_private: bool) -> None:
        self._deadline = deadline
        self._resolver = resolver
        self._allow_private = allow_private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address of `host` that answers."""
        literal = literal_address(host)
        answers = [str(literal)] if literal is not None else self._resolved(host, port, self._deadline.limit(timeout))
        for answer in answers:
            if not is_allowed(ip_address(answer), allow_private=self._allow_private):
                raise FeedError("feed.private-address", host=host, address=answer)
        failure: Exception = httpcore.ConnectError("no address")
        for answer in answers[:MOST_ADDRESSES]:
            try:
                stream = self._sockets.connect_tcp(
                    answer, port, self._deadline.limit(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failure

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """Refused: no feed lives in a socket of this machine."""
        raise FeedError("feed.private-address", host=path, address=path)

    def _resolved(self, host: str, port: int, timeout: float) -> list[str]:
        """Ask the resolver in a thread of its own, because the system's has no time-out."""
        answers: list[str] = []
        failures: list[Exception] = []

        def ask() -> None:
            try:
                answers.extend(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                failures.append(error)

        thread = threading.Thread(target=ask, daemon=True, name=f"resolve {host}")
        thread.start()
        thread.join(timeout)
        if thread.is_alive():
            raise httpcore.ConnectTimeout("the resolver did not answer")
        if failures or not answers:
            raise FeedError("feed.no-such-host", host=host)
        return list(answers)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class GuardedTransport(httpx.BaseTransport):
    """`httpx` over a `GuardedBackend`. One transport serves one fetch with its redirects: the deadline is its own."""

    def __init__(self, backend: GuardedBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=1,
            http1=True,
            http2=False,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; nothing is retried and no redirect is followed here."""
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status, headers=response.headers, stream=_Body(response), extensions={}
        )

    def close(self) -> None:
        """Close what is still open."""
        self._pool.close()

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()


def guarded_client(
    *, timeout_seconds: float, total_seconds: float, allow_private: bool = False, resolver: Resolver = resolve
) -> httpx.Client:
    """Make a client for one fetch: guarded, without redirects, proxies or the environment's settings.

    Parameters
    ----------
    timeout_seconds
        Longest wait for a connection, and for each next bytes.
    total_seconds
        Longest time for everything that the client does.
    allow_private
        Also visit this machine and private networks (never multicast, reserved or metadata addresses).
    resolver
        Who answers for host names.
    """
    backend = GuardedBackend(deadline=Deadline(total_seconds), resolver=resolver, allow_private=allow_private)
    return httpx.Client(
        transport=GuardedTransport(backend),
        timeout=timeout_seconds,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
    )
