"""Voices: programs send them in batches."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any, Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Router, Status
from ninja.errors import ValidationError

from nhipcau.api.bearer import person_of
from nhipcau.api.bodies import JSON, LINES, NOT_JSON, body_of, json_of, lines_of, media_type_of
from nhipcau.api.shapes.text import Key, SourceCode
from nhipcau.api.shapes.voices import EXAMPLE, MOST_VOICES, AcceptedOut, accepted_out
from nhipcau.voices.access.pushing import pushable_sources
from nhipcau.voices.actions.intake import take_in
from nhipcau.voices.queries.pressure import require_room, short_patience
from nhipcau.voices.voicefields import Refused

router = Router(tags=["voices"])
LONGEST_BODY: Final = 16 * 2**20
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/VoicesIn"}},
            LINES[0]: {
                "schema": {"type": "string", "description": "A voice a line"},
                "example": f'{{"id": "{EXAMPLE["id"]}", "text": "{EXAMPLE["text"]}"}}\n',
            },
        },
    }
}


@router.post(
    "/sources/{code}/voices",
    response={202: AcceptedOut},
    url_name="source-voices",
    operation_id="send-voices",
    summary="Send voices",
    openapi_extra=BODY,
)
def send_voices(
    request: HttpRequest,
    code: SourceCode,
    key: Annotated[Key, Header(alias="Idempotency-Key", description="8 to 64 signs that name this batch, once")],
) -> Status[AcceptedOut]:
    """Send up to 1,000 voices of a source, as one JSON object or as lines of JSON, gzipped or not, up to 16 MiB.

    What the answer calls accepted is safe. Sent again with the same Idempotency-Key it is answered the same and nothing
    is doubled. 429 and 503 took nothing: wait as long as Retry-After says and send the same again, with the same key.
    Authors, ids and personal data in texts are blacked out or made unreadable before anything is kept.
    """
    require_room()
    source = get_object_or_404(pushable_sources(person_of(request)), code=code)
    media_type, body = media_type_of(request), body_of(request, limit=LONGEST_BODY)
    voices = _voices(media_type, body)
    fingerprint = sha256(media_type.encode() + b"\0" + body).hexdigest()
    with short_patience():
        receipt = take_in(
            source=source, voices=voices, route="push", key=key, fingerprint=fingerprint, at=timezone.now()
        )
    return Status(202, accepted_out(receipt))


def _voices(media_type: str, body: bytes) -> list[Any]:
    if media_type == JSON:
        given = json_of(body)
        if not isinstance(given, dict):
            raise _wrong("model_attributes_type")
        if unknown := sorted(given.keys() - {"voices"}):
            raise _wrong("extra_forbidden", unknown[0][:100])
        if "voices" not in given:
            raise _wrong("missing", "voices")
        voices = given["voices"]
        if not isinstance(voices, list):
            raise _wrong("list_type", "voices")
    else:
        voices = [Refused(0, "", "json") if one is NOT_JSON else one for one in lines_of(body)]
    if not voices:
        raise _wrong("too_short", "voices", min_length=1)
    if len(voices) > MOST_VOICES:
        raise _wrong("too_long", "voices", max_length=MOST_VOICES)
    return voices


def _wrong(kind: str, *where: str, **values: int) -> ValidationError:
    return ValidationError([{"type": kind, "loc": ("body", "body", *where), "ctx": values}])
