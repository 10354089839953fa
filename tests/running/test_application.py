"""Pages go to threads that are kept, streams to the loop; which is which stands in the address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.urls import URLPattern, URLResolver, get_resolver

from nhipcau.running.application import is_stream, make_application

TOKEN = b"a" * 32


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield path, each.callback
        else:
            yield from patterns(each, path)


def test_addresses_that_stream_and_only_they_end_as_streams_do() -> None:
    found = {f"/{path}": iscoroutinefunction(view) for path, view in patterns(get_resolver())}
    assert len(found) > 20
    assert any(found.values())
    streams = {path for path, is_async in found.items() if is_async} | {"/api/v1/picture/events"}  # answers by a stream
    assert streams == {path for path in found if is_stream(path)}


async def ask(path: str, *, body: bytes = b"", method: str = "GET") -> tuple[int, bytes]:
    """One request, as a server would hand it over."""
    sent: list[Any] = []
    asked = asyncio.Queue[Any]()
    await asked.put({"type": "http.request", "body": body[:3], "more_body": bool(body)})
    if body:
        await asked.put({"type": "http.request", "body": body[3:], "more_body": False})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"cookie", b"csrftoken=" + TOKEN),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    await make_application().application(scope, asked.get, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/none/at/all", 404)])
@pytest.mark.django_db(transaction=True)
def test_pages_are_answered(path: str, status: int) -> None:
    assert asyncio.run(ask(path))[0] == status


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_in_parts_is_read_whole() -> None:
    # only whole does the form's token fit the cookie; without it the answer is 403
    form = b"csrfmiddlewaretoken=" + TOKEN
    assert asyncio.run(ask("/healthz", method="POST", body=form[:-1]))[0] == 403
    assert asyncio.run(ask("/healthz", method="POST", body=form))[0] == 405
