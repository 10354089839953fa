"""Pages of offices: the list, the tree of a day, the map, one office, and stating what an office is.

Changes of the tree are in `office_changes.py`, groups and days in `office_lists.py`, files in `office_files.py`.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nhipcau.network.access.offices import keeps_network, keeps_office, visible_offices
from nhipcau.network.access.rights import AUDIT
from nhipcau.network.access.tasks import standing_of, visible_recipients
from nhipcau.network.actions.office_errors import NotOfficeKeeper
from nhipcau.network.actions.offices import create_office, edit_office
from nhipcau.network.forms.offices import NewOfficeForm, OfficeForm, OwnOfficeForm
from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Membership
from nhipcau.network.officefields import OfficeFields
from nhipcau.network.queries import offices as queries
from nhipcau.network.queries.office_map import map_of
from nhipcau.network.queries.office_tree import RANK, pruned, standing, tree_on
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


def day_of(request: HttpRequest) -> datetime.date:
    """The day that the reader asks for, today where it is none."""
    try:
        return datetime.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@require_GET
def office_list(request: HttpRequest) -> HttpResponse:
    """Offices of a day, found by words, kind and area."""
    person, on = person_of(request), day_of(request)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("words", "kind", "area")}
    visible = visible_offices(person)
    found = queries.search(visible.prefetch_related("routes"), on=on, **asked)
    number = request.GET.get("page", "1")
    page = queries.page_of(found, number=min(max(int(number), 1), 1000) if number.isdecimal() else 1)
    values = {
        "rows": queries.listed(page.offices, on=on),
        "page": page,
        "asked": asked,
        "on": on,
        "is_today": on == timezone.localdate(),
        "kinds": OfficeKind.choices,
        "areas": standing(visible.filter(kind=OfficeKind.AREA), on=on).order_by("code"),
        "keeps_network": keeps_network(person),
    }
    return render(request, "network/offices/list.html", values)


@require_GET
def office_tree(request: HttpRequest) -> HttpResponse:
    """The tree of a day; who does not see all sees what is theirs in it."""
    person, on = person_of(request), day_of(request)
    visible = set(visible_offices(person).values_list("pk", flat=True))
    branches = pruned(tree_on(on), visible)
    values = {"branches": branches, "on": on, "is_today": on == timezone.localdate()}
    return render(request, "network/offices/tree.html", values)


@require_GET
def office_map(request: HttpRequest) -> HttpResponse:
    """Offices on a plain canvas, and the same as a table."""
    person = person_of(request)
    offices = standing(visible_offices(person), on=timezone.localdate()).order_by(RANK, "code")
    drawn = map_of(list(offices), visible_recipients(person), now=timezone.now())
    return render(request, "network/offices/map.html", {"map": drawn})


@require_GET
def office(request: HttpRequest, code: str) -> HttpResponse:
    """One office: how it is reached, when it works, who works there, what it answered to and what became of it."""
    person, today = person_of(request), timezone.localdate()
    found = get_object_or_404(visible_offices(person).prefetch_related("routes"), code=code)
    past = queries.past_of(found)
    seats = Membership.objects.filter(office=found, from_on__lte=today).exclude(until_on__lte=today)
    values = {
        "office": found,
        "is_open": found.is_open(today),
        "past": past,
        "below": queries.below(found, on=today),
        "seats": seats.select_related("person").order_by("role", "person__name"),
        "week": queries.week_of_office(found, past, on=today),
        "may_audit": AUDIT.allows(standing_of(person)),
        "keeps_office": keeps_office(person, found),
        "keeps_network": keeps_network(person),
    }
    return render(request, "network/offices/office.html", values)


@require_http_methods(["GET", "POST"])
def office_new(request: HttpRequest) -> HttpResponse:
    """Make an office."""
    person, today = person_of(request), timezone.localdate()
    if not keeps_network(person):
        raise NotOfficeKeeper(office="")
    there = standing(visible_offices(person), on=today).order_by(RANK, "code")
    choices = {"above": there.exclude(kind=OfficeKind.POINT), "areas": there.filter(kind=OfficeKind.AREA)}
    hub = there.filter(kind=OfficeKind.HUB).first()
    form = NewOfficeForm(request.POST or None, initial={"parent": hub, "kind": OfficeKind.POINT}, **choices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = create_office(
                by=person, office=form.fields_for(None), parent=data["parent"], areas=list(data["areas"]), on=today
            )
        except DomainError as error:
            form.add_domain_error(error, words_of(error))
        else:
            messages.success(request, _("%(office)s is made.") % {"office": made.shown_name})
            return redirect("office", code=made.code)
    return _form_page(request, form, title=_("New office"), back="")


@require_http_methods(["GET", "POST"])
def office_edit(request: HttpRequest, code: str) -> HttpResponse:
    """State what an office is, or what it states of itself."""
    person = person_of(request)
    found = get_object_or_404(visible_offices(person).prefetch_related("routes"), code=code)
    if not keeps_office(person, found):
        raise NotOfficeKeeper(office=code)
    known = queries.fields_of(found)
    initial = {name: getattr(known, name) for name in OfficeFields.__slots__}
    initial |= {"languages": " ".join(known.languages), "version": found.version}
    form_class = OfficeForm if keeps_network(person) else OwnOfficeForm
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edited = edit_office(by=person, office=found, fields=form.fields_for(known), version=version)
        except DomainError as error:
            form.add_domain_error(error, words_of(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("office", code=edited.code)
    return _form_page(request, form, title=_("Edit %(office)s") % {"office": found.shown_name}, back=code)


def _form_page(request: HttpRequest, form: Any, *, title: str, back: str) -> HttpResponse:
    status = 422 if form.errors else 200
    values = {"form": form, "title": title, "back": back, "button": _("Save")}
    return render(request, "network/offices/form.html", values, status=status)
