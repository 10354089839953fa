"""Errors of the API in one shape (RFC 9457, `application/problem+json`), in the language that was asked for.

The words of a `DomainError` are those of the pages; what does not fit the description of the API is worded here.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import ConfigDict, Field

from nhipcau.site.errors import DomainError, words_of

MEDIA_TYPE: Final = "application/problem+json"


class Wrong(Schema):
    """One field that does not hold."""

    field: str = Field(description="Where it stands, such as body.due_at or query.limit")
    problem: str = Field(description="A stable code")
    detail: str = Field(description="What to do about it, in the language of the request")


class Problem(Schema):
    """What is wrong, and what to do about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:nhipcau:problem:task-has-moved",
                    "title": "Not possible now",
                    "status": 409,
                    "code": "task-has-moved",
                    "detail": "This step is no longer possible: the directive is now “Closed” at this unit. "
                    "Look at the page again.",
                    "errors": [],
                }
            ]
        }
    )

    type: str = Field(description="urn:nhipcau:problem: and the code")
    title: str = Field(description="The kind of problem, in the language of the request")
    status: int = Field(description="The status of the answer")
    code: str = Field(description="A stable code")
    detail: str = Field(description="What is wrong here and what to do about it, in the language of the request")
    errors: list[Wrong] = Field(description="The fields that do not hold; empty where it is about no field")


def problem(*, status: int, code: str, detail: str = "", errors: list[Wrong] | None = None) -> HttpResponse:
    """Answer with a problem."""
    title, usual = _words(status)
    said = Problem(
        type=f"urn:nhipcau:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=detail or usual,
        errors=errors or [],
    )
    return JsonResponse(
        said.model_dump(), status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def problem_of(error: DomainError) -> HttpResponse:
    """Answer with what an action refused, and with the field where it names one."""
    detail = words_of(error)
    errors = []
    if isinstance(field := error.values.get("field"), str):
        errors = [Wrong(field=f"body.{field}", problem=str(error.values.get("problem", "")), detail=detail)]
    return problem(status=error.status, code=error.code, detail=detail, errors=errors)


def problem_of_shape(error: ValidationError) -> HttpResponse:
    """Answer with all fields that do not fit the description of the API."""
    errors = [_wrong(one) for one in error.errors]
    return problem(status=422, code="request-invalid", errors=errors)


def _wrong(error: dict[str, Any]) -> Wrong:
    where = [str(part) for part in error.get("loc", ())]
    if where[:1] == ["body"]:  # the second part is the name that a parameter has in our code
        where = where[:1] + where[2:]
    kind, values = str(error.get("type", "")), error.get("ctx") or {}
    return Wrong(field=".".join(where) or "body", problem=kind.replace("_", "-"), detail=_of_shape(kind, values))


def _of_shape(kind: str, values: dict[str, Any]) -> str:
    if kind == "missing":
        return gettext("This is missing. Send it.")
    if kind == "extra_forbidden":
        return gettext("There is no such field. Leave it out, or look up its name in the description of the API.")
    if kind in ("string_too_short", "too_short"):
        return gettext("This is too short: at least %(limit)s.") % {"limit": values.get("min_length", 1)}
    if kind in ("string_too_long", "too_long"):
        return gettext("This is too long: at most %(limit)s.") % {"limit": values.get("max_length", "")}
    if kind in ("literal_error", "enum"):
        return gettext("Choose one of these: %(expected)s.") % {"expected": values.get("expected", "")}
    if kind in ("timezone_aware", "datetime_parsing", "datetime_from_date_parsing", "datetime_type"):
        return gettext("Write a moment with its zone, such as 2026-07-01T17:00:00+07:00.")
    if kind.startswith("date_"):
        return gettext("Write a day, such as 2026-07-01.")
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = values.get("ge", values.get("le", ""))
        return gettext("This number is out of range; the limit is %(limit)s.") % {"limit": limit}
    return gettext("This value is not taken. Look up what the description of the API says of it.")


def _words(status: int) -> tuple[str, str]:
    """The title of a status, and what to do where there is nothing more to say."""
    known = {
        400: (gettext("Not readable"), gettext("What was sent could not be read. Send JSON as the API describes it.")),
        401: (
            gettext("Token needed"),
            gettext("Send a valid token: Authorization: Bearer nhipcau_…; make one on the page of your tokens."),
        ),
        403: (
            gettext("Not allowed"),
            gettext("The token or its person may not do this. Use another token, or ask whoever is in command now."),
        ),
        404: (
            gettext("Not found"),
            gettext("There is nothing here, or nothing that you may see. Look at the address."),
        ),
        405: (gettext("Not done this way"), gettext("This address does not answer this method. Look at Allow.")),
        409: (gettext("Not possible now"), gettext("It has changed meanwhile. Read it again.")),
        410: (gettext("No longer there"), gettext("This has passed.")),
        413: (gettext("Too much at once"), gettext("Send less at a time: fewer voices, shorter texts.")),
        415: (
            gettext("Not in this form"),
            gettext("Send JSON, or lines of JSON (application/x-ndjson), as it is or with gzip."),
        ),
        422: (
            gettext("Does not hold"),
            gettext("Some fields do not hold; errors says which. Mend them and send again."),
        ),
        429: (gettext("Too many requests"), gettext("Wait as long as Retry-After says, then go on more slowly.")),
        503: (
            gettext("Not for the moment"),
            gettext("Nothing was taken. Wait as long as Retry-After says, then send the same again."),
        ),
    }
    broken = (gettext("Broken"), gettext("Something is broken on our side. It was noted; try again later."))
    return known.get(status, broken)
