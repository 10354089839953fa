"""Where a person's day begins, and the entries of the navigation that are theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.network.access.rights import RIGHTS
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.models.people import Person
from nhipcau.network.standing import Standing


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that the navigation leads to."""

    label: Any = field(compare=False)  # it follows from the address
    address: str
    is_here: bool


def _works(standing: Standing) -> bool:
    return bool(standing.works_at)


def _sees(standing: Standing) -> bool:
    return standing.sees_all or bool(standing.below) or bool(standing.directs_at)


def _always(_standing: Standing) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Place:
    """An entry before anybody is asked about; the lowest number stands first."""

    order: int
    name: str
    label: Any
    is_of_use: Callable[[Standing], bool] = _always


_PLACES: Final[list[Place]] = [
    Place(50, "received_list", _("Received"), _works),
    Place(60, "task_list", _("Directives"), _sees),
    Place(70, "office_list", _("Offices")),
    Place(75, "office_map", _("Map")),
    Place(80, "person_list", _("People")),
    Place(85, "roster", _("Duty")),
    Place(90, "audit_list", _("Audit log")),
]
_FIRST_PAGES: Final[list[str]] = []


def lead_to(place: Place, *, is_first_page: bool = False) -> None:
    """Add a room's entry to the navigation, when it starts; on a first page the day begins for who may open it."""
    if place.name not in {known.name for known in _PLACES}:
        _PLACES.append(place)
        _PLACES.sort(key=lambda one: one.order)
    if is_first_page and place.name not in _FIRST_PAGES:
        _FIRST_PAGES.append(place.name)


def navigation_of(person: Person, *, path: str) -> tuple[Entry, ...]:
    """Give the entries that the person has the right to open."""
    standing = standing_of(person)
    found = []
    for place in _PLACES:
        right = RIGHTS.get(place.name)
        if right is None or not right.allows(standing) or not place.is_of_use(standing):
            continue
        if address := _address(place.name):
            found.append((place.label, address))
    here = max((address for _label, address in found if path.startswith(address)), key=len, default="")
    return tuple(Entry(label, address, address == here) for label, address in found)


@cache
def _address(name: str) -> str:
    """The address of a page, or nothing where this installation has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def first_page_of(person: Person) -> str:
    """Give where somebody begins: the board for who oversees, what came for who works at a point."""
    standing = standing_of(person)
    for name in _FIRST_PAGES:
        if RIGHTS[name].allows(standing):
            return reverse(name)
    if _sees(standing):
        return reverse("task_list")
    return reverse("received_list") if _works(standing) else reverse("profile")
