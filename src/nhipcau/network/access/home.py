"""Where a person's day begins, and the entries of the navigation that are theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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

    label: Any
    address: str
    is_here: bool


def _works(standing: Standing) -> bool:
    return bool(standing.works_at)


def _sees(standing: Standing) -> bool:
    return standing.sees_all or bool(standing.below) or bool(standing.directs_at)


def _always(_standing: Standing) -> bool:
    return True


PLACES: Final[tuple[tuple[str, Any, Callable[[Standing], bool]], ...]] = (
    ("received_list", _("Received"), _works),
    ("task_list", _("Directives"), _sees),
    ("office_list", _("Offices"), _always),
    ("office_map", _("Map"), _always),
    ("person_list", _("People"), _always),
    ("roster", _("Duty"), _always),
    ("audit_list", _("Audit log"), _always),
)


def navigation_of(person: Person, *, path: str) -> list[Entry]:
    """Give the entries that the person has the right to open."""
    standing = standing_of(person)
    found = []
    for name, label, is_of_use in PLACES:
        right = RIGHTS.get(name)
        if right is None or not right.allows(standing) or not is_of_use(standing):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        found.append((label, address))
    here = max((address for _label, address in found if path.startswith(address)), key=len, default="")
    return [Entry(label, address, address == here) for label, address in found]


def first_page_of(person: Person) -> str:
    """Give where somebody begins: the board for who oversees, what came for who works at a point."""
    standing = standing_of(person)
    if _sees(standing):
        return reverse("task_list")
    return reverse("received_list") if _works(standing) else reverse("profile")
