"""Log-in with the account of the organisation: an OpenID provider says who it is, an administrator whether they may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from nhipcau.network.models.people import Person
from tests.network.access.identity_provider import CLIENT, SECRET, Provider, identity_provider
from tests.network.tasks.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with identity_provider() as provider:
        known = {"server_url": provider.address, "fetch_userinfo": True}
        app = {"provider_id": "oidc", "name": "Sở", "client_id": CLIENT, "secret": SECRET, "settings": known}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        yield provider


def log_in(client: Client, provider: Provider) -> Any:
    asked = client.post("/account/oidc/oidc/login/")
    assert asked.status_code == 302
    return client.get(provider.authorize(asked.url), follow=True)


def test_who_was_added_here_and_is_known_there_is_logged_in(cast: Cast, provider: Provider) -> None:
    client = Client()
    provider.claims = {"sub": "77", "email": cast.officer.email, "email_verified": True, "name": "Another name"}
    log_in(client, provider)
    assert provider.refused == []
    assert int(client.session["_auth_user_id"]) == cast.officer.pk
    cast.officer.refresh_from_db()
    assert cast.officer.name != "Another name", "names are an administrator's matter"


def test_whoever_has_a_second_factor_is_asked_for_it(cast: Cast, provider: Provider) -> None:
    client = Client()
    TOTP.activate(cast.leader, generate_totp_secret())
    provider.claims = {"sub": "78", "email": cast.leader.email, "email_verified": True}
    answer = log_in(client, provider)
    assert "_auth_user_id" not in client.session
    assert answer.request["PATH_INFO"] == "/account/second-factor/authenticate/"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "1", "email": "stranger@example.org", "email_verified": True},
        {"sub": "2", "email": "OFFICER", "email_verified": False},
        {"sub": "3"},
    ],
)
def test_nobody_else_is_let_in_or_added(cast: Cast, provider: Provider, claims: dict[str, Any]) -> None:
    client, before = Client(), Person.objects.count()
    provider.claims = {**claims, "email": cast.officer.email} if claims.get("email") == "OFFICER" else claims
    answer = log_in(client, provider)
    assert "_auth_user_id" not in client.session
    assert Person.objects.count() == before
    assert answer.status_code == 200


def test_a_code_is_good_for_one_browser_and_once(cast: Cast, provider: Provider) -> None:
    client, thief = Client(), Client()
    provider.claims = {"sub": "77", "email": cast.officer.email, "email_verified": True}
    asked = client.post("/account/oidc/oidc/login/")
    back = provider.authorize(asked.url)
    thief.get(back, follow=True)
    assert "_auth_user_id" not in thief.session, "another browser did not begin it"
    client.get(back, follow=True)
    assert "_auth_user_id" in client.session
    client.logout()
    client.get(back, follow=True)
    assert "_auth_user_id" not in client.session, "it was used before"
