"""Pages of saved groups and of the days that an administrator states."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.network.access.offices import keeps_groups, keeps_network, visible_groups, visible_offices
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.office_errors import NotOfficeKeeper
from nhipcau.network.actions.office_groups import delete_group, save_group
from nhipcau.network.actions.special_days import add_special_day, remove_special_day
from nhipcau.network.forms.offices import GroupForm, SpecialDayForm
from nhipcau.network.models.offices import Office, OfficeGroup, SpecialDay
from nhipcau.network.models.people import Person
from nhipcau.network.queries.calendars import public_days_of
from nhipcau.network.queries.office_tree import RANK, standing
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


def group_list(request: HttpRequest) -> HttpResponse:
    """The saved groups that a person sees."""
    person = person_of(request)
    groups = visible_groups(person).select_related("owner").prefetch_related("members")
    values = {"groups": groups, "may_save": bool(_owners(person))}
    return render(request, "network/offices/groups.html", values)


@require_http_methods(["GET", "POST"])
def group_new(request: HttpRequest) -> HttpResponse:
    """Save a choice of offices."""
    return _group_page(request, None)


@require_http_methods(["GET", "POST"])
def group_edit(request: HttpRequest, group_id: int) -> HttpResponse:
    """Change a saved choice."""
    group = get_object_or_404(visible_groups(person_of(request)).select_related("owner"), pk=group_id)
    return _group_page(request, group)


@require_POST
def group_delete(request: HttpRequest, group_id: int) -> HttpResponse:
    """Forget a saved choice."""
    person = person_of(request)
    delete_group(by=person, group=get_object_or_404(visible_groups(person).select_related("owner"), pk=group_id))
    messages.success(request, _("The group is deleted."))
    return redirect("office_groups")


@require_http_methods(["GET", "POST"])
def special_days(request: HttpRequest) -> HttpResponse:
    """The days off by law and those that are stated here; an administrator adds to them."""
    person, year = person_of(request), timezone.localdate().year
    form = SpecialDayForm(request.POST or None)
    if request.method == "POST":
        if not keeps_network(person):
            raise NotOfficeKeeper(office="")
        if form.is_valid():
            try:
                add_special_day(by=person, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, words_of(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("special_days")
    values = {
        "form": form,
        "days": SpecialDay.objects.order_by("on_date"),
        "public_days": public_days_of(year) + public_days_of(year + 1),
        "keeps_network": keeps_network(person),
    }
    return render(request, "network/offices/days.html", values, status=422 if form.errors else 200)


@require_POST
def special_day_remove(request: HttpRequest, day_id: int) -> HttpResponse:
    """Take a stated day back."""
    remove_special_day(by=person_of(request), day=get_object_or_404(SpecialDay, pk=day_id))
    messages.success(request, _("The day is taken out."))
    return redirect("special_days")


def _owners(person: Person) -> list[int]:
    offices = Office.objects.in_bulk({seat.office_id for seat in standing_of(person).seats})
    return [number for number, office in offices.items() if keeps_groups(person, office)]


def _group_page(request: HttpRequest, group: OfficeGroup | None) -> HttpResponse:
    person = person_of(request)
    owners = Office.objects.filter(pk__in=_owners(person))
    if not owners or (group is not None and not keeps_groups(person, group.owner)):
        raise NotOfficeKeeper(office=group.owner.code if group else "")
    initial = {"name": group.name, "members": list(group.members.all())} if group else {"owner": owners[0]}
    there = standing(visible_offices(person), on=timezone.localdate()).order_by(RANK, "code")
    form = GroupForm(request.POST or None, owners=owners, offices=there, group=group, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        owner = group.owner if group else data["owner"]
        try:
            save_group(by=person, owner=owner, name=data["name"], members=list(data["members"]), group=group)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("office_groups")
    values = {
        "form": form,
        "title": group.name if group else _("New group"),
        "button": _("Save"),
        "back_to": "office_groups",
        "group": group,
    }
    return render(request, "network/offices/form.html", values, status=422 if form.errors else 200)
