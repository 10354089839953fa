"""E-mails that need a look, for administrators of the hub, and sending one again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.network.actions.mail import send_mail_again
from nhipcau.network.forms import mail_words  # noqa: F401  # registers the words of errors
from nhipcau.network.views.person import person_of
from nhipcau.running.mail import STUCK, unsent
from nhipcau.running.models import OutgoingMail

PAGE = 50


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Show what was refused, what may or may not have arrived, and what has waited for an hour."""
    found = unsent().defer("text", "html", "attachments").order_by("-created_at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page", "1"))
    return render(request, "network/mail/list.html", {"page": page, "stuck": STUCK})


@require_POST
def mail_again(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Send one again."""
    send_mail_again(by=person_of(request), outgoing=get_object_or_404(OutgoingMail, pk=mail_id))
    messages.success(request, _("The e-mail is on its way again."))
    return redirect("mail_list")
