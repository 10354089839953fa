"""The stream of a board: what changed, to those who see it, with nothing held open in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.http import StreamingHttpResponse
from django.test import AsyncClient

from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.queries.board import version_of
from nhipcau.network.views import board
from nhipcau.site import streams
from tests.network.tasks.cast import Cast, issue, make_cast, recipient_of
from tests.network.tasks.test_correcting import correct


def test_changed_part_has_what_changed_and_the_figures(cast: Cast) -> None:
    task = issue(cast, offices=cast.points)
    since = version_of(task.pk).newest
    assert board.changed_part(cast.leader, task, since=since, language="vi") == ""
    recipient = recipient_of(task, cast.points[1])
    acknowledge_task(by=cast.neighbour, recipient=recipient)
    part = board.changed_part(cast.leader, task, since=since, language="vi")
    assert f'id="tile-{recipient.pk}"' in part
    assert f'id="row-{recipient.pk}"' in part
    assert 'id="tally"' in part
    assert part.count('id="tile-') == 1
    assert "Đã xác nhận" in part
    assert "Acknowledged" in board.changed_part(cast.leader, task, since=since, language="en")


def test_changed_part_has_a_correction_and_who_took_note_of_it(cast: Cast) -> None:
    task = issue(cast, offices=cast.points)
    recipient = recipient_of(task, cast.points[0])
    acknowledge_task(by=cast.officer, recipient=recipient)
    since = version_of(task.pk).newest
    correct(task, cast.leader, title="Chỉ giếng công cộng")
    part = board.changed_part(cast.leader, task, since=since, language="vi")
    assert "<h1>Chỉ giếng công cộng</h1>" in part
    assert part.count('id="tile-') == len(cast.points)
    since = version_of(task.pk).newest
    acknowledge_task(by=cast.officer, recipient=recipient_of(task, cast.points[0]))
    part = board.changed_part(cast.leader, task, since=since, language="vi")
    assert part.count('id="tile-') == 1
    assert f'id="tile-{recipient.pk}"' in part
    newest, corrected = task.events.filter(recipient=recipient).order_by("-id")[:2]
    assert (newest.is_acknowledged_anew, newest.is_correction) == (True, False)
    assert (corrected.is_acknowledged_anew, corrected.is_correction) == (False, True)


def test_changed_part_is_empty_for_who_does_not_see_the_unit(cast: Cast) -> None:
    task = issue(cast, offices=cast.points)
    since = version_of(task.pk).newest
    acknowledge_task(by=cast.neighbour, recipient=recipient_of(task, cast.points[1]))
    assert board.changed_part(cast.officer, task, since=since, language="vi") == ""
    assert board.changed_part(cast.other_area_officer, task, since=since, language="vi") == ""
    assert board.changed_part(cast.area_officer, task, since=since, language="vi")


@pytest.mark.django_db(transaction=True)
def test_stream_tells_of_an_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # an in-memory database is seen by its own thread only: the reads stay in this one
        monkeypatch.setattr(streams, "read_apart", _read_here)
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.05)
    cast = make_cast()
    task = issue(cast, offices=cast.points)
    since = version_of(task.pk).newest
    recipient = recipient_of(task, cast.points[0])

    async def listen() -> list[str]:
        client = AsyncClient()
        await client.aforce_login(cast.leader)
        answer = await client.get(f"/tasks/{task.pk}/board/events?since={since}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/event-stream"
        stream = cast_stream(answer)
        heard = [await anext(stream)]
        await sync_to_async(acknowledge_task)(by=cast.officer, recipient=recipient)
        heard.append(await asyncio.wait_for(anext(stream), 20))
        await stream.aclose()
        await sync_to_async(connections.close_all)()
        return heard

    first, second = asyncio.run(listen())
    assert first.startswith("retry:")
    assert second.startswith(f"id: {version_of(task.pk).newest}\nevent: change\ndata: ")
    assert f'id="tile-{recipient.pk}"' in second


@pytest.mark.django_db(transaction=True)
def test_stranger_gets_no_stream() -> None:
    cast = make_cast()
    task = issue(cast)

    async def ask() -> int:
        client = AsyncClient()
        await client.aforce_login(cast.stranger)
        status: int = (await client.get(f"/tasks/{task.pk}/board/events")).status_code
        await sync_to_async(connections.close_all)()
        return status

    assert asyncio.run(ask()) == 404


def cast_stream(answer: Any) -> AsyncGenerator[str]:
    """The pieces of a streamed answer, as text."""

    async def pieces() -> AsyncGenerator[str]:
        async for piece in cast(AsyncIterator[bytes], cast(StreamingHttpResponse, answer).streaming_content):
            yield piece.decode() if isinstance(piece, bytes) else piece

    return pieces()


def _read_here(function: Any) -> Any:
    return sync_to_async(function)
