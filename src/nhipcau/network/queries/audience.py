"""Who gets a directive: points, areas, roles and saved groups become units, each once, with the addresses to write to.

Only reads; `actions/tasks/issuing.py` sends. The number of queries does not grow with the number of units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from nhipcau.network.models.offices import ContactRoute, LinkKind, Office, OfficeGroup, OfficeKind, OfficeLink
from nhipcau.network.models.people import Membership

WORKING_ROLES = ("leader", "analyst", "officer")


@dataclass(frozen=True, slots=True)
class Audience:
    """What the issuer chose; offices of all four kinds of choice are joined."""

    offices: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()  # the points that they coordinate, not the area offices themselves
    roles: frozenset[str] = frozenset()  # the people in these roles, wherever the issuer directs
    groups: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.offices or self.areas or self.roles or self.groups)


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address of a unit, with its person where it is a person's."""

    email: str
    language: str
    person_id: int | None = None
    name: str = ""


@dataclass(slots=True)
class Unit:
    """One office that will get the directive."""

    office: Office
    area: Office | None = None
    role: str = ""
    addresses: list[Address] = field(default_factory=list)


def resolve(audience: Audience, *, owner_ids: Iterable[int], directed: Q, on: date) -> list[Unit]:
    """The units of an audience among the offices that the issuer directs, by name, each once.

    `owner_ids` are the offices whose saved groups may be used; `directed` is a condition on offices.
    """
    chosen = set(audience.offices)
    if audience.groups:
        chosen |= set(
            OfficeGroup.objects.filter(
                pk__in=audience.groups, owner__in=list(owner_ids), members__isnull=False
            ).values_list("members", flat=True)
        )
    if audience.areas:
        chosen |= set(
            OfficeLink.objects.filter(
                _current(on), parent__in=audience.areas, office__kind=OfficeKind.POINT
            ).values_list("office", flat=True)
        )
    by_role: dict[int, set[str]] = defaultdict(set)
    if audience.roles:
        seats = Membership.objects.filter(_current(on), role__in=audience.roles, person__is_active=True)
        for office_id, role in seats.values_list("office", "role"):
            by_role[office_id].add(role)
    wanted = Q(pk__in=chosen | by_role.keys())
    offices = Office.objects.filter(directed, wanted, _is_open(on)).order_by("name", "id")
    # an office that was also chosen by itself is addressed as a whole
    units = {
        office.pk: Unit(
            office, role="" if office.pk in chosen or len(by_role[office.pk]) > 1 else min(by_role[office.pk])
        )
        for office in offices
    }
    _add_areas(units, on)
    _add_addresses(units, on)
    return list(units.values())


def _add_areas(units: dict[int, Unit], on: date) -> None:
    links = OfficeLink.objects.filter(_current(on), office__in=units, kind=LinkKind.AREA).select_related("parent")
    for link in links.order_by("-from_on", "-id"):
        units[link.office_id].area = link.parent


def _add_addresses(units: dict[int, Unit], on: date) -> None:
    for unit_id, addresses in addresses_of({key: unit.role for key, unit in units.items()}, on=on).items():
        units[unit_id].addresses = addresses


def addresses_of(roles_by_office: dict[int, str], *, on: date) -> dict[int, list[Address]]:
    """Where to write to offices: their people in the role (any working role when empty), else their own address."""
    found: dict[int, dict[str, Address]] = {office_id: {} for office_id in roles_by_office}
    seats = (
        Membership.objects.filter(_current(on), office__in=roles_by_office, role__in=WORKING_ROLES)
        .filter(person__is_active=True)
        .exclude(person__email="")
        .select_related("person")
        .order_by("id")
    )
    for seat in seats:
        if roles_by_office[seat.office_id] in ("", seat.role):
            person = seat.person
            address = Address(person.email, person.language, person.pk, person.name)
            found[seat.office_id].setdefault(person.email.casefold(), address)
    without = [office_id for office_id, addresses in found.items() if not addresses]
    if without:
        routes = ContactRoute.objects.filter(office__in=without, kind="email").order_by("order", "id")
        for route in routes:
            found[route.office_id].setdefault(route.value.casefold(), Address(route.value, "vi"))
    return {office_id: list(addresses.values()) for office_id, addresses in found.items()}


def _current(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def _is_open(on: date) -> Q:
    return (Q(opened_on__isnull=True) | Q(opened_on__lte=on)) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))
