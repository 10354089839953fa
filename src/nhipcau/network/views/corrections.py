"""Correcting a directive that was sent, and sending an e-mail about it again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.network.access.tasks import recipient_for, standing_of, visible_tasks
from nhipcau.network.actions.mail import send_task_mail_again
from nhipcau.network.actions.tasks.correcting import SAID, correct_task, may_correct
from nhipcau.network.actions.tasks.errors import NotYours
from nhipcau.network.forms import mail_words  # noqa: F401  # registers the words of errors
from nhipcau.network.forms.tasks import CorrectionForm
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.taskstates import SETTLED
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of


@require_http_methods(["GET", "HEAD", "POST"])
def task_correct(request: HttpRequest, task_id: int) -> HttpResponse:
    """Write what a directive says from now on, and what changed; its units are told."""
    person = person_of(request)
    task = get_object_or_404(visible_tasks(person).select_related("issuing_office"), pk=task_id)
    if not may_correct(standing_of(person), task):
        raise NotYours(move="correct")
    initial = {name: getattr(task, name) for name in SAID} | {"version": task.version}
    form = CorrectionForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            given = form.correction(before=task)
            correct_task(by=person, task=task, correction=given, version=form.cleaned_data["version"])
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, gettext("The directive is corrected, and its units are told what changed."))
            return redirect("task", task.pk)
    values = {"task": task, "form": form, "count": task.recipients.exclude(state__in=SETTLED).count()}
    return render(request, "network/tasks/correct.html", values, status=422 if form.errors else 200)


@require_POST
def received_mail_again(request: HttpRequest, recipient_id: int, mail_id: int) -> HttpResponse:
    """Send an e-mail about a directive at a unit once more."""
    person = person_of(request)
    recipient = recipient_for(person, recipient_id)
    if recipient is None:
        raise Http404
    found = get_object_or_404(TaskMail.objects.select_related("recipient__task", "recipient__office"), pk=mail_id)
    if found.recipient_id != recipient.pk:
        raise Http404
    send_task_mail_again(by=person, task_mail=found)
    messages.success(request, gettext("The e-mail is on its way again."))
    return redirect("received", recipient.pk)
