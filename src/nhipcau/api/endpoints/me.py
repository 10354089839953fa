"""Who asks."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from nhipcau.api.bearer import token_of
from nhipcau.api.shapes.me import Me, me_of

router = Router(tags=["me"])


@router.get("/me", response=Me, url_name="me", operation_id="me", summary="Who asks")
def me(request: HttpRequest) -> Me:
    """The person in whose name the token speaks, their seats now, and what the token may do."""
    return me_of(token_of(request))
