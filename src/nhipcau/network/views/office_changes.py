"""Pages on which an office moves, is coordinated otherwise, is renamed, merged or closed. Rules are the actions'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.network.access.offices import keeps_network, visible_offices
from nhipcau.network.actions.office_changes import close_office, merge_offices, move_office, rename_office, set_areas
from nhipcau.network.actions.office_errors import NotOfficeKeeper
from nhipcau.network.forms.offices import AreasForm, ChangeForm, CloseForm, MergeForm, MoveForm, RenameForm
from nhipcau.network.models.offices import LinkKind, Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.network.queries.office_tree import RANK, standing
from nhipcau.network.queries.offices import open_links
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


@require_http_methods(["GET", "POST"])
def office_move(request: HttpRequest, code: str) -> HttpResponse:
    """Let an office answer to another."""
    person, found = _keeper_and_office(request, code)
    link = open_links(found, kind=LinkKind.PARENT, on=timezone.localdate()).first()
    above = _there(person).exclude(kind=OfficeKind.POINT).exclude(pk=found.pk)
    form = MoveForm(request.POST or None, above=above, initial={"parent": link.parent if link else None})
    return _changed(
        request,
        form,
        found,
        title=_("Let %(office)s answer to another office"),
        act=lambda data: move_office(by=person, office=found, parent=data["parent"], on=form.day),
    )


@require_http_methods(["GET", "POST"])
def office_areas(request: HttpRequest, code: str) -> HttpResponse:
    """Let an office be coordinated by other areas."""
    person, found = _keeper_and_office(request, code)
    current = open_links(found, kind=LinkKind.AREA, on=timezone.localdate())
    areas = _there(person).filter(kind=OfficeKind.AREA)
    initial = {"areas": list(current.values_list("parent", flat=True))}
    form = AreasForm(request.POST or None, areas=areas, initial=initial)
    return _changed(
        request,
        form,
        found,
        title=_("Areas of %(office)s"),
        act=lambda data: set_areas(by=person, office=found, areas=list(data["areas"]), on=form.day),
    )


@require_http_methods(["GET", "POST"])
def office_rename(request: HttpRequest, code: str) -> HttpResponse:
    """Give an office another name from a day."""
    person, found = _keeper_and_office(request, code)
    form = RenameForm(request.POST or None, initial={"name": found.name, "name_en": found.name_en})
    return _changed(
        request,
        form,
        found,
        title=_("Rename %(office)s"),
        act=lambda data: rename_office(
            by=person, office=found, name=data["name"], name_en=data["name_en"], on=form.day
        ),
    )


@require_http_methods(["GET", "POST"])
def office_close(request: HttpRequest, code: str) -> HttpResponse:
    """Close an office, with successors or without."""
    person, found = _keeper_and_office(request, code)
    form = CloseForm(request.POST or None, offices=_there(person).exclude(pk=found.pk))
    return _changed(
        request,
        form,
        found,
        title=_("Close %(office)s"),
        button=_("Close the office"),
        act=lambda data: close_office(by=person, office=found, successors=list(data["successors"]), on=form.day),
    )


@require_http_methods(["GET", "POST"])
def office_merge(request: HttpRequest) -> HttpResponse:
    """Merge offices into one."""
    person = person_of(request)
    if not keeps_network(person):
        raise NotOfficeKeeper(office="")
    form = MergeForm(request.POST or None, offices=_there(person))
    return _changed(
        request,
        form,
        None,
        title=_("Merge offices"),
        button=_("Merge"),
        act=lambda data: merge_offices(by=person, offices=list(data["offices"]), into=data["into"], on=form.day),
    )


def _keeper_and_office(request: HttpRequest, code: str) -> tuple[Person, Office]:
    person = person_of(request)
    found = get_object_or_404(visible_offices(person), code=code)
    if not keeps_network(person):
        raise NotOfficeKeeper(office="")
    return person, found


def _there(person: Person) -> QuerySet[Office]:
    return standing(visible_offices(person), on=timezone.localdate()).order_by(RANK, "code")


def _changed(
    request: HttpRequest,
    form: ChangeForm,
    office: Office | None,
    *,
    title: str,
    act: Callable[[Any], object],
    button: str = "",
) -> HttpResponse:
    """Show the form, or act on it and go to the office."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            form.add_domain_error(error, words_of(error))
        else:
            messages.success(request, _("Saved."))
            target = office or form.cleaned_data["into"]
            return redirect("office", code=target.code)
    values = {
        "form": form,
        "title": title % {"office": office.shown_name} if office else title,
        "back": office.code if office else "",
        "button": button or _("Save"),
    }
    return render(request, "network/offices/form.html", values, status=422 if form.errors else 200)
