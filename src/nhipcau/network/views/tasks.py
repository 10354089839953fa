"""Pages of directives for those who send and oversee them: list, task page, compose and confirm.

The board is in `board.py`, a unit's own pages in `received.py`, links and files in `task_doors.py`.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from nhipcau.network.access.origins import address_of_origin
from nhipcau.network.access.tasks import directed_offices, standing_of, visible_recipients, visible_tasks
from nhipcau.network.actions.tasks.correcting import may_correct
from nhipcau.network.actions.tasks.errors import NotYours
from nhipcau.network.actions.tasks.issuing import issue_directive, preview_directive
from nhipcau.network.forms.tasks import DirectiveForm, checked_attachments, tomorrow_evening
from nhipcau.network.models.offices import Office, OfficeGroup, OfficeKind
from nhipcau.network.queries.office_tree import standing as standing_offices
from nhipcau.network.queries.tasks import earlier_versions, tallies_of, tally_now, task_history, task_page
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

SHOWN = ("all", "open", "late", "returned", "submitted")


@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """Directives that the person may see, the newest first."""
    person = person_of(request)
    show = request.GET.get("show", "all")
    number = request.GET.get("page", "1")
    recipients, now = visible_recipients(person), timezone.now()
    page = task_page(
        visible_tasks(person),
        recipients,
        now=now,
        show=show if show in SHOWN else "all",
        words=request.GET.get("q", "").strip()[:100],
        number=min(max(int(number), 1), 10_000) if number.isdecimal() else 1,
    )
    values = {
        "page": page,
        "tally": tally_now(recipients, now=now),
        "show": show,
        "q": request.GET.get("q", ""),
        "may_issue": bool(standing_of(person).directs_at),
    }
    return render(request, "network/tasks/list.html", values)


@require_GET
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """What a directive asks, how it stands, and what happened."""
    person = person_of(request)
    tasks = visible_tasks(person).select_related("issuing_office", "issued_by")
    found = get_object_or_404(tasks, pk=task_id)
    recipients = visible_recipients(person)
    values = {
        "task": found,
        "tally": tallies_of([found], recipients, now=timezone.now())[found.pk],
        "history": task_history(found, recipients),
        "attachments": found.attachments.select_related("file"),
        "earlier": earlier_versions(found),
        "may_correct": may_correct(standing_of(person), found),
        "origin_address": address_of_origin(person, kind=found.origin_kind, ref=found.origin_ref),
    }
    return render(request, "network/tasks/task.html", values)


@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Write a directive; look who will get it; send it. The three steps need no JavaScript."""
    person = person_of(request)
    if not standing_of(person).directs_at:
        raise NotYours(move="issue")
    if request.method == "GET":
        origin = {name: request.GET.get(name, "") for name in ("origin_kind", "origin_ref", "title", "text")}
        known = {name: value for name, value in origin.items() if value}
        initial = {"key": secrets.token_urlsafe(16), "origin_kind": "free", "due_at": tomorrow_evening()} | known
        return _form(request, DirectiveForm(initial=initial, label_suffix=""))
    form = _offered(request, DirectiveForm(request.POST, label_suffix=""))
    if not form.is_valid() or request.POST.get("step") == "change":
        return _form(request, form, status=200 if form.is_valid() else 422)
    attachments, refused = checked_attachments(request.FILES.getlist("attachments"))
    try:
        if request.POST.get("step") == "send" and not refused:
            made = issue_directive(
                by=person, directive=form.directive(attachments), audience=form.audience(), key=form.cleaned_data["key"]
            )
            return redirect("task_board", made.pk)
        units = preview_directive(by=person, audience=form.audience())
    except DomainError as error:
        form.add_error(None, words_of(error))
        return _form(request, form, status=422)
    values = {
        "form": form,
        "units": units,
        "silent": [unit for unit in units if not unit.addresses],
        "refused": refused,
    }
    return render(request, "network/tasks/confirm.html", values, status=422 if refused else 200)


def _form(request: HttpRequest, form: DirectiveForm, *, status: int = 200) -> HttpResponse:
    return render(request, "network/tasks/new.html", {"form": _offered(request, form)}, status=status)


def _offered(request: HttpRequest, form: DirectiveForm) -> DirectiveForm:
    standing = standing_of(person_of(request))
    offices = standing_offices(Office.objects.filter(directed_offices(standing)), on=timezone.localdate())
    areas = Office.objects.filter(pk__in=standing.directs_at) | offices
    return form.offer(
        offices=offices.order_by("kind", "name"),
        areas=areas.filter(kind=OfficeKind.AREA).order_by("name"),
        groups=OfficeGroup.objects.filter(owner__in=standing.directs_at),
    )
