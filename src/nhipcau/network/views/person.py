"""The person who asks: views take it from here, so that what follows deals with people and never with strangers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from nhipcau.network.models.people import Person


def person_of(request: HttpRequest) -> Person:
    """Give the person who is logged in; the table of rights has sent strangers away before."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
