"""Pages of notifiers: the list, a new one, stopping one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.issues.actions.alerts.notifiers import make_notifier, stop_notifier
from nhipcau.issues.forms.alerts import NotifierForm
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.network.access.offices import keeps_network
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


@require_safe
def notifier_list(request: HttpRequest) -> HttpResponse:
    """Show all, those in use first."""
    found = Notifier.objects.order_by("-stopped_at", "name", "pk")
    ordered = sorted(found, key=lambda one: one.stopped_at is not None)
    values = {"notifiers": ordered, "keeps": keeps_network(person_of(request))}
    return render(request, "issues/alerts/notifiers.html", values)


@never_cache
@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def notifier_new(request: HttpRequest) -> HttpResponse:
    """Add one."""
    form = NotifierForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            make_notifier(by=person_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, gettext("The notifier is added. Name it in a rule and send a test."))
            return redirect("notifier_list")
    return render(request, "issues/alerts/notifier_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def notifier_stop(request: HttpRequest, notifier_id: int) -> HttpResponse:
    """Stop one and destroy its address."""
    stop_notifier(by=person_of(request), notifier=get_object_or_404(Notifier, pk=notifier_id))
    messages.success(request, gettext("The notifier is stopped, and its address destroyed."))
    return redirect("notifier_list")
