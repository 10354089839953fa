"""The page on which all of a source is deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of
from nhipcau.voices.access.sources import visible_sources
from nhipcau.voices.actions.forgetting import order_forgetting
from nhipcau.voices.forms.sources import ForgettingForm
from nhipcau.voices.queries.forgetting import last_order, what_would_go


@require_http_methods(["GET", "HEAD", "POST"])
def source_forget(request: HttpRequest, code: str) -> HttpResponse:
    """Say what would be deleted; delete it when the name is written once more."""
    person = person_of(request)
    found = get_object_or_404(visible_sources(person), code=code)
    form = ForgettingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            order_forgetting(by=person, source=found, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            if error.status == 403:
                raise
            field = error.values.get("field", "")
            form.add_error(field if field in form.fields else None, words_of(error))
        else:
            messages.success(request, _("The source is stopped, and all of it is being deleted."))
            return redirect("source", code=found.code)
    values = {"source": found, "form": form, "going": what_would_go(found), "order": last_order(found)}
    return render(request, "voices/sources/forget.html", values, status=422 if form.errors else 200)
