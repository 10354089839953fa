"""The page on which points and communicators tell what they heard, and what is said after it was sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of
from nhipcau.voices.access.sources import reporting_offices
from nhipcau.voices.actions.field_reports import give_field_report
from nhipcau.voices.forms.field_reports import FieldReportForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def field_report(request: HttpRequest) -> HttpResponse:
    """Tell what was heard."""
    person = person_of(request)
    form = FieldReportForm(request.POST or None, offices=list(reporting_offices(person)))
    if request.method == "POST" and form.is_valid():
        try:
            give_field_report(by=person, report=form.report(), key=form.cleaned_data["key"])
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_domain_error(error, words_of(error))
        else:
            return redirect("field_report_sent")
    return render(request, "voices/reports/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def field_report_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "voices/reports/sent.html")
