"""Where what a directive came from is shown, for who may open it. Rooms that stand above are known by address alone."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from nhipcau.network.access.rights import RIGHTS
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person


def address_of_origin(person: Person, *, kind: str, ref: str) -> str:
    """Give the address of an issue or a brief (`12`, or `12/1` for its first recommendation); else nothing."""
    number, right = ref.partition("/")[0], RIGHTS.get(kind)
    if right is None or not number.isdecimal() or not right.allows(standing_of(person)):
        return ""
    try:
        return reverse(kind, args=[int(number)])
    except NoReverseMatch:
        return ""
