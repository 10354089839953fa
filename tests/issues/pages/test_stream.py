"""The stream of the picture tells each new version once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from nhipcau.issues.models.issues import Picture
from nhipcau.site import streams
from tests.issues.pages.cast import make_picture
from tests.network.tasks.cast import make_cast


@pytest.mark.django_db(transaction=True)
def test_stream_tells_of_a_new_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.05)
    people = make_cast()
    make_picture(version=7)

    async def listen() -> list[str]:
        client = AsyncClient(headers={"accept-encoding": "gzip"})
        await client.aforce_login(people.analyst)
        answer: Any = await client.get("/picture/events?since=7")
        assert "Content-Encoding" not in answer.headers  # what waits to be compressed would not be told at once
        pieces = cast(AsyncIterator[bytes], answer.streaming_content)
        heard = [(await anext(pieces)).decode()]
        await sync_to_async(Picture.objects.update)(version=8)
        heard.append((await asyncio.wait_for(anext(pieces), 20)).decode())
        await sync_to_async(connections.close_all)()
        return heard

    first, second = asyncio.run(listen())
    assert first.startswith("retry:")
    assert second == "id: 8\nevent: change\ndata: 8\n\n"
