"""Pages of the audit log: looking through it, proving it, taking it out."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from nhipcau.network.actions.audit_export import export_audit
from nhipcau.network.auditwords import record_words
from nhipcau.network.forms.audit import AuditFilter
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.queries.audit import Asked, audit_page, audit_rows
from nhipcau.network.queries.audit_proof import prove
from nhipcau.network.views.person import person_of

RECENT = 10_000
COLUMNS = ("seq", "at", "by", "office", "action", "words", "kind", "number", "values", "hash")


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Look through the log."""
    form = AuditFilter(request.GET)
    status = 200 if form.is_valid() else 422
    values = {"form": form, "page": audit_page(form.asked), "recent": RECENT}
    return render(request, "network/audit/list.html", values, status=status)


@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Prove the chain: the latest records, or all."""
    proof = prove(last=None if request.POST.get("span") == "all" else RECENT)
    return render(request, "network/audit/proof.html", {"proof": proof})


@require_POST
def audit_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Take out what the filters leave, as CSV, row by row."""
    form = AuditFilter(request.POST)
    if not form.is_valid():
        values = {"form": form, "page": audit_page(form.asked), "recent": RECENT}
        return render(request, "network/audit/list.html", values, status=422)
    export_audit(by=person_of(request), asked=form.asked)
    response = StreamingHttpResponse(_lines(form.asked), content_type="text/csv; charset=utf-8")
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """What the writer of CSV writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(asked: Asked) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for record in audit_rows(asked):
        yield str(writer.writerow([_safe(cell) for cell in _cells(record)]))


def _cells(record: AuditRecord) -> tuple[str, ...]:
    return (
        str(record.seq),
        timezone.localtime(record.at).isoformat(),
        record.by.email if record.by else "",
        record.office.code if record.office else "",
        record.action,
        record_words(record.action, record.values),
        record.kind,
        record.number,
        record.values_json,
        record.hash,
    )


def _safe(cell: str) -> str:
    """No spreadsheet takes a cell for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
