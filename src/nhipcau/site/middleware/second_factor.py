"""Those who may publish, approve or administer set up a second factor before they do anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from nhipcau.network.access.second_factor import has_second_factor, needs_second_factor
from nhipcau.network.models.people import Person

KNOWN = "has_second_factor"
BEFORE_IT = ("account_", "mfa_", "usersessions_", "set_", "healthz", "readyz", "metrics", "task_link", "api")
"""What can be opened without: setting it up, logging out, language and theme. The API asks for it by itself."""


class SecondFactor:
    """Middleware: leads to the set-up until it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Look, once a session, whether the person has what their seats need."""
        person = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if settings.SECOND_FACTOR != "required" or not isinstance(person, Person) or name.startswith(BEFORE_IT):
            return None
        if request.session.get(KNOWN) or not needs_second_factor(person):
            return None
        if has_second_factor(person):
            request.session[KNOWN] = True
            return None
        messages.info(
            request,
            gettext("Your role needs a second factor: set up an app with codes, or a passkey, before you go on."),
        )
        return redirect("mfa_index")
