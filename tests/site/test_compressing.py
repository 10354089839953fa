"""Pages are sent compressed to whoever can read them so; what must not be is not."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.network.tasks.cast import Cast, make_cast

ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def client(db: None) -> Client:
    cast: Cast = make_cast()
    client = Client()
    client.force_login(cast.analyst, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_page_is_sent_compressed_to_whoever_can_read_it_so(client: Client) -> None:
    plain, zipped = client.get("/picture/"), client.get("/picture/", headers=ZIPPED)
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert "</html>" in gzip.decompress(zipped.content).decode()
    assert 2 * len(zipped.content) < len(plain.content)
    assert int(zipped.headers["Content-Length"]) == len(zipped.content)


def test_what_programs_read_and_files_are_sent_as_they_are(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/api/v1/openapi.json", headers=ZIPPED).headers
    sheet = client.get("/static/site/app.css", headers=ZIPPED)
    sheet.close()
    assert "Content-Encoding" not in sheet.headers


def test_compressed_part_is_known_again(client: Client) -> None:
    etag = client.get("/picture/part", headers=ZIPPED).headers["ETag"]
    assert etag.startswith("W/")
    assert client.get("/picture/part", headers={**ZIPPED, "If-None-Match": etag}).status_code == 304
    assert client.get("/picture/part", headers={**ZIPPED, "If-None-Match": 'W/"other"'}).status_code == 200
