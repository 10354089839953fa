"""Addresses of the log-in: of what allauth offers, only what the table of rights states.

Nobody signs up, changes their address or connects an account by themselves, so those pages do not exist here.
"""

from allauth.account.urls import urlpatterns as of_accounts
from allauth.socialaccount.urls import urlpatterns as of_outside_accounts
from django.urls import URLPattern, include, path

from nhipcau.network.access.rights import RIGHTS


def _stated(patterns: list[URLPattern]) -> list[URLPattern]:
    return [pattern for pattern in patterns if pattern.name in RIGHTS]


urlpatterns = [
    *_stated(of_accounts),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("outside/", include(_stated(of_outside_accounts))),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
