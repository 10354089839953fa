"""The description of the API holds: Schemathesis asks what it describes, and its examples are what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.generation import GenerationMode

from nhipcau.api.house import api
from tests.api.programs import Program
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of


def description() -> dict[str, Any]:
    """The description as it is sent, each time anew."""
    said: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return said


DESCRIBED = schemathesis.openapi.from_dict(description())
DESCRIBED.app = get_wsgi_application()
STREAMS = {"picture-events"}
OPERATIONS = {one.ok().definition.raw["operationId"]: one.ok() for one in DESCRIBED.get_all_operations()}
OPERATIONS = {name: one for name, one in OPERATIONS.items() if name not in STREAMS}
"""All but streams, which go on and on: `test_live.py`."""
CHECKS = [
    checks.not_a_server_error,
    *(
        schemathesis.checks.CHECKS.get_one(name)
        for name in (
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
            "negative_data_rejection",
            "ignored_auth",
        )
    ),
]


@pytest.fixture
def _connection_that_stays() -> Iterator[None]:
    """As Django's own test client does: a request does not close the connection on which the test has its data."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def _some_directives(cast: Cast, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = settings.API_REFUSALS_A_MINUTE = 1_000_000
    for _ in range(3):
        bring_to(cast, recipient_of(issue(cast, offices=cast.points)), "submitted")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", sorted(OPERATIONS))
@pytest.mark.usefixtures("_some_directives", "_connection_that_stays")
def test_operation_answers_as_described(name: str, mode: GenerationMode, leader: Program):
    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {leader.token}"}, checks=CHECKS)

    ask()


def test_examples_are_what_the_description_says():
    described = description()
    shown = 0
    for name, shape in described["components"]["schemas"].items():
        for example in shape.get("examples", []):
            whole = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
            jsonschema.Draft202012Validator(whole).validate(example)
            shown += 1
    assert shown >= 10


def test_every_operation_is_described_with_an_example_of_its_answer():
    described = description()
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert operation["description"], path
            answer = next(said for status, said in operation["responses"].items() if status in ("200", "201", "202"))
            if "application/json" not in answer["content"]:  # bytes, or a stream with its own example
                assert all(one.get("example") or "format" in one["schema"] for one in answer["content"].values()), path
                continue
            shape = answer["content"]["application/json"]["schema"]
            held = shape if "$ref" not in shape else described["components"]["schemas"][shape["$ref"].split("/")[-1]]
            assert held.get("examples"), f"{method} {path}"
