"""The live feed: that the picture has changed, as it happens (server-sent events)."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from django.db import close_old_connections, connection
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router
from pydantic import Field

from nhipcau.issues.queries.picture import picture_version
from nhipcau.site import streams

router = Router(tags=["issues"])
Since = Annotated[int, Field(ge=0, le=2**63 - 1, description="The version that is known already")]
STREAM: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "Events as they happen",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'retry: 5000\n\nid: 813\nevent: change\ndata: {"version": 813}\n\n',
                }
            },
        }
    }
}
_versions: streams.Shared[int] = streams.Shared()


@router.get(
    "/picture/events",
    url_name="picture-events",
    operation_id="picture-events",
    summary="The live feed of the picture",
    openapi_extra=STREAM,
)
def picture_events(request: HttpRequest, since: Since = 0) -> StreamingHttpResponse:
    """Stay connected and be told each new version of the picture; then read `/picture` and `/issues`.

    The stream ends after 15 minutes, or when the server starts anew: connect again with Last-Event-ID, or with `since`.
    The token and the rights of its person are asked when it begins.
    """

    async def look(known: int) -> tuple[int, str]:
        version = await _versions.get("picture", streams.read_apart(picture_version))
        return version, json.dumps({"version": version}) if version > known else ""

    if not connection.in_atomic_block:  # a stream must not hold one for minutes
        close_old_connections()
    seen = request.headers.get("Last-Event-ID", "")
    return streams.stream(look, since=int(seen) if seen.isdecimal() and len(seen) < 19 else since)
