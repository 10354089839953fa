"""A program that speaks with the API: requests in, JSON out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.test import Client

from nhipcau.network.actions.tokens import make_token
from nhipcau.network.models.people import Person
from nhipcau.network.tokenwords import SCOPES
from tests.network.tasks.cast import fresh


class Program:
    """A client with a token (or none) and a language."""

    def __init__(self, token: str, *, language: str = "en") -> None:
        self.token = token
        self._client = Client(raise_request_exception=False)
        self._headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        """Read."""
        return self._client.get(f"/api/v1{path}", data, headers=self._headers | _named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON."""
        return self._client.post(
            f"/api/v1{path}", body, content_type="application/json", headers=self._headers | _named(headers)
        )

    def put(self, path: str, body: Any) -> Any:
        """Write anew, as JSON."""
        return self._client.put(f"/api/v1{path}", body, content_type="application/json", headers=self._headers)

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        """Send a form with files."""
        return self._client.post(f"/api/v1{path}", fields, headers=self._headers | _named(headers))

    def call(self, method: str, path: str) -> Any:
        """Any method, with nothing in it."""
        return self._client.generic(method, f"/api/v1{path}", headers=self._headers)


def program(person: Person, *, scopes: Collection[str] = tuple(SCOPES), language: str = "en") -> Program:
    """A program with a new token of a person."""
    _token, text = make_token(by=fresh(person), name="Chương trình thử", scopes=scopes, days=30)
    return Program(str(text), language=language)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
