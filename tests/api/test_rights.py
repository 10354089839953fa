"""Every operation × every role and a stranger: as stated here, by hand; a new one without a stated right fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import resolve

from nhipcau.api.house import api
from nhipcau.api.rights import NEEDS
from nhipcau.network.models.people import Person
from nhipcau.network.tokenwords import SCOPES
from tests.api.programs import Program, program
from tests.network.access.test_rights import ALL, MAY, people  # noqa: F401  # the cast of the pages

REFUSED = {401, 403}


def operations() -> Iterator[tuple[str, str, str]]:
    """Method, name and an example of the address of each operation that the API has."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        example = re.sub(r"{\w+}", "987654321", path)
        for method in methods:
            yield method.upper(), str(resolve(example).url_name), example.removeprefix("/api/v1")


@pytest.fixture
def programs(people: dict[str, Person | None]) -> dict[str, Program]:  # noqa: F811
    """A program in each role, with all scopes, and one without a token."""
    return {role: program(person) if person else Program("") for role, person in people.items()}


def test_every_operation_states_its_need_and_none_is_left_over():
    assert {(method, name) for method, name, _ in operations()} == set(NEEDS)


def test_every_scope_opens_something_and_every_need_is_a_known_scope():
    assert {need.scope for need in NEEDS.values()} - {""} == set(SCOPES)


def test_each_role_is_let_through_and_refused_as_stated(programs: dict[str, Program]):
    wrong = []
    for method, name, path in operations():
        may = MAY[NEEDS[method, name].right.name]
        for role in sorted(ALL):
            status = programs[role].call(method, path).status_code
            expected = {401} if role == "stranger" else {403} if role not in may else None
            if status >= 500 or (status not in expected if expected else status in REFUSED):
                wrong.append(f"{method} {path} answers {role}: {status}")
    assert wrong == []


def test_token_without_the_scope_is_refused_whatever_its_person_may(cast: Any):
    for method, name, path in operations():
        need = NEEDS[method, name]
        if not need.scope:
            continue
        person = cast.leader
        answer = program(person, scopes=set(SCOPES) - {need.scope}).call(method, path)
        assert answer.status_code == 403, path
        assert answer.json()["code"] == "api-scope-missing", path
        assert need.scope in answer.json()["detail"]
        person.api_tokens.all().delete()


def test_operation_without_a_stated_need_is_refused_to_everybody(
    programs: dict[str, Program], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(NEEDS, ("GET", "tasks"))
    assert {asked.get("/tasks").status_code for asked in programs.values()} == REFUSED
