"""The live feed for programs: it needs a token, tells each new version once, and goes on from what is known."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from nhipcau.issues.models.issues import Picture
from nhipcau.site import streams
from tests.api.programs import program
from tests.issues.pages.cast import make_picture
from tests.network.tasks.cast import Cast

ADDRESS = "/api/v1/picture/events"


@pytest.mark.django_db(transaction=True)
def test_program_is_told_of_a_new_picture(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.05)
    token = program(cast.analyst).token
    make_picture(version=7)

    async def listen(address: str, **headers: str) -> list[str]:
        answer: Any = await AsyncClient().get(address, headers={"Authorization": f"Bearer {token}"} | headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream")
        pieces: AsyncIterator[bytes] = answer.streaming_content
        heard = [(await anext(pieces)).decode()]
        await sync_to_async(Picture.objects.update)(version=8)
        heard.append((await asyncio.wait_for(anext(pieces), 20)).decode())
        await sync_to_async(connections.close_all)()
        return heard

    for address, headers in ((f"{ADDRESS}?since=7", {}), (ADDRESS, {"Last-Event-ID": "7"})):
        first, second = asyncio.run(listen(address, **headers))
        assert first.startswith("retry:")
        number, kind, data = second.strip().splitlines()
        assert (number, kind) == ("id: 8", "event: change")
        assert json.loads(data.removeprefix("data: ")) == {"version": 8}


def test_who_may_not_read_issues_gets_no_stream(cast: Cast):
    assert program(cast.officer).get("/picture/events").status_code == 403
    assert program(cast.analyst, scopes=["tasks:read"]).get("/picture/events").status_code == 403
    refused = program(cast.leader).get("/picture/events", {"since": "-1"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "query.since")
