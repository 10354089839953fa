"""The live board: the page, its part for polling, and the stream of what changes (server-sent events)."""

from __future__ import annotations

import time
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from nhipcau.network.access.tasks import standing_of, visible_recipients, visible_tasks
from nhipcau.network.models.people import Person
from nhipcau.network.models.tasks import Task
from nhipcau.network.queries.board import Version, changed_since, tally_of, tiles_of, version_of, with_newest_event
from nhipcau.network.taskstates import State
from nhipcau.network.views.person import person_of
from nhipcau.site import streams

_versions: streams.Shared[Version] = streams.Shared()
_parts: streams.Shared[str] = streams.Shared(seconds=2 * streams.LOOK_SECONDS, most=100)


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
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
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
    language = translation.get_language() or "vi"

    async def look(since: int) -> tuple[int, str]:
        version = await _versions.get(task.pk, lambda: streams.read_apart(version_of)(task.pk))
        newest = version.newest
        part = await _part(person, task, since=since, newest=newest, language=language) if newest > since else ""
        return newest, part

    return streams.stream(look, since=streams.since_of(request))


def _looked_up(request: HttpRequest, task_id: int) -> tuple[Person, Task]:
    """Who asks for which board. The connection that this used goes back: a stream must not hold one for minutes."""
    person = person_of(request)
    task = get_object_or_404(visible_tasks(person), pk=task_id)
    close_old_connections()
    return person, task


def changed_part(person: Person, task: Task, *, since: int, language: str) -> str:
    """The tiles and rows of what changed after an event among what the person sees, with the figures; else nothing."""
    mine = visible_recipients(person).filter(task=task)
    now = timezone.now()
    changed = tiles_of(changed_since(task, mine, event_id=since), now=now)
    if not changed:
        return ""
    said_now = Task.objects.select_related("issuing_office").get(pk=task.pk)  # it may have been corrected
    values = {"task": said_now, "tiles": changed, "tally": tally_of(tiles_of(mine, now=now))}
    with translation.override(language):
        return render_to_string("network/tasks/board_changes.html", values)


async def _part(person: Person, task: Task, *, since: int, newest: int, language: str) -> str:
    """What changed; for all who see everything it is the same, and is made once."""
    read = streams.read_apart(changed_part)
    if not standing_of(person).sees_all:
        return await read(person, task, since=since, language=language)
    key = (task.pk, since, newest, language)
    return await _parts.get(key, lambda: read(person, task, since=since, language=language))
