"""Large bodies of requests: read up to a limit, unzipped up to the same, and taken apart as JSON or as lines of it."""

from __future__ import annotations

import json
import zlib
from typing import Any, Final, Protocol

import orjson
from django.http import HttpRequest
from ninja.errors import HttpError

JSON: Final = "application/json"
LINES: Final = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines")
BLOCK: Final = 1 << 18
NOT_JSON: Final = object()
"""Stands for a line that is no JSON."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def media_type_of(request: HttpRequest) -> str:
    """JSON or lines of JSON; anything else is refused (415)."""
    said = request.headers.get("Content-Type", JSON).partition(";")[0].strip().lower() or JSON
    if said == JSON:
        return JSON
    if said in LINES:
        return LINES[0]
    raise HttpError(415, "media type")


def body_of(request: HttpRequest, *, limit: int) -> bytes:
    """Read a body, gzipped or not; what is longer than the limit, zipped or unzipped, is refused (413)."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower() or "identity"
    if coding not in ("identity", "gzip"):
        raise HttpError(415, "content coding")
    sent = _read(request, limit)
    return sent if coding == "identity" else _unzipped(sent, limit)


def _read(request: HttpRequest, limit: int) -> bytes:
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limit:
        raise HttpError(413, "too long")
    stream: Any = request
    if not length and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        stream = request.META.get("wsgi.input")  # Django reads nothing where no length is told
    read: _Readable = stream
    parts: list[bytes] = []
    size = 0
    while size <= limit and (block := read.read(BLOCK)):
        parts.append(block)
        size += len(block)
    if size > limit:
        raise HttpError(413, "too long")
    return b"".join(parts)


def _unzipped(sent: bytes, limit: int) -> bytes:
    out: list[bytes] = []
    size = 0
    while sent:
        member = zlib.decompressobj(wbits=31)
        try:
            block = member.decompress(sent, limit + 1 - size)
        except zlib.error as error:
            raise HttpError(400, "gzip") from error
        out.append(block)
        size += len(block)
        if size > limit:
            raise HttpError(413, "too long")
        if not member.eof:
            raise HttpError(400, "gzip ends too early")
        sent = member.unused_data
    return b"".join(out)


def json_of(body: bytes) -> Any:
    """Read JSON; what the standard library takes beyond the grammar (half characters, NaN) is taken too."""
    found = _json(body)
    if found is NOT_JSON:
        raise HttpError(400, "JSON")
    return found


def lines_of(body: bytes) -> list[Any]:
    """Read a value from each line that is not blank; `NOT_JSON` stands for a line that cannot be read."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    try:
        values = orjson.loads(b"[" + b",".join(lines) + b"]")
    except orjson.JSONDecodeError:
        values = []
    # all at once is faster; what does not come out even is read line by line
    return values if len(values) == len(lines) else [_json(line) for line in lines]


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            return json.loads(text, strict=False, parse_constant=lambda _name: None)
        except (ValueError, RecursionError):
            return NOT_JSON
