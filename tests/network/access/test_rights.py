"""Every address × every role and a stranger: all as stated here, by hand, and a new address without a right fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from nhipcau.network.access.rights import RIGHTS
from nhipcau.network.models.people import Membership, Person
from nhipcau.site.middleware.rights import StatedRights
from tests.network.tasks.cast import LONG_AGO, Cast, make_cast

HUB = ("hub administrator", "hub leader", "hub analyst", "auditor")
BELOW = ("area administrator", "area leader", "area officer", "point leader", "point officer")
WITH_SEAT = frozenset(HUB + BELOW)
ALL = WITH_SEAT | {"no seat", "stranger"}
MAY = {
    "anyone": ALL,
    "person": WITH_SEAT | {"no seat"},
    "seat": WITH_SEAT,
    "directing": {"hub leader", "hub analyst", "area leader", "area officer"},
    "network": {"hub administrator"},
    "people": {"hub administrator", "area administrator"},
    "roster": {"hub administrator", "hub leader", "area administrator", "area leader", "point leader"},
    "working": WITH_SEAT - {"auditor"},
    "audit": {"hub administrator", "hub leader", "auditor"},
    "listening": set(HUB),
    "analysing": {"hub administrator", "hub leader", "hub analyst"},
    "sources": {"hub administrator", "hub analyst"},
    "signing briefs": {"hub leader", "hub analyst"},
}
ARGUMENTS = {"int": 987_654_321, "str": "nothing", "slug": "nothing", "path": "nothing", "uuid": "0" * 32}


def addresses() -> Iterator[tuple[str, str]]:
    """The name and an example of every address that the site answers."""
    yield from _addresses(get_resolver().url_patterns, "", "/")


def _addresses(patterns: list[Any], namespace: str, before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        path = before + _example(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern.url_patterns, inner, path)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", path


def _example(pattern: Any) -> str:
    route = str(pattern.pattern)
    if not hasattr(pattern.pattern, "_route"):  # a regular expression of a library
        return re.sub(r"\(\?P<\w+>[^)]*\)", "abc", route).lstrip("^").rstrip("$")
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = {"string": "str"}.get(kind, kind)
        value = str(ARGUMENTS[kind])
        route = route.replace(f"<{kind}:{name}>", value).replace(f"<{name}>", value)
    return route


ADDRESSES = dict(addresses())


@pytest.fixture
def people(db: None) -> dict[str, Person | None]:
    """One person in each role, and a stranger."""
    cast: Cast = make_cast()

    def person(name: str, office: Any, role: str) -> Person:
        made = Person.objects.create_user(email=f"{name}@roles.example", password=None, name=name)
        Membership.objects.create(person=made, office=office, role=role, from_on=LONG_AGO)
        return made

    return {
        "hub administrator": cast.administrator,
        "hub leader": cast.leader,
        "hub analyst": cast.analyst,
        "auditor": cast.auditor,
        "area administrator": person("area-administrator", cast.north, "administrator"),
        "area leader": person("area-leader", cast.north, "leader"),
        "area officer": cast.area_officer,
        "point leader": cast.colleague,
        "point officer": cast.officer,
        "no seat": cast.stranger,
        "stranger": None,
    }


def test_every_address_states_its_right_and_no_right_is_left_over():
    assert "" not in ADDRESSES, "an address has no name"
    assert set(ADDRESSES) == set(RIGHTS)


def test_every_right_says_here_who_has_it():
    assert {right.name for right in RIGHTS.values()} == set(MAY)


@pytest.mark.parametrize("role", sorted(ALL))
def test_each_role_is_let_through_and_refused_as_stated(role: str, people: dict[str, Person | None]):
    person = people[role]
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    wrong = []
    for name, address in ADDRESSES.items():
        if role in MAY[RIGHTS[name].name]:
            if not _is_let_through(address, person):
                wrong.append(f"{name} refuses {role}")
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            to_log_in = response.status_code == 302 and response.url.startswith("/account/login/")
            if not (to_log_in if person is None else response.status_code == 403):
                wrong.append(f"{name} lets {role} {method}: {response.status_code}")
    assert wrong == []


def _is_let_through(address: str, person: Person | None) -> bool:
    request = RequestFactory().get(address)
    request.user = Person.objects.get(pk=person.pk) if person else _Stranger()  # type: ignore[assignment]
    request.resolver_match = get_resolver().resolve(address)
    try:
        return StatedRights(lambda _request: None).process_view(request, None, (), {}) is None  # type: ignore[arg-type,return-value]
    except PermissionDenied:
        return False


class _Stranger:
    is_authenticated = False


def test_address_without_a_stated_right_is_refused_to_everybody(people: dict[str, Person | None], monkeypatch: Any):
    monkeypatch.delitem(RIGHTS, "task_list")
    for role, person in people.items():
        client = Client()
        if person:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get("/tasks/").status_code == 403, role


def test_part_of_a_page_sends_the_whole_page_to_the_log_in(people: dict[str, Person | None]):
    response = Client().get("/tasks/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Refresh"]) == (401, "true")
    assert Client().get("/tasks/1/board/events", headers={"Accept": "text/event-stream"}).status_code == 401


def test_deputy_has_the_rights_of_whom_they_stand_in_for_but_never_administers(people: dict[str, Person | None]):
    from datetime import timedelta

    from django.utils import timezone

    from nhipcau.network.models.people import Deputy

    officer, today = people["point officer"], timezone.localdate()
    assert officer is not None
    for role in ("hub leader", "hub administrator"):
        Deputy.objects.create(person=people[role], deputy=officer, from_on=today, until_on=today + timedelta(days=2))
    assert _is_let_through(ADDRESSES["task_new"], officer)
    assert not _is_let_through(ADDRESSES["office_new"], officer)
    Deputy.objects.update(until_on=today)
    assert not _is_let_through(ADDRESSES["task_new"], officer)
