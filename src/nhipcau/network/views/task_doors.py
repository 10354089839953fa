"""Two doors of directives: the one-time link of an e-mail, which needs no log-in, and files, which do."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from nhipcau.network.access.tasks import visible_files
from nhipcau.network.actions.tasks.acknowledging import acknowledge_by_link, link_for
from nhipcau.network.actions.tasks.errors import LinkRefused, TaskCorrected, TaskInvalid
from nhipcau.network.actions.tasks.files import folder
from nhipcau.network.queries.tasks import earlier_versions, is_outdated, taken_note
from nhipcau.network.taskfiles import path_of
from nhipcau.network.taskstates import UNACKNOWLEDGED
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import words_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task_link(request: HttpRequest, token: str) -> HttpResponse:
    """Look (a scanner's look changes nothing), then acknowledge with a button. Twice is as good as once."""
    error = ""
    try:
        link = link_for(token)
        if request.method == "POST":
            try:
                given = request.POST.get("version", "")
                version = int(given) if given.isdecimal() and len(given) < 6 else None
                acknowledge_by_link(token=token, name=request.POST.get("name", ""), version=version)
            except (TaskInvalid, TaskCorrected) as invalid:
                error = words_of(invalid)
            link.recipient.refresh_from_db(fields=["state"])
    except LinkRefused as refusal:
        response = render(
            request, "network/tasks/link_refused.html", {"problem": refusal.values["problem"]}, status=410
        )
    else:
        taken = taken_note(link.recipient, in_round=link.round)
        passed = link.round != link.recipient.round or link.recipient.state not in UNACKNOWLEDGED
        values: dict[str, object] = {
            "link": link,
            "recipient": link.recipient,
            "task": link.recipient.task,
            "taken": taken,
        }
        outdated = taken is not None and link.round == link.recipient.round and is_outdated(taken, link.recipient)
        values |= {"taken": taken, "passed": passed and taken is None, "error": error}
        values |= {"outdated": outdated, "earlier": earlier_versions(link.recipient.task) if outdated else []}
        response = render(request, "network/tasks/link.html", values, status=422 if error else 200)
    # tells no other site; with no-referrer a browser sends its own form with the origin "null", which is refused
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_GET
def task_file(request: HttpRequest, name: str) -> FileResponse:
    """A file, to those who see the directive or the unit that it belongs to."""
    row = get_object_or_404(visible_files(person_of(request)).distinct(), name=name)
    path = path_of(row.name, folder=folder())
    if not path.is_file():
        raise Http404
    is_photo = row.content_type == "image/jpeg"
    response = FileResponse(
        path.open("rb"), as_attachment=not is_photo, filename=row.original_name, content_type=row.content_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
