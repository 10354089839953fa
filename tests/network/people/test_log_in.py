"""Logging in: by password, with a second factor, after a lost password, too often; and what the log says of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.running.models import OutgoingMail
from tests.network.tasks.cast import Cast, make_cast

PASSWORD = "bốn từ không ai ghép"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    for person in (cast.officer, cast.leader):
        person.set_password(PASSWORD)
        person.save()
    return cast


def log_in(client: Client, person: Person, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": person.email.upper(), "password": password})


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("seq").values_list("action", flat=True))


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert response.status_code == 302, response.content.decode()
    return str(secret)


def test_right_password_lets_in_and_is_recorded(cast: Cast, client: Client):
    assert client.get(reverse("account_login")).status_code == 200
    response = log_in(client, cast.officer)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/").url == reverse("received_list")
    assert actions() == ["session.log-in"]
    client.post(reverse("account_logout"))
    assert actions() == ["session.log-in", "session.log-out"]
    assert client.get("/").url.startswith(reverse("account_login"))


def test_wrong_password_does_not_and_says_nothing_of_who_exists(cast: Cast, client: Client):
    known = log_in(client, cast.officer, "wrong")
    unknown = client.post(reverse("account_login"), {"login": "nobody@example.vn", "password": "wrong"})
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors
    assert actions() == []


def test_five_wrong_passwords_lock_this_address_and_nobody_else_out(cast: Cast, client: Client):
    answers = [log_in(client, cast.officer, "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert log_in(client, cast.officer).status_code == 429
    assert actions() == ["session.locked-out"]
    assert log_in(Client(), cast.leader).status_code == 302
    assert log_in(Client(REMOTE_ADDR="10.9.8.7"), cast.officer).status_code == 302


def test_locked_out_person_gets_in_after_a_quarter_of_an_hour(cast: Cast, client: Client, time_machine: Any):
    time_machine.move_to("2026-11-27T08:00:00+07:00", tick=False)
    for _ in range(5):
        log_in(client, cast.officer, "wrong")
    time_machine.move_to("2026-11-27T08:14:00+07:00", tick=False)
    assert log_in(client, cast.officer).status_code == 429
    time_machine.move_to("2026-11-27T08:16:00+07:00", tick=False)
    assert log_in(client, cast.officer).status_code == 302


def test_leader_sets_up_a_second_factor_before_anything_else(
    cast: Cast, client: Client, settings: Any, django_capture_on_commit_callbacks: Any
):
    settings.SECOND_FACTOR = "required"
    log_in(client, cast.leader)
    for name in ("home", "task_list", "person_list", "profile", "audit_list"):
        assert client.get(reverse(name)).url == reverse("mfa_index"), name
    assert client.get(reverse("mfa_index")).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    assert client.get(reverse("task_list")).status_code == 200
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert actions()[:2] == ["session.log-in", "session.second-factor-added"]
    assert (
        "app with codes" in OutgoingMail.objects.latest("pk").text
        or "ứng dụng" in OutgoingMail.objects.latest("pk").text
    )


def test_officer_needs_none(cast: Cast, client: Client, settings: Any):
    settings.SECOND_FACTOR = "required"
    log_in(client, cast.officer)
    assert client.get(reverse("received_list")).status_code == 200


def test_nobody_needs_one_in_a_sample(cast: Cast, client: Client, settings: Any):
    settings.SECOND_FACTOR = "required"
    cast.hub.is_sample = True
    cast.hub.save()
    log_in(client, cast.leader)
    response = client.get(reverse("task_list"))
    assert response.status_code == 200
    assert 'class="sample"' in response.content.decode()


def test_last_second_factor_of_a_leader_stays(cast: Cast, client: Client, settings: Any):
    settings.SECOND_FACTOR = "required"
    log_in(client, cast.leader)
    set_up_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=cast.leader, type="totp").exists()


def test_second_factor_is_asked_for_at_the_log_in(cast: Cast, client: Client):
    secret = generate_totp_secret()
    TOTP.activate(cast.leader, secret)
    response = log_in(client, cast.leader)
    assert response.url == reverse("mfa_authenticate")
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert client.get(reverse("task_list")).url.startswith(reverse("account_login"))
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302
    assert client.get(reverse("task_list")).status_code == 200


def test_lost_password_is_chosen_anew_by_a_letter(cast: Cast, client: Client):
    asked = client.post(reverse("account_reset_password"), {"email": cast.officer.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.vn"})
    assert (asked.status_code, asked.url) == (unknown.status_code, unknown.url)
    letter = OutgoingMail.objects.get()
    assert letter.to == cast.officer.email
    address = re.search(r"https?://[^/]+(/\S+)", letter.text)[1]
    page = client.get(address, follow=True)
    fresh = "năm từ khác hẳn nhau"
    done = client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert done.status_code == 302, done.content.decode()
    assert log_in(Client(), cast.officer, fresh).status_code == 302
    assert "token_fail" in client.get(address, follow=True).context
    assert "session.password-changed" in actions()


def test_closed_log_in_does_not_open(cast: Cast, client: Client):
    Person.objects.filter(pk=cast.officer.pk).update(is_active=False)
    response = client.post(reverse("account_login"), {"login": cast.officer.email, "password": PASSWORD}, follow=True)
    assert not response.wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_signup",
        "account_inactive",
        "account_reset_password_from_key_done",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_before_the_log_in_are_whole(cast: Cast, client: Client, name: str, language: str):
    client.cookies["nhipcau_language"] = language
    response = client.get(reverse(name))
    assert response.status_code in (200, 401)
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "profile",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "usersessions_list",
        "account_change_password",
        "account_logout",
        "person_list",
        "roster",
    ],
)
def test_pages_of_oneself_are_whole(cast: Cast, client: Client, name: str):
    log_in(client, cast.officer)
    assert client.get(reverse(name)).status_code == 200


def test_old_session_shows_who_it_is_once_more_before_a_password_changes(cast: Cast, client: Client, time_machine: Any):
    time_machine.move_to("2026-11-27T08:00:00+07:00", tick=False)
    log_in(client, cast.officer)
    time_machine.move_to("2026-11-27T09:00:00+07:00", tick=False)
    response = client.get(reverse("mfa_activate_totp"))
    assert response.status_code == 302
    assert client.get(response.url).status_code == 200


def test_name_of_a_passkey_is_asked_for_in_vietnamese(cast: Cast, client: Client):
    log_in(client, cast.officer)
    page = client.get(reverse("mfa_add_webauthn")).content.decode()
    assert "Tên thiết bị" in page
    assert ">Name<" not in page
