"""Single steps with briefs: drafting, renewing, discarding, sending, correcting. The pages are in `briefs.py`."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.issues.access.briefs import visible_briefs
from nhipcau.issues.actions.briefs.correcting import correct_brief
from nhipcau.issues.actions.briefs.drafting import draft_on_demand
from nhipcau.issues.actions.briefs.editing import discard_brief, renew_follow_up
from nhipcau.issues.actions.briefs.errors import BriefHasMoved
from nhipcau.issues.actions.briefs.sending import send_brief, send_delivery_again
from nhipcau.issues.forms.briefs import BriefNewForm, ReasonForm
from nhipcau.issues.models import BriefDelivery
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


def fresh_key() -> str:
    """Give a key for a new form: sent twice, it makes one draft."""
    return secrets.token_urlsafe(16)


@require_POST
def brief_new(request: HttpRequest) -> HttpResponse:
    """Draft a brief now, or of a past moment."""
    person = person_of(request)
    form = BriefNewForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            made = draft_on_demand(by=person, **form.cleaned_data)
            return redirect("brief_edit" if made.is_open else "brief", made.pk)
        except DomainError as error:
            form.add_error(None, words_of(error))
    return render(request, "issues/briefs/new.html", {"form": form}, status=422)


@require_POST
def brief_renew(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Bring what was done about the brief before up to now."""
    person = person_of(request)
    found = get_object_or_404(visible_briefs(person), pk=brief_id)
    renew_follow_up(by=person, brief=found)
    messages.success(request, _("What was done was brought up to date."))
    return redirect("brief", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def brief_discard(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Discard a draft, with a reason."""
    person = person_of(request)
    found = get_object_or_404(visible_briefs(person), pk=brief_id)
    if not found.is_open:
        raise BriefHasMoved(state=found.state)
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_bound and form.is_valid():
        discard_brief(by=person, brief=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("The draft was discarded."))
        return redirect("brief_list")
    values = {"brief": found, "form": form, "title": _("Discard this draft?"), "button": _("Discard"), "is_grave": True}
    return render(request, "issues/briefs/reason.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def brief_correct(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Begin a correction of a signed brief, with what is wrong."""
    person = person_of(request)
    found = get_object_or_404(visible_briefs(person), pk=brief_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    form.fields["reason"].label = _("What is wrong, and what is put right")
    if form.is_bound and form.is_valid():
        made = correct_brief(by=person, brief=found, reason=form.cleaned_data["reason"])
        return redirect("brief_edit", made.pk)
    title = _("Correct brief %(number)s?") % {"number": found.number}
    values = {"brief": found, "form": form, "title": title, "button": _("Begin the correction"), "is_grave": False}
    return render(request, "issues/briefs/reason.html", values, status=422 if form.errors else 200)


@require_POST
def brief_send(request: HttpRequest, brief_id: int) -> HttpResponse:
    """Send a signed brief to its readers."""
    person = person_of(request)
    found = get_object_or_404(visible_briefs(person).select_related("signed_by", "sent_by"), pk=brief_id)
    send_brief(by=person, brief=found)
    count = found.deliveries.count()
    said = ngettext("The brief goes to %(count)s reader.", "The brief goes to %(count)s readers.", count)
    messages.success(request, said % {"count": count})
    return redirect("brief", found.pk)


@require_POST
def brief_send_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send to one reader once more."""
    person = person_of(request)
    deliveries = BriefDelivery.objects.filter(brief__in=visible_briefs(person)).select_related("brief")
    found = get_object_or_404(deliveries, pk=delivery_id)
    send_delivery_again(by=person, delivery=found)
    return redirect("brief", found.brief_id)
