"""Pages of people: list, one person, adding, changing, and what administrators do with buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.network.access.people import administered_offices, administers, open_seats, visible_people
from nhipcau.network.access.rights import PEOPLE
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.people.adding import add_person, invite_again
from nhipcau.network.actions.people.changing import (
    activate_person,
    deactivate_person,
    edit_person,
    reset_second_factor,
)
from nhipcau.network.actions.people.seats import end_seat, give_seat
from nhipcau.network.forms.people import PersonForm, ProfileForm, SeatForm
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.queries.people import past_seats, people_page
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

_DO: dict[str, Callable[..., Any]] = {
    "invite": invite_again,
    "deactivate": deactivate_person,
    "activate": activate_person,
    "reset": reset_second_factor,
}


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Look people up."""
    by = person_of(request)
    words, office = request.GET.get("words", "").strip()[:100], request.GET.get("office", "").strip()[:32]
    number = request.GET.get("page", "1")
    page = people_page(visible_people(by), words=words, office=office, number=int(number) if number.isdecimal() else 1)
    values = {"page": page, "words": words, "office": office, "may_add": PEOPLE.allows(standing_of(by))}
    return render(request, "network/people/list.html", values)


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person."""
    by = person_of(request)
    return _show(request, by, _visible(by, person_id))


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Add somebody and invite them."""
    by = person_of(request)
    form = PersonForm(request.POST or None, offices=administered_offices(by), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            made = add_person(by=by, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("%(name)s was added; the invitation is on its way.") % {"name": made.name})
            return redirect("person", made.pk)
    return render(request, "network/people/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change name, telephone and language of somebody."""
    by = person_of(request)
    other = _visible(by, person_id)
    initial = {"name": other.name, "phone": other.phone, "language": other.language, "version": other.version}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(by=by, person=other, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            return redirect("person", other.pk)
    values = {"form": form, "person": other}
    return render(request, "network/people/edit.html", values, status=422 if form.errors else 200)


@require_POST
def person_do(request: HttpRequest, person_id: int, what: str) -> HttpResponse:
    """Do what a button says: invite, close or open the log-in, reset the second factor, give or end a role."""
    by = person_of(request)
    other = _visible(by, person_id)
    try:
        if what == "give-seat":
            form = SeatForm(request.POST, offices=administered_offices(by))
            if not form.is_valid():
                return _show(request, by, other, seat_form=form, status=422)
            give_seat(by=by, person=other, **form.cleaned_data)
        elif what == "end-seat":
            seats = Membership.objects.select_related("office", "person")
            number = request.POST.get("seat", "")
            end_seat(by=by, seat=get_object_or_404(seats, pk=int(number) if number.isdecimal() else 0, person=other))
        elif what in _DO:
            _DO[what](by=by, person=other)
        else:
            raise Http404
    except DomainError as error:
        return _show(request, by, other, error=words_of(error), status=error.status)
    messages.success(request, _("Done."))
    return redirect("person", other.pk)


def _visible(by: Person, person_id: int) -> Person:
    return get_object_or_404(visible_people(by), pk=person_id)


def _show(
    request: HttpRequest,
    by: Person,
    other: Person,
    *,
    seat_form: SeatForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    may = administers(by, other)
    offices = administered_offices(by)
    values = {
        "person": other,
        "seats": open_seats(other),
        "past": past_seats(other),
        "deputies": other.deputies.select_related("deputy").order_by("-until_on")[:10],
        "may": may,
        "may_close": may and by.pk != other.pk,
        "administered": set(offices.values_list("pk", flat=True)) if may else set(),
        "seat_form": (seat_form or SeatForm(offices=offices)) if PEOPLE.allows(standing_of(by)) else None,
        "error": error,
    }
    return render(request, "network/people/person.html", values, status=status)
