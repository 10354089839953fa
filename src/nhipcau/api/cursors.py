"""Pages by cursor: an opaque, signed word that says after which row the next page begins.

Rows that come or go meanwhile shift nothing; a cursor holds for the list that gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from django.core import signing
from pydantic import Field

from nhipcau.site.errors import DomainError

Row = TypeVar("Row")
Limit = Annotated[int, Field(ge=1, le=200, description="How many rows a page has at most")]
Cursor = Annotated[
    str, Field(max_length=500, description="What `next` of the page before says; empty for the first page")
]


class CursorUnknown(DomainError):
    """The cursor was not given out by this list. Values: field, problem."""

    code = "api-cursor-unknown"


def written(last: Any, *, of: str) -> str:
    """Write the cursor that follows a row."""
    return signing.dumps(last, salt=f"nhipcau.api.{of}", compress=False)


def read(cursor: str, *, of: str) -> Any:
    """Read a cursor; None for the first page."""
    if not cursor:
        return None
    try:
        return signing.loads(cursor, salt=f"nhipcau.api.{of}")
    except (signing.BadSignature, ValueError, UnicodeError):
        raise CursorUnknown(problem="unknown") from None


def cut(rows: Sequence[Row], *, limit: int) -> tuple[list[Row], bool]:
    """Give a page of rows of which one more than the limit was asked for, and whether there are more."""
    return list(rows[:limit]), len(rows) > limit
