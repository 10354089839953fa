"""Pages on which a file of offices is looked at and brought in, and the export of all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.network.access.offices import keeps_network, own_imports
from nhipcau.network.actions.office_errors import NotOfficeKeeper
from nhipcau.network.actions.office_import import bring_in, export_offices, look_at_file
from nhipcau.network.forms.offices import FileForm
from nhipcau.network.officefile import COLUMNS, MOST_BYTES, read_file
from nhipcau.network.queries.office_plan import plan_of
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

SHOWN_ROWS = 300


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Hand a file in."""
    person = person_of(request)
    if not keeps_network(person):
        raise NotOfficeKeeper(office="")
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            waiting, _plan = look_at_file(by=person, content=file.read(MOST_BYTES + 1), file_name=file.name)
        except DomainError as error:
            form.add_error("file", words_of(error))
        else:
            return redirect("office_import", import_id=waiting.pk)
    values = {"form": form, "columns": COLUMNS}
    return render(request, "network/offices/import_new.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def import_look(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show row by row what a file would change, and bring it in after a yes."""
    person = person_of(request)
    if not keeps_network(person):
        raise NotOfficeKeeper(office="")
    waiting = get_object_or_404(own_imports(person), pk=import_id)
    refused = ""
    if request.method == "POST":
        try:
            plan = bring_in(by=person, waiting=waiting)
        except DomainError as error:
            refused = words_of(error)
        else:
            counts = {"new": plan.count("new"), "changed": plan.count("changed")}
            messages.success(request, _("%(new)s offices made, %(changed)s changed.") % counts)
            return redirect("office_list")
    plan = plan_of(read_file(waiting.text.encode()), on=timezone.localdate())
    counted = [(outcome, plan.count(outcome)) for outcome in ("refused", "new", "changed", "same")]
    rows = sorted((row for row in plan.rows if row.outcome != "same"), key=lambda row: (not row.problems, row.line))
    values = {
        "waiting": waiting,
        "plan": plan,
        "rows": rows[:SHOWN_ROWS],
        "rows_left": max(0, len(rows) - SHOWN_ROWS),
        "counted": counted,
        "refused": refused,
    }
    return render(request, "network/offices/import_look.html", values, status=422 if refused else 200)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Give all offices as a file."""
    text = export_offices(by=person_of(request))
    name = f"offices-{timezone.localdate():%Y-%m-%d}.csv"
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
