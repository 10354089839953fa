"""Pages of files of voices: handing one in, looking at it, its columns, letting it in, dropping it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of
from nhipcau.voices.access.sources import visible_sources, visible_uploads
from nhipcau.voices.actions.source_errors import UploadRefused
from nhipcau.voices.actions.uploads import drop_upload, hand_in, say_columns, take_upload, takes_files
from nhipcau.voices.forms.uploads import ColumnsForm, FileForm
from nhipcau.voices.queries.uploads import preview_of

RUNNING = ("waiting", "running")
REFRESH_SECONDS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def upload_new(request: HttpRequest, code: str) -> HttpResponse:
    """Hand a file in for a source."""
    person = person_of(request)
    source = get_object_or_404(visible_sources(person), code=code)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = hand_in(by=person, source=source, name=file.name, size=file.size, chunks=file.chunks())
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_error("file", words_of(error))
        else:
            return redirect("upload", upload_id=made.pk)
    refused = "" if takes_files(source) else words_of(UploadRefused(problem="no-files", limit=0))
    values = {"form": form, "source": source, "refused": refused}
    return render(request, "voices/uploads/new.html", values, status=422 if form.errors else 200)


@require_safe
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show a file: what would be taken in, or how far it is; the page asks again by itself while it runs."""
    found = get_object_or_404(visible_uploads(person_of(request)), pk=upload_id)
    preview = preview_of(found) if found.state == "looked-at" else None
    values: dict[str, object] = {"upload": found, "preview": preview, "is_running": found.state in RUNNING}
    if preview is not None:
        values["form"] = ColumnsForm(columns=preview.columns, mapping=preview.mapping)
    answer = render(request, "voices/uploads/upload.html", values)
    if found.state in RUNNING:
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


@require_POST
def upload_columns(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Say which column is what, and look again."""
    person = person_of(request)
    found = get_object_or_404(visible_uploads(person), pk=upload_id)
    preview = preview_of(found)
    form = ColumnsForm(request.POST, columns=preview.columns, mapping=preview.mapping)
    if form.is_valid():
        say_columns(by=person, upload=found, mapping=form.mapping())
        return redirect("upload", upload_id=found.pk)
    values = {"upload": found, "preview": preview, "form": form, "is_running": False}
    return render(request, "voices/uploads/upload.html", values, status=422)


@require_POST
def upload_take(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Let a file in."""
    person = person_of(request)
    found = get_object_or_404(visible_uploads(person), pk=upload_id)
    take_upload(by=person, upload=found)
    return redirect("upload", upload_id=found.pk)


@require_POST
def upload_drop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Drop a file."""
    person = person_of(request)
    found = get_object_or_404(visible_uploads(person), pk=upload_id)
    drop_upload(by=person, upload=found)
    messages.success(request, _("The file is dropped and removed."))
    return redirect("source", code=found.source.code)
