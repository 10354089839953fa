"""What all pages have in common: language, appearance, what they may load, and how they say no."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.test import Client

from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.site.errors import DomainError, words_for, words_of
from nhipcau.site.sessions import SessionStore
from nhipcau.site.static_files import VersionedFiles
from tests.network.tasks.cast import Cast, make_cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def language_of(client: Client, address: str = "/account/login/") -> str:
    return re.search(r'<html lang="(\w+)"', client.get(address).content.decode())[1]


def test_stranger_reads_vietnamese_until_they_choose(cast: Cast, client: Client):
    assert language_of(client) == "vi"
    assert client.post("/language", {"language": "en", "next": "/account/login/"}).url == "/account/login/"
    assert language_of(client) == "en"
    client.post("/language", {"language": "xx"})
    assert language_of(client) == "en"


def test_person_keeps_language_and_theme_on_every_device(cast: Cast, client: Client):
    client.force_login(cast.officer, backend=BACKEND)
    client.post("/language", {"language": "en"})
    client.post("/theme", {"theme": "dark"})
    client.post("/theme", {"theme": "pink"})
    other = Client()
    other.force_login(Person.objects.get(pk=cast.officer.pk), backend=BACKEND)
    assert language_of(other, "/received/") == "en"
    assert 'data-theme="dark"' in other.get("/received/").content.decode()


def test_a_sample_says_so_before_anybody_logs_in(cast: Cast, client: Client):
    assert 'class="sample"' not in client.get("/account/login/").content.decode()
    Office.objects.filter(kind=OfficeKind.HUB).update(is_sample=True)
    page = client.get("/account/login/").content.decode()
    assert 'class="sample"' in page
    assert 'class="command"' not in page


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(cast: Cast, client: Client, address: str):
    assert client.post("/language", {"language": "en", "next": address}).url == "/"


def test_pages_load_nothing_from_outside_and_run_nothing_inline(cast: Cast, client: Client):
    client.force_login(cast.administrator, backend=BACKEND)
    for address in ("/tasks/", "/offices/", "/people/", "/audit/", "/duty/", "/me/", "/account/second-factor/"):
        response = client.get(address)
        page = response.content.decode()
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "private, no-store"
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page), address
        assert not re.findall(r'\son\w+="|\sstyle="|<style', page), address
        scripts = re.findall(r"<script([^>]*)>", page)
        assert all("src=" in one or 'type="application/json"' in one for one in scripts), address


def test_pages_say_no_in_words(cast: Cast, client: Client):
    client.force_login(cast.officer, backend=BACKEND)
    assert client.get("/nowhere/").status_code == 404
    refused = client.get("/audit/")
    assert refused.status_code == 403
    assert "Trang này thuộc đơn vị hoặc vai trò khác" in refused.content.decode()


def test_form_without_its_token_is_refused_in_words(cast: Cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer, backend=BACKEND)
    response = client.post("/language", {"language": "en"})
    assert response.status_code == 403
    assert "Biểu mẫu đã cũ" in response.content.decode()


def test_words_of_an_error_come_from_the_longest_prefix(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nhipcau.site.errors._WORDS", {})

    class Refused(DomainError):
        code = "bridge-closed"

    words_for("bridge", lambda error: "all bridges")
    words_for("bridge-closed", lambda error: f"closed until {error.values['until']}")
    assert words_of(Refused(until="noon")) == "closed until noon"


def test_address_of_a_static_file_changes_with_its_content_and_a_missing_one_is_an_error():
    files = VersionedFiles()
    assert re.fullmatch(r"/static/site/app\.css\?v=[0-9a-f]{10}", files.url("site/app.css"))
    with pytest.raises(ValueError, match="no static file"):
        files.url("site/nothing.css")


def test_home_leads_each_to_where_their_day_begins(cast: Cast):
    places: dict[str, Any] = {
        "leader": "/picture/",
        "area_officer": "/tasks/",
        "officer": "/received/",
        "stranger": "/me/",
    }
    for name, address in places.items():
        client = Client()
        client.force_login(getattr(cast, name), backend=BACKEND)
        assert client.get("/").url == address, name


@pytest.mark.parametrize("error", [OperationalError("no route to the host"), InterfaceError("connection is closed")])
@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Cơ sở dữ liệu hiện không trả lời"), ("en", "does not answer now")]
)
def test_database_that_is_away_is_said_so_and_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch, error: Exception, language: str, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(SessionStore, "load", fail)
    client = Client(raise_request_exception=False)
    client.cookies.load({settings.SESSION_COOKIE_NAME: "x" * 32, settings.LANGUAGE_COOKIE_NAME: language})
    answer = client.get("/offices/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert words in answer.content.decode()
