"""Pages of webhooks, for the administrators of the hub: the list, a new one, one with its messages, stopping it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.network.actions.webhooks import make_webhook, stop_webhook
from nhipcau.network.forms.webhooks import WebhookForm
from nhipcau.network.models.webhooks import Webhook
from nhipcau.network.views.person import person_of
from nhipcau.network.webhookevents import EVENTS
from nhipcau.site.errors import DomainError, words_of

SHOWN = 100


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Show all, those in use first."""
    found = Webhook.objects.order_by("stopped_at", "name", "pk")[:SHOWN]
    return render(request, "network/webhooks/list.html", {"webhooks": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Make one, and show its secret this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_webhook(by=person_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            return render(request, "network/webhooks/made.html", {"webhook": made}, status=201)
    return render(request, "network/webhooks/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Show one with its newest messages."""
    found = get_object_or_404(Webhook.objects.select_related("made_by"), pk=webhook_id)
    values = {
        "webhook": found,
        "events": [EVENTS.get(event, event) for event in found.events],
        "deliveries": found.deliveries.order_by("-pk")[:SHOWN],
    }
    return render(request, "network/webhooks/webhook.html", values)


@require_POST
def webhook_stop(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Stop one."""
    stop_webhook(by=person_of(request), webhook=get_object_or_404(Webhook, pk=webhook_id))
    messages.success(request, _("The webhook was stopped."))
    return redirect("webhook_list")
