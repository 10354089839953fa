"""What the tests of sources share: the cast, a data folder, a web server and the fence around the tests."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from nhipcau.voices.actions.sources import add_source
from nhipcau.voices.models.sources import Source
from nhipcau.voices.sourcefields import SourceFields
from tests.feeds.conftest import no_outside_network, server
from tests.network.tasks.cast import Cast, make_cast

__all__ = ["no_outside_network", "server"]


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_FOLDER = tmp_path
    settings.FEEDS_MAY_BE_PRIVATE = True
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The offices and people."""
    return make_cast()


@pytest.fixture
def source(cast: Cast) -> Source:
    """One whose files are handed in."""
    stated = fields(cast, name="Ý kiến", kind="file", matter="post", address="")
    return add_source(by=cast.analyst, fields=stated)


def fields(cast: Cast, **values: Any) -> SourceFields:
    """A source that is in order."""
    stated: dict[str, Any] = {"name": "Báo Mẫu", "kind": "feed", "owner": cast.hub, "matter": "press"}
    stated |= {"address": "https://bao.example/rss"}
    return SourceFields(**(stated | values))


def fresh(source: Source) -> Source:
    """The source as another process sees it."""
    return Source.objects.get(pk=source.pk)


def client_of(person: Any, *, language: str = "en") -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    type(person).objects.filter(pk=person.pk).update(language=language)
    return client


def page(person: Any, path: str, *, status: int = 200, language: str = "en") -> str:
    """The text of a page as somebody sees it."""
    answer = client_of(person, language=language).get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())
