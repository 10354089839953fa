"""The live board: the page, its part for polling, and the stream of what changes (server-sent events)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from nhipcau.network.access.tasks import standing_of, visible_recipients, visible_tasks
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import Task
from nhipcau.network.queries.board import Version, changed_since, tally_of, tiles_of, version_of, with_newest_event
from nhipcau.network.taskstates import State
from nhipcau.network.views.person import person_of

LOOK_SECONDS = 2.0
STREAM_SECONDS = 15 * 60  # then the browser opens it anew, and rights are looked up again
BEAT_SECONDS = 20.0
MOST_BOARDS = 500  # whose versions a process remembers
MOST_PARTS = 100  # the same of what changed on them

P = ParamSpec("P")
R = TypeVar("R")


@require_GET
def task_board(request: HttpRequest, task_id: int) -> HttpResponse:
    """All recipients as tiles and as a table, what is late first."""
    person = person_of(request)
    tasks = with_newest_event(visible_tasks(person)).select_related("issuing_office")
    task = get_object_or_404(tasks, pk=task_id)
    return render(request, "network/tasks/board.html", _board(request, person, task))


@require_GET
def task_board_part(request: HttpRequest, task_id: int) -> HttpResponse:
    """The moving part alone, for a browser without the stream; unchanged, it is not sent again."""
    person = person_of(request)
    task = get_object_or_404(visible_tasks(person).select_related("issuing_office"), pk=task_id)
    # what is late changes with the minute, without an event
    etag = f'"{version_of(task.pk)}-{int(time.time() // 60)}-{translation.get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = render(request, "network/tasks/_board.html", _board(request, person, task))
    response.headers["ETag"] = etag
    return response


def _board(request: HttpRequest, person: Person, task: Task) -> dict[str, Any]:
    tiles = tiles_of(visible_recipients(person).filter(task=task), now=timezone.now())
    state, area, only_late = request.GET.get("state", ""), request.GET.get("area", ""), "late" in request.GET
    shown = [
        tile
        for tile in tiles
        if (not state or tile.state == state)
        and (not area or (tile.area is not None and str(tile.area.pk) == area))
        and (not only_late or tile.is_late)
    ]
    areas = {tile.area.pk: tile.area for tile in tiles if tile.area}
    return {
        "task": task,
        "tiles": shown,
        "tally": tally_of(tiles),
        "states": [one for one in State if any(tile.state == one for tile in tiles)],
        "areas": sorted(areas.values(), key=lambda office: office.name),
        "state": state,
        "area": area,
        "only_late": only_late,
        "layout": "table" if request.GET.get("layout") == "table" else "tiles",
        "query": request.GET.urlencode(),
    }


async def task_board_events(request: HttpRequest, task_id: int) -> StreamingHttpResponse:
    """What changes on the board, as it happens: the changed tiles, rows and figures as HTML."""
    person, task = await sync_to_async(_looked_up)(request, task_id)
    seen = request.headers.get("Last-Event-ID") or request.GET.get("since", "0")
    since = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
    stream = _changes(person, task, since=since, language=translation.get_language() or "vi")
    response = StreamingHttpResponse(stream, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _looked_up(request: HttpRequest, task_id: int) -> tuple[Person, Task]:
    """Who asks for which board. The connection that this used goes back: a stream must not hold one for minutes."""
    person = person_of(request)
    task = get_object_or_404(visible_tasks(person), pk=task_id)
    close_old_connections()
    return person, task


async def _changes(person: Person, task: Task, *, since: int, language: str) -> AsyncIterator[str]:
    ends_at = time.monotonic() + STREAM_SECONDS
    yield "retry: 5000\n\n"
    beat_at = time.monotonic()
    while time.monotonic() < ends_at:
        newest = (await _latest(task.pk)).newest
        part = await _part(person, task, since=since, newest=newest, language=language) if newest > since else ""
        since = max(since, newest)
        if part:
            lines = "".join(f"data: {line}\n" for line in part.splitlines() if line.strip())
            yield f"id: {since}\nevent: change\n{lines}\n"
            beat_at = time.monotonic()
        elif time.monotonic() - beat_at > BEAT_SECONDS:
            yield ": still here\n\n"
            beat_at = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)


def changed_part(person: Person, task: Task, *, since: int, language: str) -> str:
    """The tiles and rows of what changed after an event among what the person sees, with the figures; else nothing."""
    mine = visible_recipients(person).filter(task=task)
    now = timezone.now()
    changed = tiles_of(changed_since(task, mine, event_id=since), now=now)
    if not changed:
        return ""
    values = {"task": task, "tiles": changed, "tally": tally_of(tiles_of(mine, now=now))}
    with translation.override(language):
        return render_to_string("network/tasks/board_changes.html", values)


def _read(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Call a function that reads, in a thread of a small pool, and give its connection back at once."""

    def read(*args: P.args, **options: P.kwargs) -> R:
        try:
            return function(*args, **options)
        finally:
            close_old_connections()

    return sync_to_async(read, thread_sensitive=False)


_parts: dict[tuple[int, int, int, str], asyncio.Task[str]] = {}


async def _part(person: Person, task: Task, *, since: int, newest: int, language: str) -> str:
    """What changed; for all who see everything it is the same, and is made once."""
    read = _read(changed_part)
    if not standing_of(person).sees_all:
        return await read(person, task, since=since, language=language)
    key = (task.pk, since, newest, language)
    if key not in _parts or _parts[key].get_loop() is not asyncio.get_running_loop():
        if len(_parts) > MOST_PARTS:
            _parts.clear()
        _parts[key] = asyncio.create_task(read(person, task, since=since, language=language))
        # late tiles turn with the minute, and a fault must not stay
        asyncio.get_running_loop().call_later(2 * LOOK_SECONDS, _parts.pop, key, None)
    return await asyncio.shield(_parts[key])


_versions: dict[int, tuple[float, asyncio.Task[Version]]] = {}


async def _latest(task_id: int) -> Version:
    """The version of a board, asked of the database once for all streams of this process."""
    now, known = time.monotonic(), _versions.get(task_id)
    is_fresh = known is not None and now - known[0] < LOOK_SECONDS / 2
    if known is None or not is_fresh or known[1].get_loop() is not asyncio.get_running_loop():
        if len(_versions) > MOST_BOARDS:
            _versions.clear()
        known = (now, asyncio.create_task(_read(version_of)(task_id)))
        _versions[task_id] = known
    return await asyncio.shield(known[1])
