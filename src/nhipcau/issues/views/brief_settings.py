"""Who gets the briefs, and at which hours they are drafted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.issues.access.briefs import may_work_on_briefs
from nhipcau.issues.actions.briefs.readers import add_reader, switch_reader
from nhipcau.issues.actions.briefs.schedules import add_schedule, remove_schedule, switch_schedule
from nhipcau.issues.forms.briefs import DAYS, ReaderForm, ScheduleForm
from nhipcau.issues.models import BriefReader, BriefSchedule
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


@require_safe
def brief_readers(request: HttpRequest) -> HttpResponse:
    """Show who gets the briefs."""
    return _readers(request, None)


def _readers(request: HttpRequest, form: ReaderForm | None) -> HttpResponse:
    may_work = may_work_on_briefs(person_of(request))
    readers = BriefReader.objects.select_related("person").order_by("-is_active", "pk")
    shown = form or (ReaderForm(label_suffix="") if may_work else None)
    values = {"readers": readers, "form": shown, "may_work": may_work}
    return render(request, "issues/briefs/readers.html", values, status=422 if form else 200)


@require_POST
def brief_reader_new(request: HttpRequest) -> HttpResponse:
    """Add a reader."""
    form = ReaderForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            add_reader(by=person_of(request), **form.cleaned_data)
            messages.success(request, _("The reader was added."))
            return redirect("brief_readers")
        except DomainError as error:
            form.add_error(None, words_of(error))
    return _readers(request, form)


@require_POST
def brief_reader_switch(request: HttpRequest, reader_id: int) -> HttpResponse:
    """Stop a reader's briefs, or let them go out again."""
    reader = get_object_or_404(BriefReader.objects.select_related("person"), pk=reader_id)
    switch_reader(by=person_of(request), reader=reader, is_active=request.POST.get("do") == "resume")
    return redirect("brief_readers")


@require_safe
def brief_schedules(request: HttpRequest) -> HttpResponse:
    """Show at which hours briefs are drafted."""
    return _schedules(request, None)


def _schedules(request: HttpRequest, form: ScheduleForm | None) -> HttpResponse:
    may_work = may_work_on_briefs(person_of(request))
    names = dict(DAYS)
    rows = [(one, [names[day] for day in one.days]) for one in BriefSchedule.objects.order_by("at")]
    shown = form or (ScheduleForm(label_suffix="") if may_work else None)
    values = {"rows": rows, "form": shown, "may_work": may_work}
    return render(request, "issues/briefs/schedules.html", values, status=422 if form else 200)


@require_POST
def brief_schedule_new(request: HttpRequest) -> HttpResponse:
    """Set an hour."""
    form = ScheduleForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            add_schedule(by=person_of(request), **form.cleaned_data)
            messages.success(request, _("The hour was set."))
            return redirect("brief_schedules")
        except DomainError as error:
            form.add_error(None, words_of(error))
    return _schedules(request, form)


@require_POST
def brief_schedule_do(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Switch an hour off or on, or remove it."""
    person, schedule = person_of(request), get_object_or_404(BriefSchedule, pk=schedule_id)
    if request.POST.get("do") == "remove":
        remove_schedule(by=person, schedule=schedule)
    else:
        switch_schedule(by=person, schedule=schedule, is_enabled=request.POST.get("do") == "on")
    return redirect("brief_schedules")
