"""The API as a whole: its operations, its errors, and its description (OpenAPI 3.1)."""

from __future__ import annotations

import functools
import inspect
import logging
import re
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema

from nhipcau.api import words  # noqa: F401  # registers the words of its errors
from nhipcau.api.bearer import Bearer
from nhipcau.api.endpoints import (
    alert_rules,
    alerts,
    audit,
    briefs,
    files,
    issue_work,
    issues,
    live,
    me,
    offices,
    overseeing,
    recipients,
    sources,
    tasks,
    voices,
)
from nhipcau.api.limits import TooOften
from nhipcau.api.problems import MEDIA_TYPE, Problem, problem, problem_of, problem_of_shape
from nhipcau.api.rights import NEEDS
from nhipcau.api.shapes.voices import VoicesIn
from nhipcau.site.errors import DomainError

log = logging.getLogger(__name__)
DESCRIPTION: Final = """\
What offices and directives are, for programs. Make a token on the page "API tokens" and send it as
`Authorization: Bearer nhipcau_…`. A token never may more than its person, nor more than its scopes.

Lists come in pages: `next` is the `cursor` of the following one. Every GET has an ETag for If-None-Match. Errors are
problems (RFC 9457) in the language of Accept-Language, Vietnamese where it names neither vi nor en.
"""
ALWAYS: Final = {
    401: "Token needed",
    403: "Not allowed",
    422: "Does not hold",
    429: "Too many requests",
    503: "Not possible for the moment",
}
ON_WRITING: Final = {400: "Not readable", 409: "It has changed meanwhile"}
WITH_LARGE_BODY: Final = {413: "Too much at once", 415: "Not in a form that is taken"}
DATABASE_AWAY_SECONDS: Final = 5


class House(NinjaAPI):
    """An API whose description also names what can go wrong."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        """Describe it, with problems, scopes, headers and 304; once, because it does not change."""
        if self._described is None:
            self._described = self._describe(**asked)
        return self._described

    def _describe(self, **asked: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**asked)
        for shape in (Problem, VoicesIn):
            inner = shape.model_json_schema(ref_template=REF_TEMPLATE)
            schema["components"]["schemas"].update({**inner.pop("$defs"), shape.__name__: inner})
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                _complete(operation, path=path, method=method.upper())
        return schema


def _complete(operation: dict[str, Any], *, path: str, method: str) -> None:
    said = ALWAYS | (ON_WRITING if method in ("POST", "PUT") else {})
    # only an address with a number, or a filter by one office, can lead to nothing
    if "{" in path or any(one["name"] == "office" for one in operation["parameters"]):
        said = said | {404: "Not found"}
    if 202 in operation["responses"]:
        said = said | WITH_LARGE_BODY
    if method == "GET" and "text/event-stream" not in operation["responses"][200].get("content", {}):
        operation["responses"][200]["headers"] = _header("ETag", "string", "To be sent as If-None-Match to poll")
        operation["responses"][304] = {"description": "Nothing has changed since the ETag of If-None-Match"}
    if 201 in operation["responses"]:
        operation["responses"][201]["headers"] = _header("Location", "string", "Where it can be read")
    for status, description in said.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][status] = {"description": description, "content": content}
    for status in (429, 503):
        operation["responses"][status]["headers"] = _header("Retry-After", "integer", "Seconds to wait")
    need = NEEDS.get((method, resolve(re.sub(r"{\w+}", "1", path)).url_name or ""))
    if need and need.scope:
        operation["description"] = f"{operation['description']}\n\nThe token needs the scope `{need.scope}`."


def _header(name: str, kind: str, description: str) -> dict[str, Any]:
    return {name: {"description": description, "schema": {"type": kind}}}


api = House(
    title="Nhịp Cầu",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=Bearer(),
    docs_url=None,
)


def known_filters(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse filters that an operation does not have: a slip in a name would else give everything."""
    names = frozenset(inspect.signature(operation).parameters)

    @functools.wraps(operation)
    def asked(request: HttpRequest, *args: Any, **given: Any) -> Any:
        if unknown := [name for name in request.GET if name not in names]:
            raise ValidationError([{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown])
        return operation(request, *args, **given)

    return asked


api.add_decorator(known_filters)
for _subject in (
    me,
    offices,
    tasks,
    files,
    recipients,
    overseeing,
    sources,
    voices,
    issues,
    live,
    issue_work,
    alerts,
    alert_rules,
    briefs,
    audit,
):
    api.add_router("", _subject.router)


@api.exception_handler(DomainError)
def refused(_request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer what an action refused, and when to come back where it says so."""
    response = problem_of(error)
    if error.status in (429, 503):
        response.headers["Retry-After"] = str(error.values.get("seconds", DATABASE_AWAY_SECONDS))
    return response


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def database_away(_request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """Ask to come back: the database is busy, away or full, and nothing was done."""
    log.error("the database did not answer: %s", type(error).__name__)
    response = problem(status=503, code="database-away")
    response.headers["Retry-After"] = str(DATABASE_AWAY_SECONDS)
    return response


@api.exception_handler(ValidationError)
def misshapen(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what does not fit the description."""
    return problem_of_shape(error)


@api.exception_handler(Http404)
def nothing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer that there is nothing, or nothing that may be seen."""
    return problem(status=404, code="not-found")


@api.exception_handler(AuthenticationError)
def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Ask for a token."""
    response = problem(status=401, code="token-needed")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(TooOften)
def too_often(_request: HttpRequest, error: TooOften) -> HttpResponse:
    """Ask for patience."""
    response = problem(status=429, code="too-many-requests")
    response.headers["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(HttpError)
def unreadable(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what could not be read."""
    code = {413: "request-too-large", 415: "request-form-unknown"}.get(error.status_code, "request-unreadable")
    return problem(status=error.status_code, code=code)
