"""A person's own page: who they are here, their seats, language and theme."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from nhipcau.network.queries.seats import seats_of
from nhipcau.network.views.person import person_of


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Show the person to themselves."""
    person = person_of(request)
    return render(request, "network/people/profile.html", {"person": person, "seats": seats_of(person, on=timezone.localdate()).select_related("office")})
