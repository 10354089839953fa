"""What the frame of every page shows: navigation, who is in command, whether this is a sample, language and theme.

All of it is looked up only when a template asks for it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from nhipcau.network.access.home import Entry, navigation_of
from nhipcau.network.models.people import Person, Theme
from nhipcau.network.queries.command import centre_now, hub_alone
from nhipcau.site.views import THEME_COOKIE


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the values of the frame."""
    person = getattr(request, "user", None)
    known = isinstance(person, Person)
    return {
        "navigation": partial(_navigation, request),
        "centre": SimpleLazyObject(centre_now if known else hub_alone),
        "theme": _theme(request, person if isinstance(person, Person) else None),
        "languages": settings.LANGUAGES,
        "has_oidc": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }


def _navigation(request: HttpRequest) -> tuple[Entry, ...]:
    return navigation_of(request.user, path=request.path) if isinstance(request.user, Person) else ()


def _theme(request: HttpRequest, person: Person | None) -> str:
    theme = person.theme if person else request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in Theme.values else str(Theme.SYSTEM)
