"""A person's own page: who they are here, their seats and deputies; and the page of an invitation."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.network.actions.people.adding import accept_invitation, invited
from nhipcau.network.actions.people.changing import edit_person
from nhipcau.network.actions.people.seats import end_deputy, name_deputy
from nhipcau.network.forms.people import DeputyForm, InvitationForm, ProfileForm
from nhipcau.network.models.people import Deputy, Person
from nhipcau.network.queries.seats import seats_of
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show the person to themselves, and let them change what is theirs."""
    person = person_of(request)
    form = ProfileForm(request.POST or None, initial=_initial(person))
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(by=person, person=person, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("profile")
    return _page(request, person, form=form)


@require_POST
def deputies(request: HttpRequest) -> HttpResponse:
    """Name somebody who stands in, or let that end."""
    person = person_of(request)
    if number := request.POST.get("end", ""):
        mine = Deputy.objects.select_related("person", "deputy").filter(person=person)
        end_deputy(by=person, deputy=get_object_or_404(mine, pk=int(number) if number.isdecimal() else 0))
        return redirect("profile")
    form = DeputyForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            until_on = values["last_on"] + datetime.timedelta(days=1)
            name_deputy(by=person, person=person, deputy=values["email"], from_on=values["from_on"], until_on=until_on)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            return redirect("profile")
    return _page(request, person, deputy_form=form)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password."""
    person = invited(token)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(token=token, password=form.cleaned_data["password"])
        except DomainError as error:
            form.add_error("password", words_of(error))
        else:
            messages.success(request, _("Your password is set. Log in with it."))
            return redirect("account_login")
    values = {"form": form, "invited": person}
    response = render(request, "network/people/invitation.html", values, status=422 if form.errors else 200)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _page(
    request: HttpRequest, person: Person, *, form: ProfileForm | None = None, deputy_form: DeputyForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    form, deputy_form = form or ProfileForm(initial=_initial(person)), deputy_form or DeputyForm()
    values = {
        "person": person,
        "form": form,
        "deputy_form": deputy_form,
        "seats": seats_of(person, on=today).select_related("office", "person"),
        "deputies": person.deputies.filter(until_on__gt=today).select_related("deputy").order_by("from_on"),
        "today": today,
    }
    status = 422 if form.errors or deputy_form.errors else 200
    return render(request, "network/people/profile.html", values, status=status)


def _initial(person: Person) -> dict[str, object]:
    return {"name": person.name, "phone": person.phone, "language": person.language, "version": person.version}
