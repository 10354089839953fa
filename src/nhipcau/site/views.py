"""The start page, language and theme, and the pages of what went wrong."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from nhipcau.network.access.home import first_page_of
from nhipcau.network.models.people import Person, Theme
from nhipcau.network.views.person import person_of
from nhipcau.site.middleware.language import language_of_device

YEAR_SECONDS = 365 * 86_400
THEME_COOKIE = "nhipcau_theme"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead everybody to where their day begins."""
    return redirect(first_page_of(person_of(request)))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of pages, for a person for good, for a stranger on this device."""
    language = request.POST.get("language", "")
    response = redirect(_back(request))
    if language in dict(settings.LANGUAGES):
        _keep(request, response, "language", language, cookie=settings.LANGUAGE_COOKIE_NAME)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Change between light and dark."""
    theme = request.POST.get("theme", "")
    response = redirect(_back(request))
    if theme in Theme.values:
        _keep(request, response, "theme", theme, cookie=THEME_COOKIE)
    return response


def _keep(request: HttpRequest, response: HttpResponse, field: str, value: str, *, cookie: str) -> None:
    response.set_cookie(
        cookie, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(**{field: value})


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request itself cannot be read."""
    return _plain(gettext("This request cannot be read. Open the start page and try again."), status=400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a page belongs to others."""
    sentence = gettext("This page belongs to another office or role. If you need it, ask your administrator.")
    return render(request, "site/error.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here, for this person at least."""
    sentence = gettext("There is nothing at this address, or it is not for you to see. Check the address.")
    return render(request, "site/error.html", {"sentence": sentence}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; asks nothing of the database, which may be what is broken, away, or full."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        with translation.override(language_of_device(request)):  # who it is cannot be asked
            sentence = gettext("The database does not answer now; what you did may not be kept. Try again in a minute.")
            response = _plain(sentence, status=503)
        response.headers["Retry-After"] = "60"
        return response
    return _plain(
        gettext("Something went wrong here; what you did may not be kept. Try again in a minute."), status=500
    )


def form_too_old(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    """Say that a form was opened before the last log-in, or came from elsewhere."""
    sentence = gettext("This form is too old or came from another site. Go back, reload the page, and send it again.")
    return _plain(sentence, status=403)


def _plain(sentence: str, *, status: int) -> HttpResponse:
    return HttpResponse(render_to_string("site/broken.html", {"sentence": sentence}), status=status)
