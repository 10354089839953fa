"""Pages of the duty roster: who is on duty at an office, changing it, handing over."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from nhipcau.network.access.offices import visible_offices
from nhipcau.network.access.people import people_of, roster_offices
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.people.duty import enter_shift, hand_over, remove_shift, take_over
from nhipcau.network.forms.people import ShiftForm
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import DutyShift, HandOver, Person
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

SHOWN_BEFORE = timedelta(days=2)
SHOWN_AFTER = timedelta(days=60)


@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """Show who is on duty at an office; first at the person's own."""
    by = person_of(request)
    return _show(request, by, _office(by, request.GET.get("office", "")))


@require_POST
def roster_change(request: HttpRequest) -> HttpResponse:
    """Enter a shift, or take one out."""
    by = person_of(request)
    office = _office(by, request.POST.get("office", ""))
    form = ShiftForm(request.POST, people=people_of(office))
    try:
        if number := request.POST.get("remove", ""):
            shifts = DutyShift.objects.select_related("person").filter(office=office)
            remove_shift(by=by, shift=get_object_or_404(shifts, pk=int(number) if number.isdecimal() else 0))
        elif form.is_valid():
            enter_shift(by=by, office=office, **form.cleaned_data)
        else:
            return _show(request, by, office, form=form, status=422)
    except DomainError as error:
        return _show(request, by, office, form=form, error=words_of(error), status=error.status)
    return redirect(f"{reverse('roster')}?office={office.code}")


@require_POST
def hand_over_view(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Hand a shift over with a note, or take it over."""
    by = person_of(request)
    shifts = DutyShift.objects.select_related("office", "person").filter(office__in=visible_offices(by))
    shift = get_object_or_404(shifts, pk=shift_id)
    try:
        if "note" in request.POST:
            hand_over(by=by, shift=shift, note=request.POST["note"])
        else:
            given = HandOver.objects.select_related("shift__office", "given_by")
            take_over(by=by, given=get_object_or_404(given, shift=shift))
    except DomainError as error:
        return _show(request, by, shift.office, error=words_of(error), status=error.status)
    return redirect(f"{reverse('roster')}?office={shift.office.code}")


def _office(by: Person, code: str) -> Office:
    offices = visible_offices(by)
    if code:
        return get_object_or_404(offices, code=code)
    seats = sorted(standing_of(by).seats, key=lambda seat: (seat.office_kind != "hub", seat.office_id))
    return get_object_or_404(offices, pk=seats[0].office_id if seats else 0)


def _show(
    request: HttpRequest,
    by: Person,
    office: Office,
    *,
    form: ShiftForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    shifts = DutyShift.objects.filter(office=office, ends_at__gt=now - SHOWN_BEFORE, starts_at__lt=now + SHOWN_AFTER)
    keeps = roster_offices(by).filter(pk=office.pk).exists()
    form = form if form and form.errors else ShiftForm(form.data if form else None, people=people_of(office))
    values = {
        "office": office,
        "shifts": shifts.select_related("person", "hand_over__given_by", "hand_over__taken_by").order_by("starts_at"),
        "now": now,
        "keeps": keeps,
        "works_here": people_of(office).filter(pk=by.pk).exists(),
        "form": form,
        "error": error,
    }
    return render(request, "network/people/roster.html", values, status=status)
