"""Tokens: made for oneself and shown once, kept as a hash, refused when late, revoked or its person is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from nhipcau.network.actions.tokens import TokenInvalid, TokenNotYours, TooManyTokens, make_token, revoke_token
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.network.models.tokens import ApiToken
from tests.api.programs import Program
from tests.network.tasks.cast import Cast, fresh


def logged_in(person: Person, *, password: str = "") -> Client:
    """The browser of a person; with a password they have just given it."""
    client = Client()
    if not password:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
    person.set_password(password)
    person.save()
    answer = client.post("/account/login/", {"login": person.email, "password": password})
    assert answer.status_code == 302
    return client


def test_token_is_shown_once_and_only_its_hash_is_kept(cast: Cast):
    client = logged_in(cast.officer, password="ba bốn từ ghép lại với nhau")
    assert "tasks:read" in client.get("/me/tokens/new").content.decode()
    page = client.post("/me/tokens/new", {"name": "Báo cáo", "scopes": ["tasks:read"], "days": "30"})
    assert page.status_code == 201
    text = page.content.decode().split("<code")[1].split(">")[1].split("<")[0]
    assert Program(text).get("/me").json()["token"]["scopes"] == ["tasks:read"]
    token = ApiToken.objects.get()
    assert text.split("_", 2)[2] not in str(ApiToken.objects.values().get())
    assert token.digest not in text
    listed = client.get("/me/tokens/").content.decode()
    assert token.number in listed
    assert text.split("_", 2)[2] not in listed
    assert AuditRecord.objects.get(action="token.made").values["number"] == token.number


def test_open_browser_alone_makes_no_token(cast: Cast):
    cast.officer.set_password("ba bốn từ ghép lại với nhau")
    cast.officer.save()
    client = logged_in(cast.officer)
    answer = client.post("/me/tokens/new", {"name": "Báo cáo", "scopes": ["tasks:read"], "days": "30"})
    assert answer.status_code == 302
    assert "/account/reauthenticate/" in answer.url
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["all"]}, "scopes"), ({"days": 400}, "days")],
)
def test_token_that_does_not_hold_is_refused(cast: Cast, given: dict[str, Any], field: str):
    with pytest.raises(TokenInvalid) as refused:
        make_token(by=cast.officer, **({"name": "x", "scopes": ["tasks:read"], "days": 30} | given))
    assert refused.value.values["field"] == field
    assert not ApiToken.objects.exists()


def test_person_has_at_most_twenty_valid_tokens(cast: Cast):
    for _ in range(20):
        token, _text = make_token(by=cast.officer, name="x", scopes=["tasks:read"], days=30)
    with pytest.raises(TooManyTokens):
        make_token(by=cast.officer, name="x", scopes=["tasks:read"], days=30)
    revoke_token(by=fresh(cast.officer), token=token)
    make_token(by=cast.officer, name="x", scopes=["tasks:read"], days=30)


def test_token_ends_when_it_expires_is_revoked_or_its_person_leaves(cast: Cast, officer: Program):
    assert officer.get("/me").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert officer.get("/me").status_code == 401
    Person.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert officer.get("/me").status_code == 401
    Person.objects.filter(pk=cast.officer.pk).update(is_active=True)
    revoke_token(by=fresh(cast.officer), token=ApiToken.objects.get())
    assert officer.get("/me").status_code == 401


@pytest.mark.parametrize("text", ["", "x", "nhipcau_000000000000_" + "A" * 43])
def test_what_is_no_token_opens_nothing(cast: Cast, text: str):
    answer = Program(text).get("/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_secret_of_one_token_does_not_open_another(cast: Cast, officer: Program, leader: Program):
    _, number, _ = officer.token.split("_", 2)
    secret = leader.token.split("_", 2)[2]
    assert Program(f"nhipcau_{number}_{secret}").get("/me").status_code == 401


def test_session_of_a_browser_opens_nothing_in_the_api(cast: Cast):
    assert logged_in(cast.leader).get("/api/v1/me").status_code == 401


def test_token_loses_what_its_person_loses(cast: Cast, officer: Program):
    assert officer.get("/offices").status_code == 200
    cast.officer.memberships.update(until_on=timezone.localdate())
    assert officer.get("/offices").status_code == 403


def test_token_of_whoever_needs_a_second_factor_waits_for_it(cast: Cast, leader: Program, settings: Any):
    settings.SECOND_FACTOR = "required"
    answer = leader.get("/tasks")
    assert (answer.status_code, answer.json()["code"]) == (403, "api-second-factor-missing")


def test_administrator_sees_and_revokes_the_tokens_of_their_people_and_others_do_not(cast: Cast, officer: Program):
    token = ApiToken.objects.get(person=cast.officer)
    assert token.number in logged_in(cast.administrator).get("/people/tokens/").content.decode()
    for other in (cast.neighbour, cast.area_officer, cast.auditor):
        assert logged_in(other).post(f"/tokens/{token.number}/revoke").status_code == 404
        with pytest.raises(TokenNotYours):
            revoke_token(by=fresh(other), token=token)
    assert officer.get("/me").status_code == 200
    assert logged_in(cast.administrator).post(f"/tokens/{token.number}/revoke").status_code == 302
    assert officer.get("/me").status_code == 401
    record = AuditRecord.objects.get(action="token.revoked")
    assert (record.by_id, record.values["number"]) == (cast.administrator.pk, token.number)


def test_use_is_noted_once_a_day_without_an_audit_record(cast: Cast, officer: Program):
    before = AuditRecord.objects.count()
    officer.get("/me")
    assert ApiToken.objects.get(person=cast.officer).used_on == timezone.localdate()
    assert AuditRecord.objects.count() == before
