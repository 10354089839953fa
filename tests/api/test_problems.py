"""Errors: one shape whatever went wrong, in the language that was asked for; limits say how long to wait."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from nhipcau.api.endpoints import me
from tests.api.programs import Program, program
from tests.network.tasks.cast import Cast

FIELDS = {"type", "title", "status", "code", "detail", "errors"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/tasks/987654321", 404, "not-found"),
        ("GET", "/tasks/99999999999999999999999", 404, "not-found"),
        ("GET", "/offices/NOWHERE", 404, "not-found"),
        ("GET", "/offices/%00", 422, "request-invalid"),
        ("GET", "/tasks?words=%00", 422, "request-invalid"),
        ("DELETE", "/tasks", 405, "method-not-allowed"),
        ("GET", "/tasks?limit=many", 422, "request-invalid"),
        ("GET", "/tasks?limit=0", 422, "request-invalid"),
        ("GET", "/offices?on=someday", 422, "request-invalid"),
    ],
)
def test_every_error_has_one_shape(leader: Program, method: str, path: str, status: int, code: str):
    answer = leader.call(method, path)
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said.keys() == FIELDS
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code)
    assert said["type"] == f"urn:nhipcau:problem:{code}"
    assert len(said["detail"]) > 20


def test_method_that_is_not_there_says_which_are(leader: Program):
    assert set(leader.call("DELETE", "/tasks").headers["Allow"].split(", ")) == {"GET", "POST"}


def test_what_is_no_json_is_unreadable(leader: Program):
    answer = Client().post(
        "/api/v1/tasks",
        b"{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {leader.token}", "Idempotency-Key": "12345678"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "request-unreadable")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en", "en"),
        ("vi", "vi"),
        ("", "vi"),
        ("fr", "vi"),
        ("en-GB,en;q=0.8", "en"),
        ("en;q=0.1,vi", "vi"),
        ("x" * 600, "vi"),
    ],
)
def test_errors_speak_the_language_that_was_asked_for(cast: Cast, asked: str, language: str):
    answer = program(cast.leader, language=asked).get("/tasks/987654321")
    assert answer.headers["Content-Language"] == language
    assert answer.json()["title"] == {"en": "Not found", "vi": "Không tìm thấy"}[language]


def test_what_breaks_is_a_problem_without_the_inside(leader: Program, monkeypatch: pytest.MonkeyPatch, caplog: Any):
    def breaks(_token: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(me, "me_of", breaks)
    answer = leader.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "the inside" not in answer.content.decode()
    assert "the inside" in caplog.text


def test_token_that_asks_too_often_waits_and_another_does_not(
    leader: Program, officer: Program, settings: Any, time_machine: Any
):
    time_machine.move_to("2026-07-01T10:00:20+07:00", tick=False)
    settings.API_REQUESTS_A_MINUTE = 3
    assert [leader.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = leader.get("/me")
    assert (answer.json()["code"], answer.headers["Retry-After"]) == ("too-many-requests", "40")
    assert officer.get("/me").status_code == 200
    time_machine.shift(40)
    assert leader.get("/me").status_code == 200


def test_address_that_tries_tokens_waits(db: None, settings: Any):
    settings.API_REFUSALS_A_MINUTE = 2
    assert [Program("x").get("/me").status_code for _ in range(3)] == [401, 401, 429]


def test_answers_are_kept_by_no_cache_in_between(leader: Program):
    answer = leader.get("/me")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= set(answer.headers["Vary"].replace(" ", "").split(","))
