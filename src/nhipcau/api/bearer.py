"""Who asks: the token in the Authorization header, its scope and the right of its person. No session is looked at."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from nhipcau.api.limits import count_refusal, count_request
from nhipcau.api.rights import NEEDS
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.access.tokens import lacks_second_factor, token_for
from nhipcau.network.actions.tokens import note_use
from nhipcau.network.models.people import Person
from nhipcau.network.models.tokens import ApiToken
from nhipcau.site.errors import DomainError, NotAllowed

log = logging.getLogger(__name__)


class ScopeMissing(DomainError):
    """The token was not made for this. Values: scope."""

    code = "api-scope-missing"
    status = 403


class SecondFactorMissing(DomainError):
    """The person must set up a second factor first."""

    code = "api-second-factor-missing"
    status = 403


class Bearer(HttpBearer):
    """A token made on the page "API tokens"."""

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        """Give the token, or nothing after counting the refusal."""
        token: ApiToken | None = super().__call__(request)
        if token is None:
            count_refusal(request)
        return token

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Find the token, count the request, and ask the table of needs."""
        found = token_for(token.strip())
        if found is None:
            return None
        count_request(found.number)
        name = request.resolver_match.url_name if request.resolver_match else ""
        need = NEEDS.get((request.method or "", name or ""))
        if need is None:
            log.error("no right is stated for the operation %s %s", request.method, name)
            raise NotAllowed
        if need.scope and need.scope not in found.scopes:
            raise ScopeMissing(scope=need.scope)
        if lacks_second_factor(found.person):
            raise SecondFactorMissing
        if not need.right.allows(standing_of(found.person)):
            raise NotAllowed
        note_use(found)
        return found


def token_of(request: HttpRequest) -> ApiToken:
    """Give the token of a request that `Bearer` let through."""
    token: Any = getattr(request, "auth", None)
    if not isinstance(token, ApiToken):
        raise NotAllowed
    return token


def person_of(request: HttpRequest) -> Person:
    """Give the person in whose name is asked."""
    return token_of(request).person
