"""What allauth and axes ask of us: nobody signs up by themselves, what a second factor must not lose, who tried."""

from __future__ import annotations

import secrets
import time
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nhipcau.network.access.second_factor import needs_second_factor
from nhipcau.running.mail import queue_mail

JUST_NOW_SECONDS: Final = 300


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Log-in by address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by administrators, and by nobody else."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask once more who it is, except in the first minutes after the log-in, which has just asked."""
        methods = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - method["at"] < JUST_NOW_SECONDS for method in methods)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put letters into the outbox: a mail server that sleeps keeps nobody waiting, and nothing is lost."""
        letter = self.render_mail(template_prefix, email, context)
        key = f"log-in-{secrets.token_urlsafe(12)}"
        queue_mail(to=email, subject=letter.subject, text=letter.body.strip() + "\n", key=key)


class OutsideAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Log-in through an identity provider, for people whom an administrator has added."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever the provider knows and we do not stays outside."""
        return False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors and passkeys."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor keeps at least one."""
        person = authenticator.user
        if settings.SECOND_FACTOR != "required" or not needs_second_factor(person):
            return True
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=person, type__in=kinds).exclude(pk=authenticator.pk)
        return bool(others.exists()) or authenticator.type not in kinds


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Give the address that somebody tried to log in with."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username")
    return str(given or request.POST.get("login", "")).strip().lower()


def tried_from(request: HttpRequest) -> str | None:
    """Give where they tried from; behind a proxy the server has put in the visitor's own address."""
    address: str | None = request.META.get("REMOTE_ADDR")
    return address


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Say that it was tried too often."""
    return render(request, "site/locked_out.html", status=429)
