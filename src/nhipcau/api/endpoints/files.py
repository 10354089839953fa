"""Files of directives and evidence, byte for byte as they are kept."""

from __future__ import annotations

from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from ninja import Router

from nhipcau.api.bearer import person_of
from nhipcau.api.shapes.text import FileName
from nhipcau.network.access.tasks import visible_files
from nhipcau.network.actions.tasks.files import folder
from nhipcau.network.taskfiles import path_of

router = Router(tags=["directives"])
BYTES: Final[dict[str, Any]] = {
    "responses": {
        200: {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    }
}


@router.get(
    "/files/{name}",
    url_name="file",
    operation_id="file",
    summary="A file",
    openapi_extra=BYTES,
)
def file(request: HttpRequest, name: FileName) -> HttpResponseBase:
    """The bytes of a file that goes with a directive, or of evidence; its ETag is the SHA-256 of them."""
    row = get_object_or_404(visible_files(person_of(request)).distinct(), name=name)
    path = path_of(row.name, folder=folder())
    if not path.is_file():
        raise Http404
    etag = f'"{row.sha256}"'
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
    if unchanged is not None:  # asked before the file is opened
        return unchanged
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=row.original_name, content_type=row.content_type
    )
    answer.headers["ETag"] = etag
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
