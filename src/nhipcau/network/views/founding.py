"""The first page: five questions, asked while there is no office, of whoever has the key that the start printed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nhipcau.network.access.founding import is_unfounded, may_found
from nhipcau.network.actions.founding import found_centre
from nhipcau.network.forms.founding import FoundingForm
from nhipcau.site.errors import DomainError, words_of


@never_cache
@sensitive_post_parameters("administrator_password")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask, and found the centre from the answers."""
    if not is_unfounded():
        return redirect("/")
    key = request.POST.get("key", "") or request.GET.get("key", "")
    if not may_found(key):
        return render(request, "network/offices/start_key.html", {"tried": bool(key)}, status=403)
    form = FoundingForm(request.POST or None, initial={"key": key})
    if request.method == "POST" and form.is_valid():
        try:
            hub = found_centre(answers=form.answers)
        except DomainError as error:
            form.add_domain_error(error, words_of(error))
        else:
            messages.success(request, _("%(centre)s is founded. Log in as its administrator.") % {"centre": hub.name})
            return redirect("/")
    return render(request, "network/offices/start.html", {"form": form}, status=422 if form.errors else 200)
